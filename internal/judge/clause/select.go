package clause

import (
	"fmt"
	"path"
	"strings"

	"github.com/mockdesk/mockdesk/internal/suggest"
)

// Select returns the clauses of a catalogue, or the values that embed them,
// whose id matches one of the patterns, in the order of the catalogue. A
// pattern is a clause id in which * stands for any run of characters, ? for one
// and [..] for one of a set, as in path.Match: IO-AUTH-* or AH-*. Letter case
// does not matter. A pattern that is broken or matches nothing is an error.
func Select[C interface{ id() string }](catalogue []C, patterns []string) ([]C, error) {
	var ids []string
	for _, c := range catalogue {
		ids = append(ids, c.id())
	}
	chosen := make([]bool, len(ids))
	for _, p := range patterns {
		if err := mark(ids, chosen, p); err != nil {
			return nil, err
		}
	}
	var out []C
	for i, c := range catalogue {
		if chosen[i] {
			out = append(out, c)
		}
	}
	return out, nil
}

// mark sets chosen for the ids that match the pattern.
func mark(ids []string, chosen []bool, pattern string) error {
	upper := strings.ToUpper(strings.TrimSpace(pattern))
	found := false
	for i, id := range ids {
		ok, err := path.Match(upper, id)
		if err != nil {
			return fmt.Errorf("pattern %q is broken: a [ needs its ]; hint: IO-AUTH-0[1-3]", pattern)
		}
		if ok {
			chosen[i], found = true, true
		}
	}
	if !found {
		return fmt.Errorf("pattern %q matches no clause; hint: %s", pattern, meantID(ids, upper))
	}
	return nil
}

// meantID names the id or the pattern that the writer of an unmatched pattern
// most likely meant.
func meantID(ids []string, pattern string) string {
	for _, id := range ids {
		if number(id) == number(pattern) && strings.HasPrefix(pattern, prefix(id)+"-") {
			return fmt.Sprintf("did you mean %s?", id)
		}
	}
	for _, id := range ids {
		if strings.HasPrefix(id, pattern) {
			return fmt.Sprintf("did you mean %s*?", pattern)
		}
	}
	best, least := "", 4
	for _, id := range ids {
		candidates := []string{id}
		for at, c := range id {
			if c == '-' && at > strings.IndexByte(id, '-') {
				candidates = append(candidates, id[:at]+"-*")
			}
		}
		for _, candidate := range candidates {
			if d := suggest.Distance(pattern, candidate); d < least {
				best, least = candidate, d
			}
		}
	}
	if best == "" {
		return "ids look like IO-AUTH-01 and AH-MSG-*; mockdesk check --list prints all"
	}
	return fmt.Sprintf("did you mean %s?", best)
}

// prefix is an id without its number: IO-AUTH of IO-AUTH-01.
func prefix(id string) string { return id[:strings.LastIndexByte(id, '-')] }

// number is what follows the last - of an id, without leading zeros.
func number(id string) string {
	return strings.TrimLeft(id[strings.LastIndexByte(id, '-')+1:], "0")
}
