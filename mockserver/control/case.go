package control

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/replay"
)

// caseBytes is how large a case may be. The case of a world of 10,000 tickets,
// all of them written out, is about 32 MB.
const caseBytes = 64 << 20

// The states of a workspace that a case can describe. They differ if testers
// have changed something since the last request.
const (
	stateNow   = "now"
	stateFound = "found" // by the requests
)

// exportCase answers with a workspace as a case, or with what a proxy has recorded.
func (a *API) exportCase(w *workspace.Workspace, r *http.Request) (any, error) {
	state := cmp.Or(r.URL.Query().Get("state"), stateNow)
	if state != stateNow && state != stateFound {
		return nil, invalid(hint.Errorf(suggest.Hint(state, []string{stateNow, stateFound}, "state="+stateFound), "state %s is not %s or %s", quoted(state), stateNow, stateFound))
	}
	var text bytes.Buffer
	write := func(out io.Writer) error { return casefile.Write(out, caseOf(w, state == stateFound)) }
	if a.config.Recorded != nil {
		write = a.config.Recorded
	}
	err := write(&text)
	return yaml(text.Bytes()), err
}

// Whose requests replayCase sends again.
const (
	ofOpened  = "opened"  // those of the case that was opened
	ofClients = "clients" // those that clients have sent
)

// replayCase replays requests: those of the case in the body, those of the case
// that was opened, or those that clients have sent.
func (a *API) replayCase(w *workspace.Workspace, r *http.Request) (any, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	requests, at, since := w.Opened()
	of := cmp.Or(r.URL.Query().Get("of"), ofClients)
	given := len(body) > 0
	opened := !given && (of == ofOpened || !r.URL.Query().Has("of") && len(requests) > 0)
	switch {
	case of != ofOpened && of != ofClients:
		return nil, invalid(hint.Errorf(suggest.Hint(of, []string{ofOpened, ofClients}, "of="+ofClients), "of %s is not %s or %s", quoted(of), ofOpened, ofClients))
	case given:
		err = isJSON(r, body)
	case !opened:
		body, err = textOf(caseOf(w, true))
	case len(requests) == 0:
		err = invalid(hint.Errorf("PUT "+Prefix+"case.yaml opens one", "no case with requests was opened"))
	default:
		s := stateOf(w, w.Store) // as testers have changed it
		if since > 0 {           // or clients
			s = stateAt(w, at)
		}
		s.Requests = requests
		body, err = textOf(s)
	}
	if err != nil {
		return nil, err
	}
	said, err := casefile.Parse("case", body)
	if err != nil {
		return nil, invalid(err)
	}
	report, err := a.config.Replay(w, said)
	if err != nil {
		return nil, invalid(err)
	}
	switch report.Opened = opened; {
	case given:
	case opened:
		report.Others = since
	default:
		report.Others = len(requests)
	}
	return report, nil
}

// textOf returns the text of a case.
func textOf(s casefile.State) ([]byte, error) {
	var text bytes.Buffer
	err := casefile.Write(&text, s)
	return text.Bytes(), err
}

// importCase puts a workspace into the state that a case describes.
func (a *API) importCase(w *workspace.Workspace, r *http.Request) (any, error) {
	body, err := readText(r, "a file as GET "+Prefix+"case.yaml writes it")
	if err != nil {
		return nil, err
	}
	said, err := casefile.Parse("case", body)
	if err == nil {
		err = a.config.Load(w, said)
	}
	if err != nil {
		return nil, invalid(err)
	}
	return describe(w), nil
}

// caseOf returns a workspace as a case: the state that its requests came to,
// and the requests. If that state is not known, the case has the present state
// and no request is replayed. The same holds if testers have changed something
// since the last request, unless found asks for the state that requests found.
func caseOf(w *workspace.Workspace, found bool) casefile.State {
	if requests, _, since := w.Opened(); len(requests) > 0 && since == 0 {
		s := stateOf(w, w.Store)
		s.Requests = requests
		return s
	}
	entries, _ := w.Journal.List(journal.Filter{Limit: casefile.MostRequests, Order: journal.Descending}) // the filter is valid
	slices.Reverse(entries)
	var s casefile.State
	var at workspace.Beginning
	var later, known bool
	if len(entries) > 0 {
		at, later, known = w.Beginning(entries[0].Seq)
	}
	if known = known && (found || !later); known {
		s = stateAt(w, at)
	} else {
		s = stateOf(w, w.Store)
	}
	for i := range entries {
		r := replay.Of(&entries[i])
		r.Left = r.Left || !known || entries[i].Seq < at.First
		for known && len(at.Changes) > 0 && entries[i].Seq >= at.Changes[0].First {
			r.Changes = append(r.Changes, at.Changes[0].Change)
			at.Changes = at.Changes[1:]
		}
		s.Requests = append(s.Requests, r)
	}
	return s
}

// stateAt returns the state that requests found.
func stateAt(w *workspace.Workspace, at workspace.Beginning) casefile.State {
	s := stateOf(w, store.Open(w.Store.World(), at.Desk))
	s.RateLimit, s.Life, s.Faults = &at.Limit, &at.Life, withoutKeys(w, at.Rules)
	for i, access := range at.Access {
		s.Keys[i].Access = access
	}
	return s
}

// stateOf returns the state of a workspace with the tickets and projects of a
// desk. A clock that was moved is frozen at what it shows: nothing that has
// happened may lie in the future of whoever loads the case.
func stateOf(w *workspace.Workspace, of *store.Store) casefile.State {
	data, limit := *of.World().Data, w.RateLimit()
	data.InboxOps = *of.Desk()
	desk := &data.InboxOps
	s := casefile.State{
		World: casefile.World{Seed: data.Seed, Tickets: desk.Seeded(), At: data.At},
		Data:  &data, Projects: of.Projects(),
	}
	if s.World.Tickets == 0 {
		empty := true
		s.World.Empty = &empty
	}
	s.RateLimit = &limit
	rate, _ := w.Life()
	s.Life = &rate
	if clock := w.Clock.State(); clock.Frozen || clock.Offset != 0 {
		s.FrozenAt = w.Clock.Now().Truncate(time.Millisecond)
	}
	for _, key := range w.Keys {
		s.Keys = append(s.Keys, casefile.KeyAccess{Service: key.Service, Kind: key.Kind, Access: key.Access()})
	}
	s.Faults = rulesOf(w)
	var changed []store.Ticket
	changed, s.Deleted = of.Changed()
	for i := range changed {
		t := &changed[i]
		state := casefile.TicketState{Ticket: t.Ticket, Fields: t.Fields, Messages: t.Messages}
		if !t.Seeded {
			state.Name = t.Name
		}
		slices.SortFunc(state.Messages, func(a, b fixtures.Message) int { // a draft may stand after messages that came later
			return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), bytes.Compare(a.ID[:], b.ID[:]))
		})
		s.Tickets = append(s.Tickets, state)
	}
	return s
}
