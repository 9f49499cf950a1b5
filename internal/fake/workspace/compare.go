package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// MostDifferences is how many differences of the desk Compare returns at most.
const MostDifferences = 1000

// Comparison is how a state of a workspace differs from an earlier one.
type Comparison struct {
	Same bool `json:"same"`
	// Settings are those of the clock, rate limit, life, keys and fault rules
	// that differ.
	Settings []Setting          `json:"settings"`
	Desk     []store.Difference `json:"desk"`
	More     bool               `json:"more,omitempty"` // there are more than Desk lists
}

// Setting is a setting that differs.
type Setting struct {
	store.Change
	Words string `json:"words"`
}

// Compare compares two snapshots by their names; an empty one is the present state.
func (w *Workspace) Compare(from, to string) (Comparison, error) {
	was, err := w.state(from)
	if err != nil {
		return Comparison{}, err
	}
	is, err := w.state(to)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Settings: []Setting{}}
	c.compare(w, &was, &is)
	c.Desk, c.More = store.Compare(w.deskOf(&was), w.deskOf(&is), MostDifferences)
	if c.Desk == nil {
		c.Desk = []store.Difference{}
	}
	c.Same = len(c.Settings) == 0 && len(c.Desk) == 0
	return c, nil
}

// state returns a snapshot by its name, or the present state for an empty name.
func (w *Workspace) state(name string) (snapshot, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if name == "" {
		return w.present(), nil
	}
	s, has := w.snapshots[name]
	if !has {
		return s, ErrNoSnapshot
	}
	return s, nil
}

// deskOf returns the desk of a snapshot.
func (w *Workspace) deskOf(s *snapshot) *store.Store {
	return store.Open(w.Store.World(), s.desk)
}

// compare compares the settings of two states.
func (c *Comparison) compare(w *Workspace, was, is *snapshot) {
	c.add("clock", clockText(was.clock), clockText(is.clock))
	c.add("rate_limit", was.limit.String(), is.limit.String())
	c.add("life", lifeText(w.deskOf(was)), lifeText(w.deskOf(is)))
	for i, key := range w.Keys {
		c.add("key "+key.Service+"/"+string(key.Kind), accessText(was.access[i]), accessText(is.access[i]))
	}
	before, after := was.faults.Rules(), is.faults.Rules()
	for i := range after {
		at := slices.IndexFunc(before, func(other fault.Rule) bool { return other.ID == after[i].ID })
		from := "nothing"
		if at >= 0 {
			from = ruleText(&before[at])
		}
		c.add("fault "+nameOf(&after[i]), from, ruleText(&after[i]))
	}
	for i := range before {
		if !slices.ContainsFunc(after, func(other fault.Rule) bool { return other.ID == before[i].ID }) {
			c.add("fault "+nameOf(&before[i]), ruleText(&before[i]), "nothing")
		}
	}
}

// add notes a setting that differs.
func (c *Comparison) add(name, was, is string) {
	if was != is {
		c.Settings = append(c.Settings, Setting{store.Change{Member: name, From: was, To: is}, name + ": " + was + " → " + is})
	}
}

// clockText says how a clock is set.
func clockText(s clock.State) string {
	switch {
	case s.Frozen:
		return "frozen at " + s.At.UTC().Format(time.RFC3339Nano)
	case s.Offset != 0:
		return fmt.Sprintf("running, %v from the machine's", s.Offset)
	}
	return "running"
}

// lifeText says how a desk lives.
func lifeText(desk *store.Store) string {
	rate, _ := life.Of(desk)
	return rate.Name()
}

// accessText says what a key may do.
func accessText(a auth.Access) string {
	var words []string
	for _, right := range auth.Rights {
		if *right.Of(&a) {
			words = append(words, right.Name)
		}
	}
	if words == nil {
		return "usable"
	}
	return strings.Join(words, ", ")
}

// nameOf is what a rule is called.
func nameOf(r *fault.Rule) string {
	if r.Name != "" {
		return r.Name
	}
	return r.ID
}

// ruleText says what a rule does, as its JSON does.
func ruleText(r *fault.Rule) string {
	rule := *r
	rule.ID, rule.Name, rule.Match.Key = "", "", ""
	text, err := json.Marshal(rule)
	if err != nil {
		return "in force"
	}
	return string(text)
}
