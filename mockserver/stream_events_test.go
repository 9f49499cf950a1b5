package mockserver_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/desk"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// happening reads one event of a stream: its id, and what happened, or the data of
// another event.
func happening(t *testing.T, events *bufio.Reader) string {
	t.Helper()
	id, name, data := readEvent(t, events)
	if name != "event" {
		return strings.TrimSpace(strings.Join([]string{id, name, data}, " "))
	}
	var e desk.Event
	if err := json.Unmarshal([]byte(data), &e); err != nil || fmt.Sprint(e.Seq) != id {
		t.Fatalf("event %s has %s: %v", id, data, err)
	}
	return id + " " + e.Kind + " by " + string(e.By)
}

// wantHappening reads events and compares them.
func wantHappening(t *testing.T, events *bufio.Reader, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if got := happening(t, events); got != w {
			t.Fatalf("got %s, want %s", got, w)
		}
	}
}

// TestEventStream follows what happens across a reset, a snapshot that is restored
// and the end of a workspace.
func TestEventStream(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 60, Sleep: idle}, nil)
	f.control("POST", "workspaces", `{"name":"a"}`).want(201)
	act := func(method, path, body string) { f.control(method, "desk/"+path+"?workspace=a", body) }
	act("POST", "tickets", `{"name":"stuck"}`)
	act("POST", "tickets/stuck/messages", `{}`)
	f.control("POST", "snapshot?workspace=a", "").want(200)

	fresh, _ := followAt(t, web, "events/stream?workspace=a")
	all, _ := followAt(t, web, "events/stream?workspace=a&after=0")
	few, _ := followAt(t, web, "events/stream?workspace=a&after=0&by=client&ticket=1061")
	again, _ := followAt(t, web, "events/stream?workspace=a&after=0", "Last-Event-ID: 1")
	ahead, _ := followAt(t, web, "events/stream?workspace=a", "Last-Event-ID: 17")

	wantHappening(t, ahead, `0 reset {"seq":0}`, "1 ticket.created by tester", "2 message.added by tester")
	f.post("ixk_a_readwrite", "/api/v1/tickets/1061/messages", noteBody).want(201)
	f.post(readWrite, messagesPath, noteBody).want(201) // in another workspace
	act("DELETE", "tickets/stuck", "")
	wantHappening(t, fresh, "3 message.added by client", "4 ticket.deleted by tester")
	wantHappening(t, all, "1 ticket.created by tester", "2 message.added by tester", "3 message.added by client", "4 ticket.deleted by tester")
	wantHappening(t, few, "3 message.added by client")
	wantHappening(t, again, "2 message.added by tester", "3 message.added by client", "4 ticket.deleted by tester")

	f.control("POST", "restore?workspace=a", "").want(200)
	act("PATCH", "tickets/stuck", `{"subject":"Zyxlor"}`)
	wantHappening(t, fresh, `2 reset {"seq":2}`, "3 ticket.changed by tester")
	wantHappening(t, few, `2 reset {"seq":2}`) // who looks only after the next one is told of that alone
	f.control("POST", "reset?workspace=a", "").want(200)
	act("POST", "projects", `{"name":"checkout"}`)
	wantHappening(t, fresh, `0 reset {"seq":0}`, "1 project.created by tester")
	wantHappening(t, few, `0 reset {"seq":0}`)

	f.control("DELETE", "workspaces/a", "").want(204)
	if rest, err := io.ReadAll(fresh); err != nil || len(rest) > 0 {
		t.Errorf("behind the end of the workspace comes %q, %v", rest, err)
	}
}

// TestEventStreamEndsWhenTheServerShutsDown waits for that, and holds what came
// against the contract.
func TestEventStreamEndsWhenTheServerShutsDown(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 60, Sleep: idle}, nil)
	f.control("POST", "desk/tickets", `{}`).want(201)
	events, _ := followAt(t, web, "events/stream?after=0")
	begun, err := events.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := web.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(events)
	if err != nil {
		t.Errorf("the stream breaks off: %v", err)
	}
	r, _ := http.NewRequest("GET", "/_mockdesk/events/stream", nil)
	a := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader(begun + string(rest)))}
	if found := verdict.OnResponse(f.contract("control"), r, a); len(found) > 0 {
		t.Errorf("%s%s: %v", begun, rest, found)
	}
}

func TestEventStreamNeedsANumber(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 60})
	if a := f.control("GET", "events/stream", "", "Last-Event-ID: -1").want(400); !strings.Contains(a.Body, `"hint":"Last-Event-ID: 17"`) {
		t.Errorf("%s does not teach", a.Body)
	}
}
