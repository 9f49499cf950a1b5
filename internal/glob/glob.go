// Package glob matches paths against patterns, in which * stands for any part
// of one segment and a segment ** for any number of segments.
package glob

import (
	"path"
	"regexp"
	"strings"
)

// Valid reports whether the pattern can be read.
func Valid(pattern string) bool {
	for _, segment := range strings.Split(pattern, "/") {
		if _, err := path.Match(segment, ""); err != nil {
			return false
		}
	}
	return true
}

// Match reports whether the pattern matches the path.
func Match(pattern, requested string) bool {
	return match(pattern, requested, one)
}

// Fits reports whether the pattern matches some path of the template, such as
// /tickets/{id}/messages.
func Fits(pattern, template string) bool {
	return match(pattern, template, func(pattern, segment string) bool {
		return strings.HasPrefix(segment, "{") && pattern != "" || one(pattern, segment)
	})
}

// Possible reports whether the pattern can match a path at all: each path
// begins with a slash.
func Possible(pattern string) bool {
	first, _, more := strings.Cut(pattern, "/")
	return first == anything || more && one(first, "")
}

// Template returns the pattern that somebody meant who wrote the template of a
// path, such as /tickets/{id}/messages; "" for a pattern without braces.
func Template(pattern string) string {
	if meant := braces.ReplaceAllString(pattern, "*"); meant != pattern {
		return meant
	}
	return ""
}

var braces = regexp.MustCompile(`\{[^{}/]*\}`)

// anything is the segment of a pattern that stands for any number of segments.
const anything = "**"

// one reports whether a pattern of one segment matches a segment.
func one(pattern, segment string) bool {
	ok, err := path.Match(pattern, segment)
	return ok && err == nil
}

// match compares segment by segment. After a ** it tries again one segment
// further on; only the last ** needs retries.
func match(pattern, requested string, same func(pattern, segment string) bool) bool {
	patterns, segments := strings.Split(pattern, "/"), strings.Split(requested, "/")
	p, s, again, from := 0, 0, -1, 0
	for s < len(segments) {
		switch {
		case p < len(patterns) && patterns[p] == anything:
			again, from = p, s
			p++
		case p < len(patterns) && same(patterns[p], segments[s]):
			p, s = p+1, s+1
		case again >= 0:
			from++
			p, s = again+1, from
		default:
			return false
		}
	}
	for p < len(patterns) && patterns[p] == anything {
		p++
	}
	return p == len(patterns)
}
