package journal

import (
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// kept returns the exchanges in order.
func (j *Journal) kept() []*exchange {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.all()
}

// all returns the exchanges in order. The lock is held.
func (j *Journal) all() []*exchange {
	all := make([]*exchange, 0, j.length)
	for i := range j.length {
		x := j.ring[(j.head+i)%len(j.ring)]
		x.read = true
		all = append(all, x)
	}
	return all
}

// Rules returns the ids of the fault rules that fired on what is kept.
func (j *Journal) Rules() []string {
	var rules []string
	for _, x := range j.kept() {
		if x.Rule != "" && !slices.Contains(rules, x.Rule) {
			rules = append(rules, x.Rule)
		}
	}
	return rules
}

// Get returns an exchange by its number, if it is still kept.
func (j *Journal) Get(seq uint64) (Entry, bool) {
	j.mu.Lock()
	var x *exchange
	if j.length > 0 && seq >= j.oldest() && seq <= j.newest.Load() {
		x = j.at(seq)
	}
	j.mu.Unlock()
	if x == nil {
		return Entry{}, false
	}
	return x.entry(), true
}

// Reaches reports whether a kept exchange came at or after the instant. The
// clock cannot tell: it may have been set back.
func (j *Journal) Reaches(instant time.Time) bool {
	return slices.ContainsFunc(j.kept(), func(x *exchange) bool { return !x.At.Before(instant) })
}

// Accepts returns why the journal cannot select by a filter: it cannot be
// understood, could never select anything, or asks for violations although
// nothing is judged.
func (j *Journal) Accepts(f Filter) error {
	if err := f.check(j.config.Foreign); err != nil {
		return err
	}
	if f.AnswerViolations && j.config.AnswerVerdict == nil {
		return hint.Errorf("filter violations selects by the verdict on requests", "filter answer_violations selects nothing: answers are judged in front of another server, by mockdesk proxy")
	}
	if f.Violations && j.config.Verdict == nil {
		return hint.Errorf(give, "filter violations selects by the verdict, and this fake was given none")
	}
	return nil
}

// List returns the exchanges that a filter selects, oldest first unless it
// says otherwise. A filter that Accepts refuses is an error.
func (j *Journal) List(f Filter) ([]Entry, error) {
	if err := j.Accepts(f); err != nil {
		return nil, err
	}
	selects := f.compile()
	kept := j.kept()
	list := []Entry{}
	for i := range kept {
		x := kept[i]
		if f.Order == Descending {
			x = kept[len(kept)-1-i]
		}
		if selects.matches(x) {
			list = append(list, x.entry())
		}
		if f.Limit > 0 && len(list) == f.Limit {
			break
		}
	}
	return list, nil
}
