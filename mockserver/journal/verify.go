package journal

import (
	"cmp"
	"fmt"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Expectation says how many exchanges a filter has to select: an exact number,
// or a lower bound, an upper bound or both.
type Expectation struct {
	Filter  Filter `json:"filter"`
	Exactly *int   `json:"exactly,omitempty"`
	AtLeast *int   `json:"at_least,omitempty"`
	AtMost  *int   `json:"at_most,omitempty"`
}

// Verification is what came of an Expectation.
type Verification struct {
	OK       bool   `json:"ok"`
	Expected string `json:"expected"` // such as "exactly 3"
	Actual   int    `json:"actual"`
	// Missing is how many exchanges that the filter could have selected have
	// left the journal. An upper bound then does not hold, because nobody can
	// know.
	Missing uint64 `json:"missing"`
	// InFlight is how many requests have come that have no answer yet, and so
	// are not counted.
	InFlight int `json:"in_flight"`
	// Note says why an expectation does not hold although the count is right.
	Note string `json:"note,omitempty"`
	// NearMisses are the newest exchanges that one condition alone kept from
	// being counted, when too few were.
	NearMisses []NearMiss `json:"near_misses"`
}

// NearMiss is an exchange that fulfils all conditions of a filter but one.
type NearMiss struct {
	Ref
	Condition string `json:"condition"` // the member of the filter
	Want      string `json:"want"`
	Got       string `json:"got"`
}

// maxNearMisses bounds the near misses of a Verification.
const maxNearMisses = 10

// check returns why an expectation cannot be understood, apart from its filter.
func (e Expectation) check() error {
	switch {
	case e.Exactly == nil && e.AtLeast == nil && e.AtMost == nil:
		return hint.Errorf("exactly, at_least or at_most", "the expectation has no number")
	case e.Exactly != nil && (e.AtLeast != nil || e.AtMost != nil):
		return hint.Errorf("send exactly alone", "exactly leaves no room for at_least or at_most")
	case e.AtLeast != nil && e.AtMost != nil && *e.AtLeast > *e.AtMost:
		return hint.Errorf("exchange them", "at_least %d is more than at_most %d", *e.AtLeast, *e.AtMost)
	case e.Filter.Limit != 0 || e.Filter.Order != "":
		return hint.Errorf("leave them out", "a filter that counts has no limit and no order")
	}
	for _, bound := range []*int{e.Exactly, e.AtLeast, e.AtMost} {
		if bound != nil && *bound < 0 {
			return hint.Errorf("0 or more", "no filter selects %d exchanges", *bound)
		}
	}
	return nil
}

// String says what is expected.
func (e Expectation) String() string {
	switch {
	case e.Exactly != nil:
		return fmt.Sprintf("exactly %d", *e.Exactly)
	case e.AtLeast != nil && e.AtMost != nil:
		return fmt.Sprintf("at least %d and at most %d", *e.AtLeast, *e.AtMost)
	case e.AtLeast != nil:
		return fmt.Sprintf("at least %d", *e.AtLeast)
	case e.AtMost != nil:
		return fmt.Sprintf("at most %d", *e.AtMost)
	}
	return "nothing"
}

// bounds returns the lower and the upper bound; most is -1 if there is no upper
// bound.
func (e Expectation) bounds() (least, most int) {
	most = -1
	if e.Exactly != nil {
		return *e.Exactly, *e.Exactly
	}
	if e.AtLeast != nil {
		least = *e.AtLeast
	}
	if e.AtMost != nil {
		most = *e.AtMost
	}
	return least, most
}

// Verify counts the exchanges that the filter selects.
func (j *Journal) Verify(e Expectation) (Verification, error) {
	if err := cmp.Or(j.Accepts(e.Filter), e.check()); err != nil {
		return Verification{}, err
	}
	flying := j.InFlight() // before looking at what has landed
	kept, missing := j.scope(e.Filter)
	result := Verification{Expected: e.String(), Missing: missing, InFlight: flying, NearMisses: []NearMiss{}}
	selects := e.Filter.compile()
	var near []NearMiss
	for i := range kept {
		x := kept[len(kept)-1-i] // the newest first
		if !selects.inScope(x) {
			continue
		}
		const two = 2 // two broken conditions are enough to know that it is not near
		switch broken := selects.broken(x, two); len(broken) {
		case 0:
			result.Actual++
		case 1:
			if c := broken[0]; len(near) < maxNearMisses {
				m := x.masker()
				near = append(near, NearMiss{x.ref(), c.name, m.text(c.want), m.text(c.got(x))})
			}
		}
	}
	least, most := e.bounds()
	result.OK = result.Actual >= least && (most < 0 || result.Actual <= most)
	if result.Actual < least && near != nil {
		result.NearMisses = near
	}
	if result.OK && most >= 0 && flying > 0 {
		result.Note = fmt.Sprintf("%d that are in flight are not counted (hint: \"wait\": \"2s\" waits for them)", flying)
	}
	if result.OK && most >= 0 && missing > 0 {
		result.OK = false
		result.Note = fmt.Sprintf("%d exchanges have left the journal, so an upper bound cannot be confirmed"+
			" (hint: clear the journal before the test, filter with after or since, or raise its limits)", missing)
	}
	return result, nil
}

// scope returns the kept exchanges, and how many have left that a filter could
// have selected.
func (j *Journal) scope(f Filter) ([]*exchange, uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	missing := j.missing(f.After)
	if j.droppedAt.Before(f.Since) {
		missing = 0
	}
	return j.all(), missing
}
