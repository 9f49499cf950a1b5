package openapi

import (
	"strings"
)

// closest returns the candidate the writer most likely meant, or "".
func closest(word string, candidates []string) string {
	best, least := "", 3
	for _, candidate := range candidates {
		if plain(word) == plain(candidate) {
			return candidate
		}
		if d := distance(word, candidate); d < least && d < len(candidate) {
			best, least = candidate, d
		}
	}
	return best
}

// plain drops what naming conventions differ in: case, separators, brackets.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.[] ", r) {
			return -1
		}
		return r
	}, strings.ToLower(word))
}

// distance is the Levenshtein distance in bytes, at most 3 for words whose lengths differ by more than 2.
func distance(a, b string) int {
	if len(a) > len(b)+2 || len(b) > len(a)+2 {
		return 3
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			substitute := diagonal
			if a[i-1] != b[j-1] {
				substitute++
			}
			diagonal = row[j]
			row[j] = min(substitute, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// hint says what to write for a parameter, given the violation of its value.
func (p *parameter) hint(v Violation, raw string) string {
	switch {
	case v.Rule == RuleFormat && p.format == "date-time" && strings.Contains(raw, "+") && strings.IndexFunc(raw, beyondASCII) < 0:
		return "a plain + in a query means a blank; write " + p.written(strings.ReplaceAll(raw, "+", "%2B"))
	case v.Rule == RuleEnum:
		if word := closest(v.Got, p.enum); word != "" {
			return "did you mean " + p.written(word) + "?"
		}
	}
	return "write for example " + p.written(p.example)
}

// beyondASCII says that a character can be in no instant.
func beyondASCII(r rune) bool { return r < ' ' || r > '~' }

// written is the parameter as it stands in a request.
func (p *parameter) written(value string) string {
	switch p.in {
	case "header":
		return p.name + ": " + value
	case "path":
		return value
	}
	return p.name + "=" + value
}
