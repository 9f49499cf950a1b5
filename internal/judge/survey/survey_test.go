package survey_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// desk answers a survey from memory.
type desk struct {
	tickets  []map[string]any
	messages map[string][]map[string]any // by ticket id
	handoff  []map[string]any
	maxSize  int  // larger pages are refused
	noMeta   bool // lists come without meta
	onePage  bool // page is ignored
	asked    []string
}

func (d *desk) send(_ context.Context, _ target.Who, path, query string) (*target.Exchange, error) {
	d.asked = append(d.asked, path+"?"+query)
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	switch {
	case path == "/tickets":
		return d.list(q), nil
	case strings.HasPrefix(path, "/projects/"):
		return d.thread(q), nil
	default:
		address := strings.Split(path, "/")[2]
		if n, err := strconv.Atoi(address); err == nil {
			address = id(n)
		}
		rows := d.messages[address]
		if rows == nil {
			rows = []map[string]any{}
		}
		return answer(200, map[string]any{"data": rows}), nil
	}
}

func (d *desk) list(q url.Values) *target.Exchange {
	size, err := strconv.Atoi(q.Get("per_page"))
	if err != nil {
		size = 7
	} else if d.maxSize > 0 && size > d.maxSize {
		return answer(400, map[string]any{})
	}
	page, _ := strconv.Atoi(q.Get("page"))
	if d.onePage {
		page = 1
	}
	from, to := min((page-1)*size, len(d.tickets)), min(page*size, len(d.tickets))
	body := map[string]any{"data": append([]map[string]any{}, d.tickets[from:to]...)}
	if !d.noMeta {
		body["meta"] = map[string]any{"total": len(d.tickets), "page": page, "per_page": size}
	}
	return answer(200, body)
}

func (d *desk) thread(q url.Values) *target.Exchange {
	limit, _ := strconv.Atoi(q.Get("limit"))
	since, _ := time.Parse(time.RFC3339Nano, q.Get("since"))
	rows := []map[string]any{}
	for _, m := range d.handoff {
		at, _ := time.Parse(time.RFC3339Nano, m["created_at"].(string))
		if at.After(since) && len(rows) < limit {
			rows = append(rows, m)
		}
	}
	return answer(200, map[string]any{"messages": rows})
}

func answer(status int, body any) *target.Exchange {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return &target.Exchange{Status: status, ResponseBody: text}
}

func id(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i) }

// newDesk has n open tickets.
func newDesk(n int) *desk {
	d := &desk{messages: map[string][]map[string]any{}}
	for i := range n {
		d.tickets = append(d.tickets, map[string]any{"id": id(i), "ticket_number": i, "status": "open", "subject": "hello"})
	}
	return d
}

func TestTicketsAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		desk     func() *desk
		rows     int
		complete bool
		size     int
		requests int
	}{
		"no tickets":                     {func() *desk { return newDesk(0) }, 0, true, 100, 1},
		"one page":                       {func() *desk { return newDesk(60) }, 60, true, 100, 1},
		"an exact number of pages":       {func() *desk { return newDesk(200) }, 200, true, 100, 2},
		"large pages refused":            {func() *desk { d := newDesk(60); d.maxSize = 30; return d }, 60, true, 25, 5},
		"every size refused":             {func() *desk { d := newDesk(20); d.maxSize = 5; return d }, 20, true, 0, 7},
		"no meta":                        {func() *desk { d := newDesk(250); d.noMeta = true; return d }, 250, true, 100, 3},
		"a target that ignores the page": {func() *desk { d := newDesk(250); d.onePage = true; return d }, 200, false, 100, 2},
		"more pages than are read":       {func() *desk { d := newDesk(900); d.maxSize = 10; return d }, 600, false, 10, 63},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := tc.desk()
			s := survey.New(d.send, &facts.Facts{})
			tickets, err := s.Tickets(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(tickets.Rows) != tc.rows || tickets.Complete != tc.complete || tickets.PerPage != tc.size || len(d.asked) != tc.requests {
				t.Errorf("%d rows, complete %v, page size %d, %d requests; want %d, %v, %d, %d",
					len(tickets.Rows), tickets.Complete, tickets.PerPage, len(d.asked), tc.rows, tc.complete, tc.size, tc.requests)
			}
			if _, err := s.Tickets(t.Context()); err != nil || len(d.asked) != tc.requests {
				t.Errorf("read twice: %d requests, %v", len(d.asked), err)
			}
		})
	}
}

func TestABrokenListIsSaid(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   string
	}{
		"a refusal":        {500, `{}`, "GET /tickets?sort=created_at&order=asc&per_page=100&page=1 answered 500"},
		"no JSON":          {200, `<p>`, "the body is not JSON"},
		"no list":          {200, `{"data":{}}`, "the body has no array data"},
		"a list of others": {200, `{"data":[1]}`, "an element of data is not an object"},
		"nothing":          {200, ``, "the body is empty"},
		"too much":         {200, `{"data":[]} {}`, "something follows the JSON value"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := survey.New(func(context.Context, target.Who, string, string) (*target.Exchange, error) {
				return &target.Exchange{Status: tc.status, ResponseBody: []byte(tc.body)}, nil
			}, &facts.Facts{})
			_, err := s.Tickets(t.Context())
			var broken *survey.Broken
			if !errors.As(err, &broken) || !strings.Contains(broken.Reason, tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestTimelinesAreSampledUntilAllIsMet(t *testing.T) {
	t.Parallel()
	d := newDesk(500)
	d.messages[id(77)] = []map[string]any{{"id": "x", "type": "internal_note"}}
	s := survey.New(d.send, &facts.Facts{InboxOps: facts.InboxOps{Tickets: map[string]facts.Ticket{"known": {ID: id(77)}}}})
	timelines, err := s.Timelines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(timelines) != 60 || timelines[0].Ticket.ID() != id(77) {
		t.Errorf("%d timelines, the first of %s; want 60, the known ticket first", len(timelines), timelines[0].Ticket.ID())
	}
	missing := strings.Join(s.Missing(), "; ")
	for _, want := range []string{"status closed", "send_status failed", "an inline attachment"} {
		if !strings.Contains(missing, want) {
			t.Errorf("%q is not among the missing: %s", want, missing)
		}
	}
	for _, met := range []string{"status open", "an internal note", "an empty timeline"} {
		if strings.Contains(missing, met) {
			t.Errorf("%q was met but is among the missing: %s", met, missing)
		}
	}
}

func TestAThreadIsReadBeyondOnePage(t *testing.T) {
	t.Parallel()
	d := &desk{}
	for i := range 450 {
		at := time.Date(2025, 1, 1, 0, 0, i/3, 0, time.UTC) // three at the same instant
		d.handoff = append(d.handoff, map[string]any{"id": id(i), "created_at": at.Format(time.RFC3339)})
	}
	s := survey.New(d.send, &facts.Facts{})
	rows, err := s.Handoff(t.Context(), "p", "t")
	if err != nil || len(rows) != 450 {
		t.Errorf("%d messages, %v; want 450", len(rows), err)
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*desk)
		want   string
	}{
		"nothing changed":       {func(*desk) {}, ""},
		"another order":         {func(d *desk) { d.tickets[0], d.tickets[1] = d.tickets[1], d.tickets[0] }, ""},
		"a ticket more":         {func(d *desk) { d.tickets = append(d.tickets, map[string]any{"id": id(9)}) }, "the number of tickets went from 3 to 4"},
		"a ticket was changed":  {func(d *desk) { d.tickets[1]["status"] = "closed" }, "ticket " + id(1) + " changed"},
		"one came and one went": {func(d *desk) { d.tickets[2]["id"] = id(8) }, "ticket " + id(8) + " changed"},
		"a message was added":   {func(d *desk) { d.messages[id(0)] = []map[string]any{{"id": "m"}, {"id": "n"}} }, "message n of ticket " + id(0) + " changed"},
		"a message disappeared": {func(d *desk) { d.messages[id(0)] = nil }, "message m of ticket " + id(0) + " changed"},
		"a handoff message more": {func(d *desk) {
			d.handoff = append(d.handoff, map[string]any{"id": "h", "created_at": "2025-01-01T00:00:00Z"})
		}, "message h of AppHandoff ticket p/t changed"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(3)
			d.messages[id(0)] = []map[string]any{{"id": "m"}}
			earlier, later := survey.New(d.send, &facts.Facts{}), survey.New(d.send, &facts.Facts{})
			read := func(s *survey.Survey) {
				if _, err := s.Timelines(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Handoff(t.Context(), "p", "t"); err != nil {
					t.Fatal(err)
				}
			}
			read(earlier)
			for i, m := range d.tickets { // what was read must not change with the desk
				copied := map[string]any{}
				for k, v := range m {
					copied[k] = v
				}
				d.tickets[i] = copied
			}
			tc.change(d)
			if err := later.Repeat(t.Context(), earlier); err != nil {
				t.Fatal(err)
			}
			read(later)
			drift := later.Drift(earlier)
			if got := drift.Words; got != tc.want {
				t.Errorf("drift %q, want %q", got, tc.want)
			}
			for _, spelling := range []string{id(0), "0"} {
				if got, want := drift.Moved("/api/v1/tickets/"+spelling+"/messages"), strings.HasPrefix(name, "a message "); got != want {
					t.Errorf("the timeline of %s moved: %t, want %t", spelling, got, want)
				}
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	rows := []survey.Row{
		{Fields: map[string]any{"id": "1", "subject": `Refund of the "invoice", please`}},
		{Fields: map[string]any{"id": "2", "subject": "Invoice refunds for node.js exports"}},
		{Fields: map[string]any{"id": "3", "subject": "Wi-Fi connection drops after reboot"}},
	}
	var got []string
	for _, w := range survey.Words(rows, "subject") {
		got = append(got, fmt.Sprintf("%s %d", w.Text, len(w.Rows)))
	}
	// refund and refunds would be stemmed to one word; node.js, Wi-Fi and after are no plain words.
	want := []string{"connection 1", "drops 1", "exports 1", "please 1", "reboot 1", "invoice 2"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("words (-want +got):\n%s", d)
	}
}

func TestRow(t *testing.T) {
	t.Parallel()
	e := answer(200, map[string]any{"data": []any{map[string]any{
		"id": "a", "n": 12345678901234567, "at": "2025-01-02T03:04:05.6+02:00", "none": nil,
		"attachments": []any{map[string]any{"id": "b"}},
	}}})
	rows, _, err := survey.List(e, "data")
	if err != nil {
		t.Fatal(err)
	}
	r := rows[0]
	n, ok := r.Number("n")
	at, okAt := r.Time("at")
	if n != 12345678901234567 || !ok || !okAt || !at.Equal(time.Date(2025, 1, 2, 1, 4, 5, 6e8, time.UTC)) {
		t.Errorf("number %d %v, time %s %v", n, ok, at, okAt)
	}
	if r.Has("none") || r.Has("gone") || !r.Has("id") || r.At("id") != "data[0].id" || r.Rows("attachments")[0].At("id") != "data[0].attachments[0].id" {
		t.Errorf("%+v", r)
	}
}

func TestInteger(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{"42": true, "-1": true, "42.0": true, "4.2e1": true, "42.5": false, "1e99": false}
	for text, want := range tests {
		if _, got := survey.Integer(json.Number(text)); got != want {
			t.Errorf("Integer(%s) is %v", text, got)
		}
	}
	if _, ok := survey.Integer("42"); ok {
		t.Error("a string is no integer")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"a"}]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, body []byte) {
		rows, object, err := survey.List(&target.Exchange{ResponseBody: body}, "data")
		if err == nil && object == nil {
			t.Errorf("List(%q): %d rows without an object", body, len(rows))
		}
		survey.TextWords(string(body))
	})
}
