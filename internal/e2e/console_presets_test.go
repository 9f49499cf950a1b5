//go:build e2e

package e2e_test

import "testing"

// A preset is opened, changed, put in force and kept; what is kept is there when
// the page is opened again, and gone when it is removed.
func TestConsolePresets(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	s := b.server
	b.press("#open-revoked-mid-session")
	b.sees("#rule-title", "Change the preset revoked-mid-session")
	b.write("#rule-when [data-value]", "2")
	b.choose("#rule-operation", "inboxops/listTickets")
	b.write("#preset-name", "revoked early")
	b.press("#preset-save")
	b.sees("#presets", "after the first 2: answer 401 unauthorized")
	b.press("#rule-add")
	b.sees("#rules", "after the first 2")
	for _, want := range []int{200, 200, 401} {
		s.gets(t, want, "GET", tickets, readWrite, "")
	}
	b.clears()

	b.press("#open-flaky-5xx") // which has two rules
	b.press("#rule-of-1")
	b.choose("#rule-then [data-field=code]", "429")
	b.press("#rule-of-0")
	b.sees("#rule-words", "20 % of them by chance: answer 500")
	b.write("#rule-when [data-value]", "10")
	b.write("#preset-name", "flaky-5xx")
	b.press("#preset-save")
	b.sees(".toast.bad", "stays as it is. Hint: my-flaky-5xx")
	b.write("#preset-name", "my-flaky-5xx")
	b.press("#preset-save")
	b.sees("#presets", "10 % of them by chance: answer 500 server error; calls, 25 % of them by chance: answer 429")
	b.screen("preset")
	b.press("#rule-add")
	b.sees("#toasts", "2 rules are on")
	b.wait(`document.querySelectorAll("#rules .rule").length === 2`)
	b.sees("#rule-title", "Make a rule")
	b.clears()

	b.do(reload)
	b.press(`[id="preset-revoked early"]`)
	b.sees("#rules", "after the first 2")
	b.press(`[id="open-revoked early"]`)
	b.sees("#rule-title", "Change the preset revoked early")
	b.press("#preset-save") // over itself
	b.wait(`[...document.querySelectorAll("#presets h3")].filter((e) => e.textContent === "revoked early").length === 1`)
	b.press(`[id="forget-revoked early"]`)
	b.wait(`![...document.querySelectorAll("#presets h3")].some((e) => e.textContent === "revoked early")`)
	b.press("#toasts .copy")
	b.sees("#presets h3", "revoked early")
}

// The form narrows by method, query, header and body, and says which requests that
// would have changed.
func TestConsoleNarrow(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	note := func(text string) answer {
		return s.ask(t, "POST", tickets+"/1001/messages", readWrite, `{"type":"internal_note","body_text":"`+text+`"}`)
	}
	note("calm")
	note("urgent")
	s.ask(t, "GET", tickets+"?page=2", readWrite, "", "X-Test: one")
	b := visit(t, s, "/_mockdesk/#faults")
	b.choose("#rule-operation", "")
	b.when()
	b.then("status", "code", "503")
	b.press("#rule-more summary")
	b.write("#rule-body", "urgent")
	b.sees("#rule-words", "All calls with “urgent” in the body: answer 503")
	b.sees("#rule-hits", "Matches 1 of the last")
	b.press("#rule-add")
	b.sees("#rules", "in the body")
	if calm, urgent := note("calm").status, note("urgent").status; calm != 201 || urgent != 503 {
		t.Errorf("got %d and %d, want 201 and 503", calm, urgent)
	}
	b.clears()

	b.choose("#rule-operation", "") // the form is as at first
	b.when()
	b.then("status", "code", "503")
	b.press("#rule-more summary")
	b.choose("#rule-method", "GET")
	b.write("#rule-query", "page: 2")
	b.write("#rule-header", "X-Test: *")
	b.sees("#rule-words", "All GET calls with X-Test asking for page=2: answer 503")
	b.sees("#rule-hits", "Matches 1 of the last")
	b.press("#rule-add")
	b.sees("#rules", "asking for page=2")
	for path, want := range map[string]int{"?page=2": 503, "?page=3": 200} {
		if got := s.ask(t, "GET", tickets+path, readWrite, "", "X-Test: two").status; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	s.gets(t, 200, "GET", tickets+"?page=2", readWrite, "") // without the header
}

// Requests are grouped by what tells clients or tests apart, and pauses are seen.
func TestConsoleGroups(t *testing.T) {
	t.Parallel()
	s := serve(t)
	ask := func(agent, test string) {
		if got := s.ask(t, "GET", tickets, readWrite, "", "User-Agent: "+agent, "X-Test: "+test); got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	ask("app/1", "login")
	ask("app/2", "login")
	s.gets(t, 200, "POST", "/_mockdesk/clock/advance", "", `{"by":"90s"}`)
	ask("app/1", "sync")
	b := visit(t, s, "/_mockdesk/")
	b.wait(`document.documentElement.dataset.ready`)
	b.sees("#zone", "Times are UTC")
	b.wait(`document.querySelector("#request-rows .entry [data-f=gap]").textContent === "+ 2 min"`)
	groups := func(want string) {
		t.Helper()
		b.wait(`[...document.querySelectorAll("#request-rows .group")].map((e) => e.textContent.trim()).join("; ") === ` + want)
	}
	b.choose("#filter-group", "User-Agent")
	groups(`"app/1 2 requests; app/2 1 request"`)
	b.choose("#filter-group", "X-Test")
	groups(`"sync 1 request; login 2 requests"`)
	ask("app/3", "logout") // while it is looked at
	groups(`"logout 1 request; sync 1 request; login 2 requests"`)
	b.write("#filter-text", "nothing like it")
	b.wait(`!document.getElementById("request-none").hidden`)
	b.write("#filter-text", "")
	b.screen("groups")
	b.press(`#request-rows .open`)
	b.sees("#exchange-title", "listTickets")
}
