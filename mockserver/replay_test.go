package mockserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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
func (f *fake) replayed(text string) (report replay.Report) {
	f.t.Helper()
	f.send("POST", "", "/_mockdesk/replay", text, "Content-Type: application/yaml").want(200).decode(&report)
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

// clocks are bodies of PUT /_mockdesk/clock.
var clocks = map[string]string{
	"a clock that stands still": `{"mode": "frozen", "at": "2025-06-02T12:00:00Z"}`,
	"a clock that runs":         `{"mode": "real"}`,
}

func TestReplay(t *testing.T) {
	t.Parallel()
	for name, clock := range clocks {
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
			colleague := start(t, mockserver.Config{Case: casefile.MustParse(text), Sleep: noWait})
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

// TestReplayKeepsWhatLastsLong sends more requests than a journal holds, and resets.
func TestReplayKeepsWhatLastsLong(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("clock: {frozen: 2025-06-02T12:00:00Z}")})
	f.get(readWrite, "/api/v1/tickets?per_page=1")
	f.send("POST", "", "/_mockdesk/desk/tickets", `{"name": "late"}`).want(201)
	f.post(readWrite, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "from a client"}`)
	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	if desk, _, _ := strings.Cut(text, "\nrequests:"); strings.Contains(desk, "late") || strings.Contains(desk, "from a client") {
		t.Errorf("a case begins with what testers and clients did later:\n%s", desk)
	}
	for range 1100 {
		f.get(readWrite, "/api/v1/tickets?per_page=1")
	}
	report := f.replayed("")
	if !report.Same || report.Sent < 500 || len(report.Rows) != casefile.MostRequests {
		t.Errorf("after many requests: %s", report)
	}
	f.send("PATCH", "", "/_mockdesk/keys/inboxops/read-only", `{"revoked": true}`).want(200)
	if again := f.replayed(""); !again.Same || again.Sent != report.Sent {
		t.Errorf("after a change and no request: %s", again)
	}
	f.send("DELETE", "", "/_mockdesk/requests", "").want(204)
	if report := f.replayed(""); report.Same || len(report.Rows) != 0 {
		t.Errorf("without a journal: %s", report)
	}
}

// wantKept fails the test unless each request of the workspace gets what it got, here
// and where the saved case is opened, whose text it returns.
func (f *fake) wantKept(n int) string {
	f.t.Helper()
	wantSame(f.t, f.replayed(""), n, 0)
	text := f.get("", "/_mockdesk/case.yaml?state=found").want(200).Body
	tomorrow := start(f.t, mockserver.Config{Sleep: noWait})
	tomorrow.send("PUT", "", "/_mockdesk/case.yaml", text).want(200)
	wantSame(f.t, tomorrow.replayed(""), n, 0)
	if again := tomorrow.get("", "/_mockdesk/case.yaml").want(200).Body; again != text {
		f.t.Errorf("an opened case is saved as another one:\n%s\nand was\n%s", again, text)
	}
	return text
}

// tester changes things by the control API, and a client finds each change.
type tester struct {
	*fake
	sent int
}

// ask sends what a client sends.
func (t *tester) ask() {
	t.t.Helper()
	project := t.Workspace("").Store.Projects()[0]
	t.get(readWrite, "/api/v1/tickets?sort=updated_at&per_page=5")
	t.get(readWrite, "/api/v1/tickets/1003/messages")
	t.get(readOnly, "/api/v1/tickets?per_page=1")
	t.get(member, "/api/projects/"+project.ID.String()+"/tickets/"+project.Tickets[0].ID.String()+"/messages")
	t.sent += 4
}

// do changes something, and returns the id of what was made.
func (t *tester) do(method, path, body string) (id string) {
	t.t.Helper()
	a := t.send(method, "", "/_mockdesk/"+path, body)
	if a.Status >= 300 {
		t.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	t.ask()
	var row struct{ ID string }
	_ = json.Unmarshal([]byte(a.Body), &row) // not everything has an id
	return row.ID
}

// changeSettings changes rules, limits and keys.
func (t *tester) changeSettings() {
	t.t.Helper()
	rule := t.do("POST", "faults", `{"match": {"key": "`+readWrite+`", "operation": "listTickets"}, "then": {"status": {"code": 503}}}`)
	t.do("PUT", "faults/"+rule, `{"match": {"operation": "listTickets"}, "when": {"nth": 2}, "then": {"status": {"code": 500}}}`)
	t.do("DELETE", "faults/"+rule, "")
	t.do("POST", "presets/flaky-5xx", "")
	second := t.do("POST", "faults", `{"match": {"path": "/api/v1/tickets"}, "then": {"status": {"code": 429}}}`)
	t.do("PUT", "faults", `{"order": ["`+second+`", "fault-3", "fault-2"]}`)
	t.do("DELETE", "faults", "")
	t.do("POST", "faults.yaml", "faults:\n- match: {key_kind: member}\n  when: {nth: 1}\n  then: {status: {code: 500}}\n")
	t.do("PUT", "rate-limit", `{"rate_limit": "3/1m"}`)
	t.do("PUT", "rate-limit", `{"rate_limit": "off"}`)
	t.do("PATCH", "keys/inboxops/read-write", `{"revoked": true}`)
	t.do("PATCH", "keys", `{"revoked": false, "unentitled": false}`)
}

// changeDesk changes tickets, messages and projects.
func (t *tester) changeDesk() {
	t.t.Helper()
	ticket := t.do("POST", "desk/tickets", `{"subject": "It is %2F & \"odd\" `+readWrite+`", "custom_fields": {}}`)
	t.do("PATCH", "desk/tickets/1003", `{"status": "closed", "assignee": "nobody"}`)
	message := t.do("POST", "desk/tickets/1003/messages", `{"from": "customer", "text": "Again."}`)
	t.do("PATCH", "desk/tickets/1003/messages/"+message, `{"text": "Once more."}`)
	t.do("DELETE", "desk/tickets/1003/messages/"+message, "")
	t.do("POST", "desk/tickets/1003/messages", "note: From a file\n")
	t.post(readWrite, "/api/v1/tickets/1003/messages", `{"type": "internal_note", "body_text": "A client's."}`).want(201)
	t.sent++
	t.do("DELETE", "desk/tickets/"+ticket, "")
	t.do("POST", "desk/tickets", `{"name": "t"}`) // as other parts of the path begin
	t.do("PATCH", "desk/tickets/t", `{"subject": "By its name"}`)
	t.do("POST", "desk/tickets", `{"name": "why? a/b"}`)
	t.do("PATCH", "desk/tickets/why%3F%20a%2Fb", `{"status": "closed"}`)
	seeded := t.Workspace("").Store.Projects()[0]
	thread := "desk/projects/" + seeded.ID.String() + "/tickets/" + seeded.Tickets[0].ID.String()
	t.do("POST", thread+"/tasks", `{"title": "A task"}`)
	post := t.do("POST", thread+"/messages", `{"author": "agent", "text": "Here."}`)
	t.do("PATCH", thread+"/messages/"+post, `{"text": "There."}`)
	t.do("DELETE", thread+"/messages/"+post, "")
	t.do("POST", "desk/projects", `{"name": "Late", "tickets": [{"name": "First"}]}`)
	t.do("PATCH", "desk/projects/Late", `{"member": false}`)
	t.do("POST", "desk/projects/Late/tickets", `{"name": "Second"}`)
}

// TestReplayDoesWhatTestersDid changes everything that a tester can change between
// two requests, and tidies up behind the last one.
func TestReplayDoesWhatTestersDid(t *testing.T) {
	t.Parallel()
	for name, clock := range clocks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &tester{fake: start(t, mockserver.Config{Case: casefile.MustParse("keys: {read-only: {unentitled: true}}"), Sleep: noWait})}
			f.send("PUT", "", "/_mockdesk/clock", clock).want(200)
			f.send("POST", "", "/_mockdesk/desk/tickets", `{}`).want(201) // before the case begins
			f.ask()
			f.changeSettings()
			f.changeDesk()
			text := f.wantKept(f.sent)
			if now := f.get("", "/_mockdesk/case.yaml").want(200).Body; now != text {
				t.Error("where all was found by requests, the states of a case are not the same")
			}
			if strings.Contains(text, readWrite) {
				t.Error("the case has a key")
			}

			f.send("POST", "", "/_mockdesk/desk/tickets", `{"name": "refused", "status": "wating"}`).want(400)
			f.send("DELETE", "", "/_mockdesk/faults", "").want(204)
			f.send("DELETE", "", "/_mockdesk/desk/tickets/1003", "").want(204)
			if again := f.wantKept(f.sent); again != text {
				t.Error("to tidy up changes what requests have found")
			}
			now := f.get("", "/_mockdesk/case.yaml").want(200).Body
			if got := strings.Count(now, "\n  replay: false\n"); got != f.sent || !strings.Contains(now, "\n  deleted: [1003, 1202]\n") {
				t.Errorf("the present state has %d requests that are not sent again, want %d, and the ticket:\n%s", got, f.sent, now[:strings.Index(now, "\nrequests:")])
			}
			f.get(readWrite, "/api/v1/tickets/1003/messages").want(404)
			f.wantKept(f.sent + 1)

			f.send("POST", "", "/_mockdesk/snapshot", `{"name": "x"}`).want(200)
			f.send("POST", "", "/_mockdesk/restore", `{"name": "x"}`).want(200)
			f.wantKept(f.sent + 1)
			f.get(readWrite, "/api/v1/tickets/1001/messages").want(200)
			wantSame(t, f.replayed(""), 1, f.sent+1)
		})
	}
}

// TestReplaySaysWhatCannotBeDone replays a change of what is not there.
func TestReplaySaysWhatCannotBeDone(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	report := f.replayed(`
requests:
- url: /api/v1/tickets?per_page=1
  replay: false
  changes: [{method: PATCH, url: /_mockdesk/keys/inboxops/read-write, body: '{"revoked": true}'}]
- url: /api/v1/tickets?per_page=1
  key: read-write
  changes: [{method: DELETE, url: /_mockdesk/faults/fault-9}]
  answer: {status: 200}
`)
	want := replay.Difference{Where: "before it, DELETE /_mockdesk/faults/fault-9", Recorded: "done", Now: `404, rule "fault-9": there is no such rule`}
	if got := report.Rows[1].Differences; len(got) == 0 || got[0] != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := report.Rows[1].Now.Status; got != 401 || report.Left != 1 {
		t.Errorf("behind a request that is left out, before which the key was revoked, one gets %d, want 401; left: %d", got, report.Left)
	}
}

// TestReplayKeepsTheOpenedCase opens a case, and lets an app work on it.
func TestReplayKeepsTheOpenedCase(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("clock: {frozen: 2025-06-02T12:00:00Z}")})
	f.get(readWrite, "/api/v1/tickets?per_page=1")
	f.post(readWrite, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "x"}`)
	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	said := casefile.MustParse(text)

	tomorrow := start(t, mockserver.Config{Case: said})
	others := func(query string, want int, opened bool) {
		t.Helper()
		var report replay.Report
		tomorrow.send("POST", "", "/_mockdesk/replay"+query, "").want(200).decode(&report)
		if report.Others != want || report.Opened != opened || !report.Same {
			t.Errorf("%s: %s, opened %v, others %d; want %v, %d", query, report, report.Opened, report.Others, opened, want)
		}
	}
	others("", 0, true)
	tomorrow.post(readWrite, "/api/v1/tickets/1001/messages", `{"type": "internal_note", "body_text": "by the app"}`).want(201)
	tomorrow.send("DELETE", "", "/_mockdesk/desk/tickets/1001", "").want(204)
	tomorrow.get(readWrite, "/api/v1/tickets/1001/messages").want(404)
	others("", 2, true)
	wantSame(t, tomorrow.replayed(""), 2, 0)
	others("?of=clients", 2, false)
	tomorrow.send("POST", "", "/_mockdesk/reset", "").want(200)
	others("", 0, true)
}

// TestReplayCountsTimeInMilliseconds has two requests whose distance is a second as
// they are recorded, and is not to the nanosecond.
func TestReplayCountsTimeInMilliseconds(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, time.June, 2, 12, 0, 0, 900_000, time.UTC)
	f := start(t, mockserver.Config{Now: func() time.Time { return now }, Case: casefile.MustParse("rate_limit: 1/10s")})
	f.get(readWrite, "/api/v1/tickets?per_page=1").want(200)
	now = now.Add(time.Second - 500*time.Microsecond)
	f.get(readWrite, "/api/v1/tickets?per_page=1").want(429)
	wantSame(t, f.replayed(""), 2, 0)
	now = now.Add(-400*time.Microsecond + 11*time.Second)
	f.get(readWrite, "/api/v1/tickets?per_page=1").want(200)
	wantSame(t, f.replayed(""), 3, 0)
}

// Of errors the sentences are not counted, and all else is.
func TestCompareErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status    int
		was, is   string
		found     int
		uncounted []string
	}{
		"another sentence":          {404, `{"detail": "Not here.", "code": "x"}`, `{"detail": "It has gone.", "code": "x"}`, 0, []string{"the words of errors"}},
		"another code":              {404, `{"detail": "Not here.", "code": "x"}`, `{"detail": "Not here.", "code": "y"}`, 1, nil},
		"a sentence for a word":     {404, `{"detail": "Not here."}`, `{"detail": "gone"}`, 1, nil},
		"a sentence that is gone":   {404, `{"detail": "Not here."}`, `{}`, 1, nil},
		"another page of a gateway": {502, "<h1>Bad gateway A</h1>", "<h1>Bad gateway B</h1>", 1, nil},
		"what is no error":          {200, `{"subject": "Not here."}`, `{"subject": "Gone now."}`, 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := func(body string) *casefile.Request {
				return &casefile.Request{Answer: casefile.Answer{Status: test.status, Body: body, Bytes: len(body)}}
			}
			found, uncounted := replay.Compare(answer(test.was), answer(test.is), false)
			if len(found) != test.found || !slices.Equal(uncounted, test.uncounted) {
				t.Errorf("found %v, not counted %q, want %d and %q", found, uncounted, test.found, test.uncounted)
			}
		})
	}
}
