//go:build e2e

package e2e_test

import (
	"net/http"
	"strings"
	"testing"
)

// The everyday cases of a tester, from start to end with the page alone. The app
// under test is played by requests that know nothing of mockdesk.

// app asks for a list of tickets as the app does.
func (s *server) app(t *testing.T, path string) answer {
	t.Helper()
	return s.ask(t, "GET", path, readWrite, "", "User-Agent: the-app/1.0")
}

// form waits until the form of a rule can be filled in.
func (b *tab) form() {
	b.t.Helper()
	b.wait(`document.getElementById("rule-words")?.textContent && document.querySelector("#rule-then [data-kind]")`)
}

func TestCaseKeyRevokedInTheMiddle(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/")
	s := b.server
	b.section("faults")
	b.press("#open-revoked-mid-session")
	b.write("#rule-when [data-value]", "2")
	b.choose("#rule-key", "read-write") // this app's, not everybody's
	b.sees("#rule-words", "Calls with the read-write key, after the first 2: answer 401 unauthorized")
	b.press("#rule-add")
	b.sees("#rules", "after the first 2")
	for i, want := range []int{200, 200, 401, 401} {
		if got := s.app(t, tickets); got.status != want {
			t.Errorf("request %d: %d, want %d", i+1, got.status, want)
		}
	}
	s.gets(t, 200, "GET", tickets, "ixk_test_readonly", "") // another app goes on
	b.section("requests")
	b.choose("#filter-status", "4")
	b.wait(`document.querySelectorAll("#request-rows .entry").length === 2`)
	b.sees("#request-rows .fault a", "calls with the read-write key, after the first 2")
	b.section("faults")
	b.press("#rules .toggle input") // the key works again
	b.sees("#toasts", "The rule is off")
	if got := s.app(t, tickets); got.status != 200 {
		t.Errorf("with the rule off: %d", got.status)
	}
}

// The same by pressing Revoke while the app runs: a key's turn is a part of the case.
func TestCaseKeyRevokedByHand(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#keys")
	s := b.server
	press := func(want int) {
		t.Helper()
		if got := s.app(t, tickets); got.status != want {
			t.Errorf("the app gets %d, want %d", got.status, want)
		}
	}
	press(200)
	b.press("#revoke-inboxops-read-write")
	b.sees("#toasts", "read-write is revoked: 401 from now on.")
	b.sees("#revoke-inboxops-read-write", "Restore")
	press(401)
	b.press("#revoke-inboxops-read-write")
	b.sees("#toasts", "read-write works again.")
	press(200)
	b.section("workspaces")
	b.saved("#case-test", "url: /_mockdesk/keys/inboxops/read-write")
	b.sees("#saved-said", "with 3 requests and 2 changes by hand between them.")
	b.sees("#saved .steps", "presses Replay, which sends the 3 requests again")
	b.screen("case-saved")
	b.press("#replay-test")
	b.sees("#replay-said", "3 requests sent again: all got what they got before.")
	b.sees("#replay-of", "that clients have sent")
	b.sees("#replay-rows", "By hand: key read-write of inboxops changed. {\"revoked\":true}")
	b.sees("#replay-rows", "By hand: key read-write of inboxops changed. {\"revoked\":false}")
	b.screen("case-key-replayed")
}

func TestCaseThirdListThrottledFor30s(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	s := b.server
	b.form()
	b.when("nth", "3")
	b.then("status", "code", "429", "retry_after", "30", "hold", "on")
	b.sees("#rule-words", "List tickets calls, only the 3rd: answer 429 rate limited, Retry-After 30 s, and refuse until it has passed.")
	b.press("#rule-add")
	b.sees("#rules [data-state]", "waits")
	for i, want := range []int{200, 200, 429, 429} {
		got := s.app(t, tickets)
		if got.status != want {
			t.Errorf("list %d: %d, want %d", i+1, got.status, want)
		}
		if i == 2 && got.retryAfter != "30" {
			t.Errorf("Retry-After %s, want 30", got.retryAfter)
		}
	}
	b.section("requests")
	b.sees("#request-rows .early", "asked for 30 s")
	b.choose("#filter-show", "early")
	b.wait(`document.querySelectorAll("#request-rows .entry").length === 1`)
	b.screen("case-throttled")
	b.section("levers") // nobody waits for half a minute
	b.write("#clock-by", "30s")
	b.press("#clock-advance")
	b.sees("#toasts", "30s")
	if got := s.app(t, tickets); got.status != 200 {
		t.Errorf("after 30 s: %d, want 200", got.status)
	}
	b.section("faults")
	b.sees("#rules [data-state]", "used up")
}

func TestCaseTimelineCutInItsMiddle(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	s := b.server
	b.form()
	b.when()
	b.choose("#rule-operation", "inboxops/listTicketMessages")
	b.write("#rule-path", "long-thread")
	b.then("body", "cut_share", "50")
	b.sees("#rule-words", "calls about the ticket long-thread: cut the body after 50 % of it")
	b.press("#rule-add")
	b.sees("#rules", "long-thread")
	path := tickets + "/" + s.known(t, "long-thread") + "/messages"
	if got := s.app(t, path); got.status != 0 || !strings.Contains(got.body, "unexpected EOF") {
		t.Errorf("the app gets %d %.100s, want half a body", got.status, got.body)
	}
	s.gets(t, http.StatusOK, "GET", tickets+"/1001/messages", readWrite, "") // another timeline
	b.section("requests")
	b.choose("#filter-status", "0")
	b.wait(`document.querySelectorAll("#request-rows .entry").length === 1`)
	b.wait(`(() => { const [, sent, all] = /^200, cut after ([\d,]+) of ([\d,]+) bytes$/.exec(document.querySelector("#request-rows .pill").textContent).map((n) => Number(n.replaceAll(",", "")));
		return sent > 100 && Math.abs(sent / all - 0.5) < 0.01; })()`)
	b.press("#request-rows .open")
	b.sees("#exchange-body", "the connection was broken off after")
}

func TestCaseFieldThatIsNull(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	s := b.server
	b.form()
	b.when()
	b.choose("#rule-operation", "inboxops/listTickets")
	b.choose("#rule-then [data-kind]", "violation")
	b.wait(`[...document.querySelectorAll("#pointers option")].some((o) => o.value === "/data/*/assignee_id")`) // the contract's fields are offered
	b.write("#rule-then [data-field=pointer]", "/data/*/priority")
	b.sees("#rule-words", "All list tickets calls: make /data/*/priority null.")
	b.press("#rule-add")
	b.sees("#rules", "/data/*/priority null")
	if got := s.app(t, tickets+"?per_page=2"); strings.Count(got.body, `"priority":null`) != 2 {
		t.Errorf("the app gets %.500s", got.body)
	}
	b.section("requests")
	b.sees("#request-rows .fault a", "make /data/*/priority null")
	b.press("#request-rows .open")
	b.sees("#exchange-body", `"priority": null`)
	b.press("#exchange-close")
	b.section("faults")
	b.clears()
	if got := s.app(t, tickets+"?per_page=2"); strings.Contains(got.body, `"priority":null`) {
		t.Errorf("without the rule: %.500s", got.body)
	}
}
