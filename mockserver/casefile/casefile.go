// Package casefile turns a file that says what matters to a test into a world
// that has it: tickets, messages and projects, in addition to the seeded ones
// or alone, the clock, the rate limit, how it lives, keys and faults, and the
// requests that came to it.
//
// Everything may be left out. Whatever is left out comes from the seed, and is
// the same whenever the file and the seed are the same. docs/case.md describes
// the form, and case.schema.json does so for editors.
package casefile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// Case is what one or several files say. The zero Case says nothing. A Case is
// immutable and may be used by any number of servers.
type Case struct {
	files []file
}

// file is one file that was read. Its nodes take many times the memory of its
// text.
type file struct {
	name string
	text []byte
	root *yaml.Node // nil in a Case that is brief: the text is read again
	about
}

// about is what a file says besides what it puts into the world.
type about struct {
	world    World
	settings Settings
	faults   []yaml.Node
	requests []Request
	tickets  int // new ones, not seeded
}

// Parse reads a case, YAML or JSON. Errors begin with the name, the line and
// the column. Mistakes that only a world can reveal, such as a tag that it does
// not have, are found when the case is put into one. The text must not be
// changed afterwards.
func Parse(name string, text []byte) (Case, error) {
	root, err := document.Read(text)
	if err != nil {
		return Case{}, unreadable(name, err, text)
	}
	f := file{name: name, text: text, root: deref(root)}
	b := newBuilder(name, nil)
	b.readFile(f.root)
	if err := b.err(); err != nil {
		return Case{}, err
	}
	f.about = b.about
	f.tickets = len(b.made.Tickets)
	return Case{[]file{f}}, nil
}

// MustParse is Parse for a case in the source of a test; it panics on an error.
func MustParse(text string) Case {
	c, err := Parse("case", []byte(text))
	if err != nil {
		panic("casefile: " + err.Error())
	}
	return c
}

// Load reads cases from files; later ones add to earlier ones.
func Load(names ...string) (Case, error) {
	var all Case
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return Case{}, err
		}
		c, err := Parse(name, text)
		if err != nil {
			return Case{}, err
		}
		all = all.And(c)
	}
	if len(names) > 1 { // a name may be in two files
		return all, all.read(newBuilder("", nil))
	}
	return all, nil
}

// And returns what both cases say: the tickets, projects, keys, faults and
// requests of both; and the world, clock, rate limit and life of more where it
// has them.
func (c Case) And(more Case) Case {
	return Case{append(c.files[:len(c.files):len(c.files)], more.files...)}
}

// Brief returns the same case in less memory: the text is read again if the
// case is put into another world.
func (c Case) Brief() Case {
	brief := Case{slices.Clone(c.files)}
	for i := range brief.files {
		brief.files[i].root = nil
	}
	return brief
}

// Tickets returns how many new tickets the case has.
func (c Case) Tickets() int {
	n := 0
	for _, f := range c.files {
		n += f.tickets
	}
	return n
}

// IsZero reports whether nothing was read.
func (c Case) IsZero() bool { return c.files == nil }

// UnmarshalJSON reads a case that is part of a JSON document: the case itself,
// or a string that holds one.
func (c *Case) UnmarshalJSON(text []byte) error {
	var inner string
	if json.Unmarshal(text, &inner) == nil {
		text = []byte(inner)
	}
	read, err := Parse("case", bytes.Clone(text))
	if err != nil {
		return err
	}
	*c = read
	return nil
}

// Arrange returns the world with what the case puts into it, or the world
// itself if that is nothing. Errors name what the world does not have. Times
// that are written out may be later than the instant of the world, but not
// later than what the clock shows: the instant at which the case freezes it, or
// else now, which may be zero. Progress, when set, is told how many of the new
// tickets are made.
func (c Case) Arrange(world *fixtures.Dataset, now time.Time, progress func(made int)) (*fixtures.Dataset, error) {
	if c.IsZero() {
		return world, nil
	}
	b := newBuilder("", &world.InboxOps)
	b.account, b.at, b.latest = &world.AppHandoff, world.At, world.At
	if shown := cmp.Or(c.Settings().FrozenAt, now); shown.After(b.latest) {
		b.latest, b.leeway = shown, leeway
	}
	if err := c.read(b); err != nil {
		return nil, err
	}
	b.made.Progress = progress
	return world.Arrange(b.made), nil
}

// Faults returns the rules of the case, which hold in the scope.
func (c Case) Faults(scope fault.Scope) ([]fault.Rule, error) {
	var all []fault.Rule
	var wrong []error
	for _, f := range c.files {
		if len(f.faults) == 0 {
			continue
		}
		rules, err := scope.ParseList(f.faults)
		if err != nil {
			prefix := f.name + ": "
			wrong = append(wrong, rewritten{prefix + strings.ReplaceAll(err.Error(), "\n", "\n"+prefix), err})
		}
		all = append(all, rules...)
	}
	return all, errors.Join(wrong...)
}
