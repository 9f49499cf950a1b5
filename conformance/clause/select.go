package clause

import (
	"fmt"
	"path"
	"strings"

	"github.com/mockdesk/mockdesk/internal/near"
)

// Select returns the clauses whose id matches one of the patterns, in the
// order of the catalogue. A pattern is a clause id in which * stands for any
// run of characters, ? for one and [..] for one of a set, as in path.Match:
// IO-AUTH-* or AH-*. Letter case does not matter. A pattern that is broken or
// matches nothing is an error.
func Select(patterns []string) ([]Clause, error) {
	all := All()
	chosen := make([]bool, len(all))
	for _, p := range patterns {
		if err := mark(all, chosen, p); err != nil {
			return nil, err
		}
	}
	var out []Clause
	for i, c := range all {
		if chosen[i] {
			out = append(out, c)
		}
	}
	return out, nil
}

// mark sets chosen for the clauses that match the pattern.
func mark(all []Clause, chosen []bool, pattern string) error {
	upper := strings.ToUpper(strings.TrimSpace(pattern))
	found := false
	for i, c := range all {
		ok, err := path.Match(upper, c.ID)
		if err != nil {
			return fmt.Errorf("pattern %q is broken: a [ needs its ]; hint: IO-AUTH-0[1-3]", pattern)
		}
		if ok {
			chosen[i], found = true, true
		}
	}
	if !found {
		return fmt.Errorf("pattern %q matches no clause; hint: %s", pattern, suggest(all, upper))
	}
	return nil
}

// suggest names the id or the pattern that the writer of an unmatched pattern
// most likely meant.
func suggest(all []Clause, pattern string) string {
	for _, c := range all {
		if number(c.ID) == number(pattern) && strings.HasPrefix(pattern, prefix(c.ID)+"-") {
			return fmt.Sprintf("did you mean %s?", c.ID)
		}
	}
	for _, c := range all {
		if strings.HasPrefix(c.ID, pattern) {
			return fmt.Sprintf("did you mean %s*?", pattern)
		}
	}
	best, least := "", 4
	for _, c := range all {
		for _, candidate := range []string{c.ID, prefix(c.ID) + "-*"} {
			if d := near.Distance(pattern, candidate); d < least {
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
