package model

import (
	"fmt"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// Messages are the messages of a ticket as they were read without filters.
type Messages struct {
	Rows []survey.Row
	// Partial says that there may be more before the first and after the last of them.
	Partial bool
	// Text is what a message says in documented members.
	Text func(survey.Row) string
}

// Want is what an answer must show of messages.
type Want struct {
	Keep func(survey.Row) bool
	Most int // rows at most, 0 for any number
	// Cut says that rows may be missing at either end although Most allows
	// them.
	Cut bool
}

// Differ compares the rows of an answer with the messages that it must show,
// oldest first; nil means that it is right. The row that is wrong, if there is
// one, is returned, too.
func (m Messages) Differ(name string, want Want, got []survey.Row) (*Difference, survey.Row) {
	known, matches := map[string]survey.Row{}, []survey.Row{}
	for _, r := range m.Rows {
		known[ID(r)] = r
		if want.Keep(r) {
			matches = append(matches, r)
		}
	}
	shown := map[string]bool{}
	for _, r := range got {
		as, there := known[ID(r)]
		twice := shown[ID(r)] && r.ID() != ""
		shown[ID(r)] = true
		switch {
		case twice:
			return &Difference{Foreign, r.At("id") + " of " + name, "each message once", r.ID()}, r
		case !there && m.Partial && outside(m.Rows, r), r.ID() == "":
		case !there:
			return &Difference{Unlisted, r.At("id") + " of " + name, "a message that is listed without filters", r.ID()}, r
		case !want.Keep(as):
			return &Difference{Foreign, r.At("id") + " of " + name, "no message that the filters leave out", r.ID()}, r
		}
	}
	if want.Most > 0 && len(got) > want.Most {
		return &Difference{Excess, "number of messages of " + name, fmt.Sprintf("at most %d", want.Most), fmt.Sprint(len(got))}, survey.Row{}
	}
	full := want.Most > 0 && len(got) == want.Most
	for _, r := range matches {
		if !shown[ID(r)] && !full && !(want.Cut && outside(got, r)) {
			return &Difference{Lost, "messages of " + name, fmt.Sprintf("%d of them, one of which is %s", len(matches), r.ID()), fmt.Sprintf("%d without it", len(got))}, r
		}
	}
	for i, r := range got[min(1, len(got)):] {
		if instant(r, "created_at").Before(instant(got[i], "created_at")) && !instant(r, "created_at").IsZero() {
			return &Difference{Order, r.At("created_at") + " of " + name, "not before that of the message above it, " + got[i].Text("created_at"), r.Text("created_at")}, r
		}
	}
	for _, r := range got {
		if as, there := known[ID(r)]; there && m.Text(as) != m.Text(r) {
			return &Difference{Altered, r.Where + " of " + name, m.Text(as), m.Text(r)}, r
		}
	}
	return nil, survey.Row{}
}

// outside reports whether a row is not between the first and the last of the
// rows.
func outside(rows []survey.Row, r survey.Row) bool {
	if len(rows) == 0 {
		return true
	}
	compare := func(a, b survey.Row) int { return instant(a, "created_at").Compare(instant(b, "created_at")) }
	at := instant(r, "created_at")
	first, last := slices.MinFunc(rows, compare), slices.MaxFunc(rows, compare)
	return !at.After(instant(first, "created_at")) || !at.Before(instant(last, "created_at"))
}

// After returns the filter for messages created after an instant.
func After(at time.Time) func(survey.Row) bool {
	return func(r survey.Row) bool { return instant(r, "created_at").After(at) }
}
