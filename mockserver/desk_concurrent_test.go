package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// TestDeskConcurrently has callers who act, each at tickets of their own, and ask:
// what one has done shows to them at once, and no answer has half of an act. In the
// end the events tell of every act, in the order of each caller.
func TestDeskConcurrently(t *testing.T) {
	t.Parallel()
	const callers, each = 6, 15
	p := newPrey(t, mockserver.Config{})
	p.t = t
	var total, acts atomic.Int64
	var wait sync.WaitGroup
	for n := range callers {
		wait.Go(func() {
			c := &clerk{prey: p, t: t, name: fmt.Sprint("caller-", n), acts: &acts}
			for i := range each {
				c.turn(i)
			}
			total.Add(int64(c.tickets))
		})
	}
	wait.Wait()
	w := p.Workspace("")
	if got, want := w.Store.Len(), len(p.desk().Tickets)+int(total.Load()); got != want {
		t.Errorf("%d tickets, want %d", got, want)
	}
	events := w.Store.Events(0)
	if len(events) != int(acts.Load()) || w.Store.Happened() != len(events) {
		t.Errorf("%d events of %d acts", len(events), acts.Load())
	}
	last := map[string]string{}
	for i, e := range events {
		if e.Seq != i+1 {
			t.Fatalf("event %d has number %d", i, e.Seq)
		}
		for _, c := range e.Changed {
			if c.Member != "subject" {
				continue
			}
			if was, known := last[e.TicketID]; known && was != c.From {
				t.Errorf("the subject of %s goes from %q, and was %q", e.Name, c.From, was)
			}
			last[e.TicketID] = c.To
		}
	}
}

// clerk acts and looks at what shows of it.
type clerk struct {
	*prey
	t       *testing.T
	name    string
	tickets int // of theirs that are there
	acts    *atomic.Int64
}

// turn brings a ticket, changes it, writes to it, and takes every third away.
func (c *clerk) turn(i int) {
	word := fmt.Sprintf("zyx%slor%d", strings.Map(func(r rune) rune { return 'a' + r%26 }, c.name), i)
	var made ticket
	c.do(&made, "POST", "desk/tickets", fmt.Sprintf(`{"name":"%s-%d","status":"open","messages":[{"text":"Hello"}]}`, c.name, i))
	c.tickets++
	ref := "desk/tickets/" + made.ID
	c.do(nil, "PATCH", ref, `{"status":"waiting","remind_at":"+2h","subject":"`+word+`"}`)
	c.see(word, made.ID, true)
	var said message
	c.do(&said, "POST", ref+"/messages", `{"from":"agent","send_status":"pending"}`)
	c.do(nil, "PATCH", ref+"/messages/"+said.ID, `{"send_status":"sent"}`)
	c.do(nil, "POST", ref+"/messages", `{"draft":true}`)
	var got struct{ Data []message }
	c.read(&got, "/api/v1/tickets/"+made.ID+"/messages", "")
	if len(got.Data) != 2 || *got.Data[1].SendStatus != "sent" {
		c.t.Errorf("%s-%d has %+v", c.name, i, got.Data)
	}
	c.do(nil, "PATCH", ref, `{"subject":"`+word+` again"}`)
	if i%3 == 0 {
		c.do(nil, "DELETE", ref, "")
		c.tickets--
		c.see(word, made.ID, false)
	}
}

// see looks for a ticket by a word of its own, and at every row: a ticket that
// waits has its reminder.
func (c *clerk) see(word, id string, there bool) {
	var got page
	c.read(&got, ticketsPath, "query="+word)
	if found := len(got.Data) == 1 && got.Data[0].ID == id && got.Meta.Total == 1; found != there {
		c.t.Errorf("%s is found: %t, want %t", word, found, there)
	}
	c.read(&got, ticketsPath, "sort=updated_at&per_page=100")
	seen := map[string]bool{}
	for _, row := range got.Data {
		if seen[row.ID] || strings.HasPrefix(row.Subject, "zyx") && (row.Status != "waiting" || row.RemindAt == nil) {
			c.t.Errorf("a list has %+v", row)
		}
		seen[row.ID] = true
	}
	if len(got.Data) > got.Meta.Total {
		c.t.Errorf("%d rows of %d", len(got.Data), got.Meta.Total)
	}
}

// do does an act.
func (c *clerk) do(into any, method, path, body string) {
	recorder := c.operate(method, path, body)
	if c.acts.Add(1); recorder.Code > 299 {
		c.t.Errorf("%s %s %s: %d %s", method, path, body, recorder.Code, recorder.Body)
		return
	}
	c.decode(into, recorder)
}

// read asks the ticket service.
func (c *clerk) read(into any, path, query string) {
	recorder := httptest.NewRecorder()
	if c.ServeHTTP(recorder, request("GET", readWrite, path, query, "")); recorder.Code != 200 {
		c.t.Errorf("%s?%s: %d %s", path, query, recorder.Code, recorder.Body)
		return
	}
	c.decode(into, recorder)
}

func (c *clerk) decode(into any, recorder *httptest.ResponseRecorder) {
	if into == nil {
		return
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), into); err != nil {
		c.t.Error(err)
	}
}
