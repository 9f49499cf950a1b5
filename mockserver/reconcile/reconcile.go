// Package reconcile compares what a client holds of a desk with what the desk has,
// and says what the client has lost, and at which request.
//
// A client that polls for changes can lose them without any request being
// wrong: rows move between the pages of a walk, a bound is taken from the wrong
// clock, a page that was refused is passed over. The desk knows what has
// happened, and the journal knows what each answer showed of it; this package
// puts both together.
package reconcile

import (
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Held is what a client holds. Members that are nil are not compared.
type Held struct {
	// Where is the query of the list whose tickets the client wants to hold,
	// such as status=open; empty means all. Order and page do not matter.
	Where string `json:"where,omitempty"`
	// Tickets are those it holds.
	Tickets []Ticket `json:"tickets,omitempty"`
	// Messages are the ids it holds of timelines, by the UUID, number or
	// name of a ticket.
	Messages map[string][]string `json:"messages,omitempty"`
	// Threads are what it holds of AppHandoff.
	Threads []Thread `json:"threads,omitempty"`
}

// Ticket is a ticket that a client holds, by its UUID, number or name.
type Ticket struct {
	ID string `json:"id"`
	// UpdatedAt is the version; without one the ticket cannot be stale.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// Thread is what a client holds of the messages of a ticket of a project.
type Thread struct {
	ProjectID string   `json:"project_id"`
	TicketID  string   `json:"ticket_id"`
	Messages  []string `json:"messages"`
}

// Report says how what is held differs from what there is.
type Report struct {
	// Complete says that nothing is missing, stale, doubled or surplus, and that
	// something was compared.
	Complete bool `json:"complete"`
	Held     int  `json:"held"`
	Expected int  `json:"expected"`
	// Missing are things that exist but that the client does not hold; Stale
	// are those that it holds in an old version; Doubled are those that it
	// holds twice; Surplus are those that it holds but that do not exist, or do
	// not match the query.
	Missing Losses `json:"missing"`
	Stale   Losses `json:"stale"`
	Doubled Losses `json:"doubled"`
	Surplus Losses `json:"surplus"`
	// InFlight is how many requests had no answer yet.
	InFlight int `json:"in_flight"`
	// Forgotten is how many requests have left the journal and so cannot be
	// blamed.
	Forgotten uint64 `json:"forgotten"`
}

// Losses are differences of a kind. Only the first are listed.
type Losses struct {
	Count int    `json:"count"`
	First []Loss `json:"first"`
}

// mostLosses is how many losses of a kind are listed, because each takes a
// search of the journal.
const mostLosses = 50

// Loss is one difference.
type Loss struct {
	ProjectID    string    `json:"project_id,omitempty"`
	TicketID     string    `json:"ticket_id"`
	TicketNumber int       `json:"ticket_number,omitempty"`
	Name         string    `json:"name,omitempty"`
	MessageID    string    `json:"message_id,omitempty"`
	Held         time.Time `json:"held,omitzero"`    // the version that is held
	Present      time.Time `json:"present,omitzero"` // the version that there is
	// Event is the last one that changed it, if any did.
	Event *store.Event `json:"event,omitempty"`
	// Request is the one that lost it, if one is to blame.
	Request *journal.Ref `json:"request,omitempty"`
	Why     string       `json:"why"`
}

// Compare compares what a client holds of a workspace with what there is. An
// input that cannot be compared is an error.
func Compare(w *workspace.Workspace, held Held) (Report, error) {
	w.CatchUp()
	report := Report{InFlight: w.Journal.InFlight(), Forgotten: w.Journal.Forgotten()}
	for _, losses := range []*Losses{&report.Missing, &report.Stale, &report.Doubled, &report.Surplus} {
		losses.First = []Loss{}
	}
	if err := held.check(); err != nil {
		return report, err
	}
	desk := store.Open(w.Store.World(), w.Store.Snapshot())
	c := &comparison{workspace: w, events: desk.Events(0), report: &report, held: held}
	err := desk.Look(func(tx *store.Tx) error {
		c.tx = tx
		if held.Tickets != nil {
			if err := c.compareTickets(); err != nil {
				return err
			}
		}
		if err := c.compareTimelines(); err != nil {
			return err
		}
		return c.compareThreads()
	})
	report.Complete = report.Missing.Count+report.Stale.Count+report.Doubled.Count+report.Surplus.Count == 0
	return report, err
}

// comparison is one comparison under way.
type comparison struct {
	workspace *workspace.Workspace
	tx        *store.Tx
	events    []store.Event
	last      map[uint32]*store.Event // the last of each ticket; see eventOf
	held      Held
	report    *Report
}

// add counts a loss; find looks for its cause when it is to be listed.
func (l *Losses) add(loss Loss, find func(*Loss)) {
	l.Count++
	if len(l.First) >= mostLosses {
		return
	}
	find(&loss)
	l.First = append(l.First, loss)
}

// lastEvent returns the last event that a client can see and that fits.
func (c *comparison) lastEvent(fits func(*store.Event) bool) *store.Event {
	for i := len(c.events) - 1; i >= 0; i-- {
		if e := &c.events[i]; !e.Hidden && fits(e) {
			return e
		}
	}
	return nil
}

// seq returns the number of an event, 0 for none.
func seq(e *store.Event) int {
	if e == nil {
		return 0
	}
	return e.Seq
}

// wire writes an instant as the services do.
func wire(at time.Time) string { return at.UTC().Format(store.Millis) }
