package mockserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/replay"
)

// replayed sends the requests of a case again, or of the workspace as it is.
func (f *fake) replayed(text string) replay.Report {
	f.t.Helper()
	var report replay.Report
	a := f.send("POST", "", "/_mockdesk/replay", text, "Content-Type: application/yaml").want(200)
	if err := json.Unmarshal([]byte(a.Body), &report); err != nil {
		f.t.Fatal(err)
	}
	return report
}

// wantSame fails the test unless so many requests were sent and got what they got before.
func wantSame(t *testing.T, r replay.Report, sent, left int) {
	t.Helper()
	if !r.Same || r.Sent != sent || r.Left != left || len(r.Rows) != sent+left {
		for _, row := range r.Rows {
			for _, d := range row.Differences {
				t.Errorf("%d %s %s: %s", row.Number, row.Recorded.Method, row.Recorded.URL, d)
			}
		}
		t.Fatalf("%s; want %d sent and %d left", r, sent, left)
	}
}

// walk sends requests of many kinds, and says how many.
func (f *fake) walk() int {
	f.t.Helper()
	n := 0
	ask := func(method, key, path, body string, headers ...string) {
		f.t.Helper()
		n++
		if body != "" {
			headers = append(headers, "Content-Type: application/json")
		}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		f.send(method, key, path, body, headers...)
	}
	ticket := f.desk().Tickets[3].ID.String()
	project := f.Workspace("").Store.Projects()[0]
	ask("GET", readWrite, "/api/v1/tickets?status=open&per_page=100", "")
	ask("GET", readWrite, "/api/v1/tickets/"+ticket+"/messages", "")
	ask("POST", readWrite, "/api/v1/tickets/"+ticket+"/messages", `{"type": "internal_note", "body_text": "Called <b>back</b>: \"ü\""}`)
	ask("POST", readWrite, "/api/v1/tickets/"+ticket+"/messages", `{"type": "internal_note", "body_text": "Again."}`)
	ask("GET", readWrite, "/api/v1/tickets?sort=updated_at&per_page=3", "")
	ask("GET", readWrite, "/api/v1/tickets/"+ticket+"/messages?types=internal_note", "")
	ask("HEAD", readWrite, "/api/v1/tickets", "")
	ask("POST", readOnly, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "x"}`)
	ask("POST", readWrite, "/api/v1/tickets/1001/messages", `{"type": "email", "key": "`+readWrite+`"}`)
	ask("GET", "", "/api/v1/tickets", "")
	ask("GET", "ixk_prod_0123456789abcdef", "/api/v1/tickets?page=0", "")
	ask("GET", "", "/api/v1/tickets", "", "Authorization: Basic eDp5")
	ask("GET", readWrite, "/api/v1/tickets?statsu=open&per_page=2", "", "X-Run: 7", "X-Request-Id: mine-1")
	ask("GET", readWrite, "/api/v1/tickets?page=0", "", "Prefer: error-format=sample")
	ask("GET", readWrite, "/api/v1/tickets", "", "Prefer: code=429, retry-after=7")
	ask("GET", member, "/api/projects/"+project.ID.String()+"/tickets/"+project.Tickets[0].ID.String()+"/messages?limit=2", "")
	ask("GET", readWrite, "/nowhere", "")
	ask("DELETE", readWrite, "/api/v1/tickets", "")
	return n
}

// noWait waits for nothing.
func noWait(context.Context, time.Duration) error { return nil }

// everyRule are faults that hit some of the walk.
var everyRule = []fault.Rule{
	{Name: "the third list", Match: fault.Match{Operation: "listTickets"}, When: fault.When{Nth: 3}, Then: fault.Then{Status: &fault.Status{Code: "503", RetryAfter: 5}}},
	{Match: fault.Match{Service: "inboxops", Operation: "listTicketMessages"}, When: fault.When{Nth: 2}, Then: fault.Then{Body: &fault.Body{CutShare: 0.5}}},
	{Match: fault.Match{Operation: "listTickets"}, When: fault.When{Probability: 0.5}, Then: fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Minute)}}},
}

func TestReplay(t *testing.T) {
	t.Parallel()
	for name, clock := range map[string]string{
		"a clock that stands still": `{"mode": "frozen", "at": "2025-06-02T12:00:00Z"}`,
		"a clock that runs":         `{"mode": "real"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick := mockserver.Config{Case: casefile.MustParse("rate_limit: 12/1m"), Sleep: noWait}
			f := start(t, quick)
			f.send("PUT", "", "/_mockdesk/clock", clock).want(200)
			if _, err := f.Workspace("").Inject(everyRule...); err != nil {
				t.Fatal(err)
			}
			n := f.walk()
			before := f.list("sort=updated_at").Data
			n++
			wantSame(t, f.replayed(""), n, 0)
			wantSame(t, f.replayed(""), n, 0)
			if got := f.Workspace("").Store.Notes(); got != 2 {
				t.Errorf("after a replay there are %d notes", got)
			}
			text := f.get("", "/_mockdesk/case.yaml").want(200).Body
			for _, secret := range []string{readWrite, readOnly, "ixk_prod_0123456789abcdef", "eDp5"} {
				if strings.Contains(text, secret) {
					t.Errorf("the file has the key %s", secret)
				}
			}

			tomorrow := start(t, mockserver.Config{Sleep: noWait})
			wantSame(t, tomorrow.replayed(text), n, 0)
			tomorrow.send("PUT", "", "/_mockdesk/case.yaml", text).want(200)
			wantSame(t, tomorrow.replayed(""), n, 0)
			if again := tomorrow.get("", "/_mockdesk/case.yaml").want(200).Body; again != text {
				t.Errorf("an opened case is saved as another one:\n%s", again)
			}
			said, err := casefile.Parse("case.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			colleague := start(t, mockserver.Config{Case: said, Sleep: noWait})
			wantSame(t, colleague.replayed(""), n, 0)
			colleague.walk()
			if clock == `{"mode": "real"}` {
				return
			}
			if got, want := fmt.Sprint(idsOf(colleague.list("sort=updated_at").Data)), fmt.Sprint(idsOf(before)); got != want {
				t.Errorf("the same requests leave %s, and left %s", got, want)
			}
		})
	}
}

// TestReplayMovesTheClock moves the clock between requests, which then find another
// rate window.
func TestReplayMovesTheClock(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("rate_limit: 2/1m\nclock: {frozen: 2025-06-02T12:00:00Z}")})
	for range 3 {
		f.get(readWrite, "/api/v1/tickets?per_page=1")
	}
	f.send("POST", "", "/_mockdesk/clock/advance", `{"by": "40s"}`).want(200)
	f.get(readWrite, "/api/v1/tickets?per_page=1").refused(429, "rate_limit_exceeded")
	f.send("POST", "", "/_mockdesk/clock/advance", `{"by": "20s"}`).want(200)
	f.post(readWrite, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "x"}`).want(201)
	f.send("PUT", "", "/_mockdesk/clock", `{"mode": "frozen", "at": "2025-06-02T11:00:00Z"}`).want(200)
	f.get(readWrite, "/api/v1/tickets/1001/messages").want(200)
	wantSame(t, f.replayed(""), 6, 0)
	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	wantSame(t, start(t, mockserver.Config{}).replayed(text), 6, 0)
}

// TestReplaySaysWhatDiffers changes what a case says, and sees it told.
func TestReplaySaysWhatDiffers(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("world: empty\n" + stuck)})
	f.get(readWrite, "/api/v1/tickets?per_page=2")
	f.get(readWrite, "/api/v1/tickets/1001/messages")
	f.post(readWrite, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "x"}`)
	f.get(readOnly, "/api/v1/tickets")
	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	wantSame(t, f.replayed(text), 4, 0)
	for change, want := range map[[2]string]string{
		{"Export never finishes", "Import never finishes"}: `body.data[0].subject: "Export never finishes" recorded, "Import never finishes" now`,
		{"code: '503'", "code: '429'"}:                     "status: 503 recorded, 429 now",
		{"read-only: {revoked: true}", "{}"}:               "status: 401 recorded, 200 now",
		{"rate_limit: 50/1m", "rate_limit: 1/1m"}:          "header Retry-After: nothing recorded, 60 now",
		{"- note: Escalated.", "- note: Done."}:            `body.data[2].body_text: "Escalated." recorded, "Done." now`,
	} {
		head, tail, _ := strings.Cut(text, "\nrequests:")
		if !strings.Contains(head, change[0]) {
			t.Errorf("no %s in\n%.2000s", change[0], head)
			continue
		}
		report := f.replayed(strings.Replace(head, change[0], change[1], 1) + "\nrequests:" + tail)
		var said []string
		for _, row := range report.Rows {
			for _, d := range row.Differences {
				said = append(said, d.String())
			}
		}
		if report.Same || report.Different == 0 || !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("%s: %s; want %s in\n%s", change[1], report, want, strings.Join(said, "\n"))
		}
	}
}

// TestCaseHasTheDeskBeforeItsRequests changes things between requests.
func TestCaseHasTheDeskBeforeItsRequests(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("clock: {frozen: 2025-06-02T12:00:00Z}")})
	f.get(readWrite, "/api/v1/tickets?per_page=1")
	wantSame(t, f.replayed(""), 1, 0)
	f.send("POST", "", "/_mockdesk/desk/tickets", `{"name": "late"}`).want(201)
	f.get(readWrite, "/api/v1/tickets?per_page=1")
	f.post(readWrite, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "from a client"}`)
	wantSame(t, f.replayed(""), 2, 1)
	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	desk, _, _ := strings.Cut(text, "\nrequests:")
	if !strings.Contains(desk, "late") || strings.Contains(desk, "from a client") {
		t.Errorf("a case has what testers do, and not the notes of its requests:\n%s", desk)
	}
	f.send("PUT", "", "/_mockdesk/rate-limit", `{"rate_limit": "off"}`).want(200)
	f.post(readWrite, "/api/v1/tickets/1002/messages", `{"type": "internal_note", "body_text": "the second note"}`)
	wantSame(t, f.replayed(""), 1, 3) // whose id is not that of the first
	for range 1100 {
		f.get(readWrite, "/api/v1/tickets?per_page=1")
	}
	if report := f.replayed(""); !report.Same || report.Sent < 500 || len(report.Rows) != casefile.MostRequests {
		t.Errorf("after many requests: %s", report)
	}
	f.send("PATCH", "", "/_mockdesk/keys/inboxops/read-only", `{"revoked": true}`).want(200)
	if report := f.replayed(""); report.Same || report.Sent != 0 || report.Left != casefile.MostRequests {
		t.Errorf("after a change and no request: %s", report)
	}
	f.send("DELETE", "", "/_mockdesk/requests", "").want(204)
	if report := f.replayed(""); report.Same || len(report.Rows) != 0 {
		t.Errorf("without a journal: %s", report)
	}
}

// TestReplayChangesKeys revokes a key in the middle of a case and restores it: what
// came before and behind is sent again as well.
func TestReplayChangesKeys(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("keys: {read-only: {unentitled: true}}")})
	key := func(change string) {
		t.Helper()
		f.send("PATCH", "", "/_mockdesk/keys/inboxops/read-write", change).want(200)
	}
	ask := func(status int) {
		t.Helper()
		f.get(readWrite, "/api/v1/tickets?per_page=1").want(status)
	}
	ask(200)
	key(`{"revoked": true}`)
	ask(401)
	f.get(readOnly, "/api/v1/tickets").want(403)
	key(`{"revoked": false}`)
	key(`{"unentitled": true}`)
	ask(403)
	key(`{"unentitled": false}`) // which no request has found
	wantSame(t, f.replayed(""), 4, 0)
	ask(200)
	wantSame(t, f.replayed(""), 5, 0)

	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	for _, want := range []string{"\nkeys:\n  read-only: {unentitled: true}\n", "  keys: {read-write: {revoked: true}}\n", "  keys: {read-write: {unentitled: true}}\n", "  keys: {read-write: {}}\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
	tomorrow := start(t, mockserver.Config{})
	tomorrow.send("PUT", "", "/_mockdesk/case.yaml", text).want(200)
	wantSame(t, tomorrow.replayed(""), 5, 0)
	if again := tomorrow.get("", "/_mockdesk/case.yaml").want(200).Body; again != text {
		t.Errorf("an opened case is saved as another one:\n%s", again)
	}
	tomorrow.get(readWrite, "/api/v1/tickets?per_page=1").want(200) // nothing is revoked by itself

	left := strings.Replace(text, "  keys: {read-write: {revoked: true}}\n", "  replay: false\n  keys: {read-write: {revoked: true}}\n", 1)
	left = strings.Replace(left, "  keys: {read-write: {unentitled: true}}\n", "", 1)
	report := f.replayed(left)
	if got := report.Rows[3].Now.Status; got != 401 || report.Left != 1 {
		t.Errorf("a request behind one that is left out, which found the key revoked, gets %d, want 401; left: %d", got, report.Left)
	}

	key(`{"revoked": true}`) // and saved so: for somebody who has to find it revoked
	wantState := "\nkeys:\n  read-write: {revoked: true}\n  read-only: {unentitled: true}\n"
	if text := f.get("", "/_mockdesk/case.yaml").want(200).Body; !strings.Contains(text, wantState) || strings.Contains(text, "  keys: {") {
		t.Errorf("a case that was saved with a key revoked last says:\n%s", text)
	}
	if report := f.replayed(""); report.Sent != 0 || report.Left != 5 {
		t.Errorf("%s; want 5 left", report)
	}
	ask(401) // and met: the case begins with the key as it was
	if text := f.get("", "/_mockdesk/case.yaml").want(200).Body; !strings.Contains(text, "\nkeys:\n  read-only: {unentitled: true}\n") {
		t.Errorf("a case whose last request met a revoked key says:\n%s", text)
	}
	wantSame(t, f.replayed(""), 6, 0)
}
