//go:build e2e

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestConsoleFaults(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	b.sees("#rules", "No rule is on")
	b.press("#preset-no-entitlement")
	b.sees("#rules", "no API access")
	b.sees("#fault-count", "1")
	b.server.gets(t, 403, "GET", tickets, readWrite, "")
	b.sees("#rules .pill.s4", "1 changed")
	b.press("#rules .copy.danger")
	b.sees("#rules", "No rule is on")
	b.server.gets(t, 200, "GET", tickets, readWrite, "")

	b.sees("#rule-words", "The next 3 list tickets calls: answer 429 rate limited, Retry-After 5 s.")
	b.press("#rule-add")
	b.sees("#rules", "the next 3 list tickets calls: answer 429 rate limited, Retry-After 5 s")
	for range 3 {
		if got := b.server.gets(t, 429, "GET", tickets, readWrite, ""); got.retryAfter != "5" {
			t.Errorf("Retry-After %q, want 5", got.retryAfter)
		}
	}
	b.server.gets(t, 200, "GET", tickets, readWrite, "")
	b.sees("#rules [data-state]", "used up")
	b.wait(`document.getElementById("fault-count").hidden`)
	b.screen("faults")
	b.exports(t)
	b.press("#clear-faults")
	b.sees("#rules", "No rule is on")
	b.effects(t)
	b.presets(t)
}

// presets puts each preset in force by its button.
func (b *tab) presets(t *testing.T) {
	t.Helper()
	all := regexp.MustCompile(`\{"name":"([a-z0-9-]+)","about"`).FindAllStringSubmatch(b.server.gets(t, 200, "GET", "/_mockdesk/presets", "", "").body, -1)
	if len(all) < 5 {
		t.Fatalf("there are %d presets", len(all))
	}
	for _, preset := range all {
		b.press("#preset-" + preset[1])
		b.sees("#toasts", preset[1]+" is on")
		b.wait(`document.querySelectorAll("#rules .rule").length > 0`)
		b.press("#clear-faults")
		b.sees("#rules", "No rule is on")
	}
}

// exports replays the exported rules with serve --faults.
func (b *tab) exports(t *testing.T) {
	t.Helper()
	rules := b.downloads("#export-faults", "retry_after: 5")
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	replay := serve(t, "--faults", file)
	if got := replay.gets(t, 429, "GET", tickets, readWrite, ""); got.retryAfter != "5" {
		t.Errorf("replayed: Retry-After %q, want 5", got.retryAfter)
	}
}

// clears takes all rules away.
func (b *tab) clears() {
	b.t.Helper()
	b.press("#clear-faults")
	b.sees("#rules", "No rule is on")
}

// when makes the conditions of the form those that are given, each a name and a value.
func (b *tab) when(conditions ...string) {
	b.t.Helper()
	for b.read(`document.querySelectorAll("#rule-when .copy").length`) != "0" {
		b.press("#rule-when .copy")
	}
	for i := 0; i < len(conditions); i += 2 {
		b.press("#when-add")
		row := fmt.Sprintf("#rule-when > :nth-child(%d) ", i/2+1)
		b.choose(row+"[data-kind]", conditions[i])
		b.write(row+"[data-value]", conditions[i+1])
	}
}

// then makes the effect of the form one of a kind, with the values of its fields.
func (b *tab) then(kind string, fields ...string) {
	b.t.Helper()
	b.choose("#rule-then [data-kind]", kind)
	for i := 0; i < len(fields); i += 2 {
		field := fmt.Sprintf("#rule-then [data-field=%q]", fields[i])
		switch b.read(fmt.Sprintf("document.querySelector(%q).type", field)) {
		case "select-one":
			b.choose(field, fields[i+1])
		case "checkbox":
			b.press(field)
		default:
			b.write(field, fields[i+1])
		}
	}
}

// effects puts each kind of fault in force and looks at what a client gets.
func (b *tab) effects(t *testing.T) {
	t.Helper()
	read := tickets + "/1001/messages"
	for _, effect := range []struct {
		words string
		kind  []string
		want  int
		holds string
	}{
		{"answer 401 unauthorized", []string{"status", "code", "401"}, 401, ""},
		{"answer 403, no API access", []string{"status", "code", "forbidden"}, 403, ""},
		{"answer 403, key is read-only", []string{"status", "code", "insufficient_scope"}, 403, "insufficient_scope"},
		{"answer 503 unavailable, Retry-After 7 s", []string{"status", "code", "503", "retry_after", "7"}, 503, ""},
		{"answer 500 server error", []string{"status", "code", "500", "detail", "Boom."}, 500, "Boom."},
		{"answer 429 rate limited, Retry-After 5 s, as a date", []string{"status", "retry_after_as", "date"}, 429, ""},
		{"answer 503 unavailable, Retry-After 5 s, and refuse until it has passed", []string{"status", "code", "503", "hold", "on"}, 503, ""},
		{"answer as a gateway with 504 Gateway Timeout", []string{"gateway", "status", "504"}, 504, "<h1>504 Gateway Timeout</h1>"},
		{"answer as a gateway with 302 Found, which leads to /api/v1/openapi.json", []string{"gateway", "status", "302", "location", "/api/v1/openapi.json"}, 200, `"openapi"`},
		{"tell of a limit of 5, in 1m", []string{"rate_limit"}, 200, ""},
		{"send 100000 bytes of the body a second", []string{"body", "cut_share", "", "bytes_per_second", "100000"}, 200, ""},
		{"send 100000 bytes of the body a second, cut the body after 50 % of it", []string{"body", "bytes_per_second", "100000"}, 0, ""},
		{"lose the connection by a reset", []string{"connection"}, 0, ""},
		{"cut the body after 50 % of it", []string{"body"}, 0, ""},
		{"cut the body after 7 bytes", []string{"body", "cut_share", "", "cut_after", "7"}, 0, ""},
		{"send broken JSON", []string{"malformed"}, 200, ""},
		{"wait 300ms", []string{"latency", "fixed", "300ms"}, 200, ""},
		{"say Content-Type text/plain", []string{"content_type", "", "text/plain"}, 200, ""},
		{"have other headers", []string{"headers"}, 200, ""},
		{"make /data/*/direction null", []string{"violation", "pointer", "/data/*/direction"}, 200, `"direction":null`},
		{"make /data/0/type of a wrong type", []string{"violation", "pointer", "/data/0/type", "make", "wrong-type"}, 200, `"type":42`},
		{"make /data/*/direction an unknown value", []string{"violation", "pointer", "/data/*/direction", "make", "unknown-enum"}, 200, `"unheard_of"`},
		{"make /data/*/direction missing", []string{"violation", "pointer", "/data/*/direction", "make", "missing"}, 200, ""},
	} {
		b.when()
		b.choose("#rule-operation", "inboxops/listTicketMessages")
		b.then(effect.kind[0], effect.kind[1:]...)
		b.sees("#rule-words", "All list ticket messages calls: "+effect.words)
		b.press("#rule-add")
		b.wait(`document.querySelectorAll("#rules .rule").length === 1`)
		if got := b.server.gets(t, effect.want, "GET", read, readWrite, ""); !strings.Contains(got.body, effect.holds) {
			t.Errorf("%s: a client gets %.300s", effect.words, got.body)
		}
		b.server.gets(t, 200, "GET", tickets, readWrite, "") // of another operation
		b.clears()
	}
}

// Each condition of a rule holds for a client, and the form says beforehand which
// of the requests there were it would have changed.
func TestConsoleConditions(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	for i := range 6 {
		s.gets(t, 200, "GET", fmt.Sprintf("%s?page=%d", tickets, i+1), readWrite, "")
	}
	b := visit(t, s, "/_mockdesk/#faults")
	for _, test := range []struct {
		words string
		when  []string
		hits  string // of the six
		want  []int  // of the next
	}{
		{"All list tickets calls: ", nil, "would have changed 6: ", []int{503, 503, 503}},
		{"List tickets calls, only the 3rd: ", []string{"nth", "3"}, "would have changed 1: ", []int{200, 200, 503, 200}},
		{"List tickets calls, after the first 2: ", []string{"after", "2"}, "would have changed 4: ", []int{200, 200, 503, 503}},
		{"List tickets calls, every 2nd: ", []string{"every", "2"}, "would have changed 3: ", []int{200, 503, 200, 503}},
		{"List tickets calls, after the first 1, every 2nd, once at most: ", []string{"after", "1", "every", "2", "times", "1"}, "would have changed 1: ", []int{200, 200, 503, 200, 200}},
		{"List tickets calls, 100 % of them by chance: ", []string{"probability", "100"}, "would have changed 6, each with 100 % chance", []int{503, 503}},
		{"The next list tickets call: ", []string{"times", "1"}, "would have changed 1: ", []int{503, 200}},
	} {
		b.choose("#rule-operation", "inboxops/listTickets")
		b.when(test.when...)
		b.then("status", "code", "503")
		b.sees("#rule-words", test.words+"answer 503 unavailable")
		b.sees("#rule-hits", "Matches 6 of the last 6 requests; "+test.hits)
		b.press("#rule-add")
		b.wait(`document.querySelectorAll("#rules .rule").length === 1`)
		for i, want := range test.want {
			if got := s.ask(t, "GET", tickets, readWrite, ""); got.status != want {
				t.Errorf("%srequest %d is %d, want %d", test.words, i+1, got.status, want)
			}
		}
		b.clears()
		s.gets(t, 204, "DELETE", "/_mockdesk/requests", "", "")
		for i := range 6 {
			s.gets(t, 200, "GET", fmt.Sprintf("%s?page=%d", tickets, i+1), readWrite, "")
		}
		b.do(reload)
		b.wait(`document.documentElement.dataset.ready && document.getElementById("rule-words")?.textContent`)
	}

	// For 30 s of the clock, of one ticket by its name, and with one kind of key.
	b.choose("#rule-operation", "")
	b.when("for", "30s")
	b.write("#rule-path", "stuck")
	b.choose("#rule-key", "read-only")
	b.press("#rule-add")
	b.sees("#rules .rule", "calls about the ticket stuck with the read-only key, for 30s")
	messages := tickets + "/" + s.known(t, "stuck") + "/messages"
	s.gets(t, 429, "GET", messages, "ixk_test_readonly", "")
	s.gets(t, 200, "GET", messages, readWrite, "")
	s.gets(t, 200, "GET", tickets+"/1001/messages", "ixk_test_readonly", "")
	s.gets(t, 200, "POST", "/_mockdesk/clock/advance", "", `{"by":"30s"}`)
	s.gets(t, 200, "GET", messages, "ixk_test_readonly", "")
	b.sees("#rules [data-state]", "used up")
	b.screen("rule")
	b.expects("network")
	b.when("nth", "0")
	b.press("#rule-add")
	b.sees(".toast.bad", "can never fire")
}

// A rule is switched off and on, changed, doubled, moved, armed again, and comes
// back when it was taken away by mistake.
func TestConsoleRules(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"first","match":{"operation":"listTickets","method":"GET","header":{"X-Only":"*"}},"when":{"times":1},"then":{"status":{"code":"503"},"latency":{"min":"1ms","max":"2ms"}}}`)
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"second","match":{"operation":"listTickets"},"then":{"status":{"code":"500"}}}`)
	b := visit(t, s, "/_mockdesk/#faults")
	gets := func(want int) {
		t.Helper()
		if got := s.ask(t, "GET", tickets, readWrite, "", "X-Only: me"); got.status != want {
			t.Errorf("a client gets %d, want %d", got.status, want)
		}
	}
	names := func(want ...string) {
		t.Helper()
		b.wait(fmt.Sprintf(`[...document.querySelectorAll("#rules .rule strong")].map((e) => e.textContent).join() === %q`, strings.Join(want, ",")))
	}
	names("first", "second")
	gets(503)
	gets(500)
	b.sees(`[data-rule="fault-1"] [data-state]`, "1 changed, used up")
	b.sees("#fault-count", "1")
	b.press("#arm-fault-1")
	b.sees("#fault-count", "2")
	gets(503)

	b.press(`[data-rule="fault-2"] .toggle input`)
	b.sees(`[data-rule="fault-2"] [data-state]`, "off")
	gets(200)
	b.press(`[data-rule="fault-2"] .toggle input`)
	b.sees("#toasts", "The rule is on")
	gets(500)
	b.press("#up-fault-2")
	names("second", "first")
	b.press("#arm-fault-1")
	gets(500)
	b.press("#down-fault-2")
	names("first", "second")
	gets(503)

	b.press("#edit-fault-1") // which keeps what the form does not ask for
	b.sees("#rule-title", "Change the rule")
	b.sees("#rule-words", "with X-Only")
	b.when("nth", "2")
	b.choose("#rule-then [data-field=code]", "404")
	b.press("#rule-add")
	b.sees(`[data-rule="fault-1"]`, "only the 2nd: answer 404 not found, then wait 1ms to 2ms")
	gets(500)
	gets(404)
	s.gets(t, 500, "GET", tickets, readWrite, "") // without the header
	b.press("#twice-fault-2")
	names("first", "second", "second")
	b.press("#remove-fault-2")
	names("first", "second")
	b.sees(`#rules .rule:nth-child(2) .toggle`, "second")
	b.press("#toasts .copy")
	names("first", "second", "second")
	b.wait(`[...document.querySelectorAll("#rules .rule")].map((e) => e.dataset.rule).join() === "fault-1,fault-2,fault-3"`)
	b.press("#off-faults")
	b.wait(`document.getElementById("fault-count").hidden && document.querySelectorAll("#rules .rule.idle").length === 3`)
	gets(200)
	b.screen("rules")
	b.press("#clear-faults")
	b.sees("#rules", "No rule is on")
	b.press("#toasts .copy")
	names("first", "second", "second")
}
