package desk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Event is something that happened in a workspace.
type Event = store.Event

// Filter selects events. Members that are zero select all; the others combine with
// AND.
type Filter struct {
	After   int    // only after the event with this number
	Limit   int    // the most events to return
	Service string // inboxops or apphandoff
	Event   string // such as message.added
	By      string // client, tester or life
	Ticket  string // by UUID, number or name, even of one that is gone
	Since   time.Time
	Until   time.Time
}

// Matches reports whether the filter selects an event, apart from After and Limit.
func (f *Filter) Matches(e *Event) bool {
	switch {
	case f.Service != "" && e.Service != f.Service,
		f.Event != "" && e.Kind != f.Event,
		f.By != "" && string(e.By) != f.By,
		f.Ticket != "" && !about(e, f.Ticket),
		e.At.Before(f.Since),
		!f.Until.IsZero() && e.At.After(f.Until):
		return false
	}
	return true
}

// about reports whether an event is about a ticket.
func about(e *Event, ref string) bool {
	return e.TicketID != "" && (strings.EqualFold(e.TicketID, ref) || e.Name == ref || e.TicketNumber > 0 && strconv.Itoa(e.TicketNumber) == ref)
}

// Events is that of Desk. A filter that asks for events that are not there yet,
// or for a ticket that never existed, is an error: counting with it would
// mislead.
func (r Raw) Events(f Filter) ([]Event, error) {
	s := r.w.Store
	if newest := s.Happened(); f.After > newest {
		return nil, hint.Errorf(fmt.Sprintf("after=%d, if the workspace was reset since", newest), "after %d selects nothing: the newest event is %d", f.After, newest)
	}
	selected := []Event{}
	for _, e := range s.Events(f.After) {
		if f.Limit > 0 && len(selected) == f.Limit {
			break
		}
		if f.Matches(&e) {
			selected = append(selected, e)
		}
	}
	if len(selected) == 0 && f.Ticket != "" && !r.known(f.Ticket) {
		return nil, noTicket(f.Ticket)
	}
	return selected, nil
}

// known reports whether a ticket of either service exists, or existed.
func (r Raw) known(ref string) bool {
	known := slices.ContainsFunc(r.w.Store.Events(0), func(e Event) bool { return about(&e, ref) })
	_ = r.w.Store.Look(func(tx *store.Tx) error {
		_, found := tx.Find(ref)
		known = known || found || slices.ContainsFunc(tx.Projects(), func(p fixtures.Project) bool { return store.FindHandoff(&p, ref) >= 0 })
		return nil
	})
	return known
}
