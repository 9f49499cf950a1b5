package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
)

// The addresses of the operations; the first seeded ticket has number 1001.
const (
	ticketsPath  = "/api/v1/tickets"
	messagesPath = "/api/v1/tickets/1001/messages"
)

// unknownID is well-formed and belongs to nothing.
const unknownID = "00000000-0000-4000-8000-000000000000"

// wire is how instants are written.
const wire = "2006-01-02T15:04:05.000Z"

// stamp writes an instant for a query string.
func stamp(at time.Time) string {
	return url.QueryEscape(at.Format(time.RFC3339Nano))
}

// same fails the test unless both are equal.
func same[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// keep reports whether a filter keeps a seeded ticket.
type keep func(i int, t *fixtures.Ticket) bool

// both keeps what each of two filters keeps.
func both(a, b keep) keep {
	return func(i int, t *fixtures.Ticket) bool { return a(i, t) && b(i, t) }
}

// where returns the ids of the seeded tickets that are kept, newest first.
func (f *fake) where(k keep) []string {
	var ids []string
	for i := range f.desk().Tickets {
		if t := &f.desk().Tickets[i]; k(i, t) {
			ids = append(ids, t.ID.String())
		}
	}
	slices.Reverse(ids)
	return ids
}

// ids walks the pages of a list and returns the ids of its rows in order.
func (f *fake) ids(query string) []string {
	f.t.Helper()
	var ids []string
	for n := 1; ; n++ {
		p := f.list(fmt.Sprintf("%s&per_page=100&page=%d", query, n))
		for _, row := range p.Data {
			ids = append(ids, row.ID)
		}
		if len(p.Data) > 0 && len(ids) < p.Meta.Total {
			continue
		}
		if len(ids) != p.Meta.Total {
			f.t.Errorf("%s: %d rows on all pages, but the total is %d", query, len(ids), p.Meta.Total)
		}
		return ids
	}
}

// finds fails the test unless a query finds exactly the kept tickets, newest
// first. Some must be kept and some not, or nothing is proved.
func (f *fake) finds(query string, k keep) {
	f.t.Helper()
	want := f.where(k)
	if len(want) == 0 || len(want) == len(f.desk().Tickets) {
		f.t.Fatalf("%s proves nothing: it keeps %d tickets", query, len(want))
	}
	same(f.t, query, want, f.ids(query))
}

// findsNone fails the test unless a query finds nothing.
func (f *fake) findsNone(query string) {
	f.t.Helper()
	a := f.get(readWrite, ticketsPath+"?"+query).want(200)
	if a.Body != `{"data":[],"meta":{"page":1,"per_page":25,"total":0}}` {
		f.t.Errorf("%s is not an empty page: %s", query, a.Body)
	}
}

// names fails the test unless the answer is a 400 that names the one wrong
// part of the request and says with the given words what would be valid.
func (a *answer) names(field, valid string) {
	a.t.Helper()
	body := a.refused(400, "bad_request")
	if len(body.Errors) != 1 || body.Errors[0].Field != field || !strings.Contains(body.Errors[0].Message, valid) {
		a.t.Errorf("the 400 does not name %s alone and say %q: %s", field, valid, a.Body)
		return
	}
	same(a.t, "detail", field+": "+body.Errors[0].Message, body.Detail)
}

// wrong fails the test unless the list refuses a query because of a parameter.
func (f *fake) wrong(query, parameter, valid string) {
	f.t.Helper()
	f.get(readWrite, ticketsPath+"?"+query).names(parameter, valid)
}

// object is a JSON object as it came.
type object map[string]any

// objects reads the objects under a key of the body.
func (a *answer) objects(key string) []object {
	a.t.Helper()
	var body map[string]json.RawMessage
	a.decode(&body)
	var list []object
	if err := json.Unmarshal(body[key], &list); err != nil || list == nil {
		a.t.Fatalf("%s is no array of objects (%v): %s", key, err, a.Body)
	}
	return list
}

// keys returns the names of an object's members in order.
func (o object) keys() []string {
	var keys []string
	for key := range o {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// text returns a value as JSON has it: null for an empty one.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// instant returns a time as JSON has it: null for the zero one.
func instant(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Format(wire)
}

// known returns the index and the path id of a ticket known by name.
func (f *fake) known(name string) (index int, id string) {
	f.t.Helper()
	index, ok := f.desk().Known[name]
	if !ok {
		f.t.Fatalf("no ticket is known as %s", name)
	}
	return index, f.desk().Tickets[index].ID.String()
}

// shown is everything of the default workspace that a request could change:
// the ticket list and the timeline of the first ticket.
func (f *fake) shown() [2]string {
	f.t.Helper()
	return [2]string{
		f.get(readWrite, ticketsPath+"?sort=updated_at&per_page=100").want(200).Body,
		f.get(readWrite, messagesPath).want(200).Body,
	}
}

// unchanged fails the test when what it calls changes anything.
func (f *fake) unchanged(do func()) {
	f.t.Helper()
	before := f.shown()
	do()
	same(f.t, "state after a refused request", before, f.shown())
	if notes := f.Workspace("").Store.Notes(); notes != 0 {
		f.t.Errorf("%d notes are stored", notes)
	}
}
