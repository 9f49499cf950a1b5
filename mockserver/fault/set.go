package fault

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// ErrNoRule means that no rule has the id, ErrFull that the Set holds as many
// rules as it may.
var (
	ErrNoRule = errors.New("there is no such rule")
	ErrFull   = errors.New("the workspace holds as many rules as it may")
)

// Set holds the rules in force, in order: the first one that fires decides what
// happens to a request, and those after it do not see the request. It is safe
// for concurrent use, and its counts are exact.
type Set struct {
	seed   uint64
	most   int
	steady func(now time.Time) time.Time // see NewSet

	mu    sync.Mutex
	rules []*active
	made  int
	some  atomic.Bool // whether there are rules, to be fast without any
}

// active is a rule in force.
type active struct {
	rule    Rule
	since   time.Time // on the workspace's clock
	start   time.Time // the same in steady time
	source  *rand.PCG
	chance  *rand.Rand
	matched int
	fired   int
	missed  int       // of those fired
	held    int       // of those fired, while an earlier one was still holding
	until   time.Time // when a hold ends, in steady time
	window  int64     // the window of a limit that was announced last
	used    int       // requests in it
}

// clone returns a copy that draws the same chances from here on.
func (a *active) clone() *active {
	c, source := *a, *a.source
	c.source, c.chance = &source, rand.New(&source)
	return &c
}

// InForce is a rule with what has come of it.
type InForce struct {
	Rule
	Since   time.Time `json:"since"`
	Matched int       `json:"matched"` // requests it was about and that it saw
	Fired   int       `json:"fired"`
	// Missed counts the requests on which the rule fired but changed nothing: a
	// violation at a pointer that leads nowhere, a cut beyond the end of the
	// body.
	Missed int `json:"missed,omitempty"`
	// Spent says that the rule will not fire any more.
	Spent bool `json:"spent,omitempty"`
}

// NewSet returns an empty Set that holds at most the given number of rules; the
// seed decides their chances. Steady turns the time of the workspace's clock
// into one that is never set back; nil says that the clock itself never is.
func NewSet(seed uint64, most int, steady func(now time.Time) time.Time) *Set {
	return &Set{seed: seed, most: most, steady: steady}
}

// at returns the steady time when the workspace's clock shows now.
func (s *Set) at(now time.Time) time.Time {
	if s.steady == nil {
		return now
	}
	return s.steady(now)
}

// Add puts rules in force at the time now of the workspace's clock, after the
// existing ones, and returns them with their ids. It adds all or none; a rule
// with a bad value is an error.
func (s *Set) Add(now time.Time, rules ...Rule) ([]Rule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rules)+len(rules) > s.most {
		return nil, hint.Errorf("delete some first", "%w, which is %d", ErrFull, s.most)
	}
	used := map[string]bool{}
	for _, a := range s.rules {
		used[a.rule.ID] = true
	}
	for i, rule := range rules {
		if err := rule.check(); err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
		if rule.ID != "" && used[rule.ID] {
			return nil, fmt.Errorf("a rule with the id %q is in force already", rule.ID)
		}
		used[rule.ID] = true
	}
	added := make([]*active, 0, len(rules))
	for _, rule := range rules {
		s.made++
		for rule.ID == "" {
			if id := "fault-" + strconv.Itoa(s.made); used[id] {
				s.made++
			} else {
				rule.ID, used[id] = id, true
			}
		}
		added = append(added, s.activate(rule, now))
	}
	s.rules = append(s.rules, added...)
	s.some.Store(len(s.rules) > 0)
	installed := make([]Rule, len(added))
	for i, a := range added {
		installed[i] = a.rule
	}
	return installed, nil
}

// activate starts a rule's counts and its chance, which depends only on the
// seed and the rule's id.
func (s *Set) activate(rule Rule, now time.Time) *active {
	hash := fnv.New64a()
	hash.Write([]byte(rule.ID))
	source := rand.NewPCG(s.seed, hash.Sum64())
	return &active{rule: rule, since: now, start: s.at(now), source: source, chance: rand.New(source)}
}

// Replace replaces the rule with the id by another one, with fresh counts. A
// rule with a bad value is an error and changes nothing.
func (s *Set) Replace(now time.Time, id string, rule Rule) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.index(id)
	if i < 0 {
		return ErrNoRule
	}
	if err := rule.check(); err != nil {
		return err
	}
	rule.ID = id
	s.rules[i] = s.activate(rule, now)
	return nil
}

// Delete takes a rule out of force.
func (s *Set) Delete(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.index(id)
	if i < 0 {
		return ErrNoRule
	}
	s.rules = slices.Delete(s.rules, i, i+1)
	s.some.Store(len(s.rules) > 0)
	return nil
}

// Clear takes all rules out of force.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.made = nil, 0
	s.some.Store(false)
}

// Snapshot is the state of a Set at one moment.
type Snapshot struct {
	rules []*active
	made  int
	at    time.Time // in steady time
}

// Snapshot returns the state at the time now of the workspace's clock: the
// rules, their counts and chances.
func (s *Set) Snapshot(now time.Time) Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Snapshot{rules: cloneAll(s.rules), made: s.made, at: s.at(now)}
}

// Rules returns the rules that were in force.
func (s Snapshot) Rules() []Rule {
	rules := make([]Rule, len(s.rules))
	for i, a := range s.rules {
		rules[i] = a.rule
	}
	return rules
}

// Restore goes back to a state that Snapshot returned, of this Set or of
// another. A rule that holds goes on, from the time now, for as long as was
// left.
func (s *Set) Restore(was Snapshot, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules, s.made = cloneAll(was.rules), was.made
	for _, a := range s.rules {
		a.start = a.start.Add(s.at(now).Sub(was.at))
		if !a.until.IsZero() {
			a.until = a.until.Add(s.at(now).Sub(was.at))
		}
	}
	s.some.Store(len(s.rules) > 0)
}

func cloneAll(rules []*active) []*active {
	clones := make([]*active, len(rules))
	for i, a := range rules {
		clones[i] = a.clone()
	}
	return clones
}

// index returns the place of a rule, -1 when there is none.
func (s *Set) index(id string) int {
	return slices.IndexFunc(s.rules, func(a *active) bool { return a.rule.ID == id })
}

// spent reports whether the rule will not fire any more; a zero time is before
// any other.
func (a *active) spent(now time.Time) bool {
	when := a.rule.When
	over := when.For > 0 && !now.IsZero() && now.Sub(a.start) >= time.Duration(when.For)
	return (over || when.spent(a.matched, a.fired-a.missed-a.held)) && !now.Before(a.until)
}

// List returns the rules in force, without looking at the clock.
func (s *Set) List() []InForce { return s.ListAt(time.Time{}) }

// ListAt returns the rules in force at the time now of the workspace's clock.
func (s *Set) ListAt(now time.Time) []InForce {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]InForce, len(s.rules))
	for i, a := range s.rules {
		list[i] = InForce{Rule: a.rule, Since: a.since, Matched: a.matched, Fired: a.fired - a.missed, Missed: a.missed}
		list[i].Spent = a.spent(s.at(now))
	}
	return list
}

// Order puts the rules into the order of the ids, which must be those of all
// rules in force. Their counts continue.
func (s *Set) Order(ids []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ordered := make([]*active, 0, len(s.rules))
	used := map[string]bool{}
	for _, id := range ids {
		i := s.index(id)
		if i < 0 {
			return fmt.Errorf("rule %.80q: %w", id, ErrNoRule)
		}
		if used[id] {
			return fmt.Errorf("rule %.80q is there twice", id)
		}
		used[id] = true
		ordered = append(ordered, s.rules[i])
	}
	for _, a := range s.rules {
		if !used[a.rule.ID] {
			return hint.Errorf("name all rules in force", "rule %q has no place", a.rule.ID)
		}
	}
	s.rules = ordered
	return nil
}

// Decide returns what happens to a request at the time now of the
// workspace's clock, and counts it.
func (s *Set) Decide(r *Request, now time.Time) Effect {
	if !s.some.Load() {
		return Effect{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := now
	now = s.at(now)
	for _, a := range s.rules {
		if a.rule.Disabled || !a.rule.Match.matches(r) {
			continue
		}
		a.matched++
		holds := now.Before(a.until)
		if holds || a.rule.When.fires(a.matched, a.fired-a.missed-a.held, now.Sub(a.start), a.chance.Float64) {
			a.fired++
			if holds {
				a.held++
			}
			return (&moment{a, shown, now}).effect()
		}
	}
	return Effect{}
}

// Miss takes back that a rule fired, because its effect changed nothing: this
// does not count as one of the times that it may fire.
func (s *Set) Miss(e *Effect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.index(e.Rule); i >= 0 && &s.rules[i].rule.Then == e.Then { // and it is not another rule with the id
		s.rules[i].missed++
	}
}
