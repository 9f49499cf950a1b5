package mockserver_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// compared tells how a workspace differs, in words.
func (f *fake) compared(from, to string) []string {
	f.t.Helper()
	var c workspace.Comparison
	a := f.get("", "/_mockdesk/compare?"+url.Values{"from": {from}, "to": {to}}.Encode()).want(200)
	if err := json.Unmarshal([]byte(a.Body), &c); err != nil {
		f.t.Fatal(err)
	}
	words := []string{}
	for _, s := range c.Settings {
		words = append(words, s.Words)
	}
	for _, d := range c.Desk {
		words = append(words, d.Words)
	}
	if c.Same != (len(words) == 0) {
		f.t.Errorf("same is %v beside %d differences", c.Same, len(words))
	}
	return words
}

func TestSnapshotsAreCompared(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Case: casefile.MustParse("world: empty\n" + stuck)})
	f.send("POST", "", "/_mockdesk/snapshot", `{"name": "before"}`).want(200)
	if got := f.compared("before", ""); len(got) > 0 {
		t.Errorf("nothing was done, and it differs: %v", got)
	}
	for _, act := range [][3]string{
		{"PATCH", "desk/tickets/stuck", `{"status": "open", "tags": ["billing", "vip"]}`},
		{"POST", "desk/tickets/stuck/messages", `{"from": "customer", "text": "It hangs\nagain."}`},
		{"POST", "desk/tickets", `{"name": "late", "subject": "Too late", "messages": []}`},
		{"DELETE", "desk/tickets/silent", ""},
		{"POST", "desk/projects/checkout/tickets/refunds/messages", `{"author": "human", "text": "Thanks."}`},
		{"PUT", "clock", `{"mode": "real"}`},
		{"PUT", "rate-limit", `{"rate_limit": "off"}`},
		{"PUT", "life", `{"life": "calm"}`},
		{"PATCH", "keys/inboxops/read-only", `{"revoked": false}`},
		{"DELETE", "faults", ""},
		{"POST", "faults", `{"id": "other", "name": "slow", "then": {"latency": {"fixed": "1s"}}}`},
	} {
		if a := f.send(act[0], "", "/_mockdesk/"+act[1], act[2]); a.Status > 299 {
			t.Fatalf("%v: %s", act, a.Body)
		}
	}
	f.send("PUT", "", "/_mockdesk/life", `{"life": "off"}`).want(200)
	f.send("PUT", "", "/_mockdesk/clock", `{"mode": "frozen", "at": "2025-06-02T13:00:00Z"}`).want(200)
	f.send("POST", "", "/_mockdesk/snapshot", `{"name": "after"}`).want(200)
	var got []string
	for _, words := range f.compared("before", "after") {
		if before, _, cut := strings.Cut(words, ", updated_at"); cut {
			words = before
		}
		got = append(got, words)
	}
	want := []string{
		"clock: frozen at 2025-06-02T12:00:00Z → frozen at 2025-06-02T13:00:00Z",
		"rate_limit: 50/1m → off",
		"key inboxops/read-only: revoked, read_only → read_only",
		`fault slow: nothing → {"then":{"latency":{"fixed":"1s"}}}`,
		`fault fault-1: {"match":{"operation":"addInternalNote"},"then":{"status":{"code":"503"}}} → nothing`,
		"ticket 1001 (stuck): status waiting → open, status_name Waiting on customer → New, tags billing → billing, vip, " +
			"remind_at 2025-06-09T14:00:00.000Z → nothing, remind_status In progress → nothing",
		"ticket 1001 (stuck) has a message of the customer more: It hangs again.",
		"ticket 1002 (silent) is gone: Mobile app crashes when scanning ORD-954239",
		"ticket 1004 (late) is new: Too late, New, with 0 messages",
		"refunds of project checkout has a message more: Thanks.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	back := f.compared("after", "before")
	for _, want := range []string{"ticket 1001 (stuck) has lost a message of the customer: It hangs again.", "ticket 1004 (late) is gone: Too late", "refunds of project checkout has lost a message: Thanks."} {
		if !strings.Contains(strings.Join(back, "\n"), want) {
			t.Errorf("the other way round, no %q in\n%s", want, strings.Join(back, "\n"))
		}
	}
	f.send("PUT", "", "/_mockdesk/case.yaml", "world: empty").want(200)
	if got := f.compared("before", ""); !strings.Contains(strings.Join(got, "\n"), "project checkout is gone") {
		t.Errorf("another case: %v", got)
	}
}
