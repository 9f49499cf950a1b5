package fault

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/glob"
	"github.com/mockdesk/mockdesk/internal/header"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// check says what is wrong with a rule, whatever the operations are.
func (r *Rule) check() error {
	return errors.Join(r.checkID(), r.Match.check(), r.When.check(), r.Then.check())
}

var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$`)

// checkID refuses an id that cannot stand in a path of the control API or in a
// header.
func (r *Rule) checkID() error {
	if r.ID == "" || validID.MatchString(r.ID) {
		return nil
	}
	return hint.Errorf("third-list", "id %.80q is not 1 to 100 letters, digits, blanks, dots, underscores and dashes, the first a letter or a digit", r.ID)
}

// check says what is wrong with the wanted values.
func (m *Match) check() error {
	if !glob.Valid(m.Path) {
		return hint.Errorf("/api/v1/tickets/*/messages", "match.path %q is no pattern", m.Path)
	}
	if m.Ticket == "#" {
		return hint.Errorf(`ticket: "#1001"`, "match.ticket %q can never match: no ticket is called so", m.Ticket)
	}
	if meant := glob.Template(m.Path); meant != "" {
		return hint.Errorf(meant, "match.path %q can never match: braces stand for nothing in it", m.Path)
	}
	if kinds := auth.Kinds(m.Service); m.KeyKind != "" && !slices.Contains(kinds, m.KeyKind) {
		if meant := suggest.Word(m.KeyKind, auth.Kinds("")); meant != "" && meant != m.KeyKind {
			return hint.Errorf("did you mean "+meant+"?", "match.key_kind %q can never match", m.KeyKind)
		}
		return fmt.Errorf("match.key_kind %q can never match; the kinds are %s (inboxops) and %s (apphandoff)",
			m.KeyKind, strings.Join(auth.Kinds(auth.InboxOps), ", "), strings.Join(auth.Kinds(auth.AppHandoff), ", "))
	}
	for name, value := range m.Header {
		if !header.ValidName(name) || header.Hidden(name) {
			return fmt.Errorf("match.header %q can never match: no request has such a header", name)
		}
		if !header.Read(value) {
			return fmt.Errorf("match.header %s %q can never match: no header has such a value", name, value)
		}
	}
	if _, nameless := m.Query[""]; nameless {
		return hint.Errorf(`"query": {"page": "2"}`, "match.query has a parameter without a name")
	}
	return nil
}

// words spells the wanted values.
func (m *Match) words() string {
	var b strings.Builder
	for _, part := range []struct{ name, value string }{
		{"service", m.Service}, {"operation", m.Operation}, {"method", m.Method}, {"path", m.Path}, {"ticket", m.Ticket}, {"key_kind", m.KeyKind}, {"body", m.Body},
	} {
		if part.value != "" {
			fmt.Fprintf(&b, " %s %q", part.name, part.value)
		}
	}
	return b.String()
}

func (w *When) check() error {
	switch {
	case w.Nth < 0 || w.After < 0 || w.Every < 0 || w.Times < 0 || w.For < 0:
		return errors.New("when: nth, after, every, times and for are not negative")
	case !(w.Probability >= 0 && w.Probability <= 1): // so that NaN is refused
		return errors.New("when.probability is not from 0 to 1")
	case w.Nth > 0 && w.Nth <= w.After:
		return fmt.Errorf("when can never fire: request %d is among the first %d, which after leaves out", w.Nth, w.After)
	case w.Nth > 0 && w.Every > 0 && (w.Nth-w.After)%w.Every != 0:
		return fmt.Errorf("when can never fire: request %d is none that every %d picks", w.Nth, w.Every)
	}
	return nil
}

// count returns how many of the conditions hold.
func count(conditions ...bool) int {
	n := 0
	for _, holds := range conditions {
		if holds {
			n++
		}
	}
	return n
}
