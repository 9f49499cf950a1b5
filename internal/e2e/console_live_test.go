//go:build e2e

package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A page whose server goes away says so, and is true again when one is back.
func TestConsoleRestart(t *testing.T) {
	t.Parallel()
	first := serve(t, "--rate-limit", "3/10s")
	first.gets(t, 200, "GET", tickets, readWrite, "")
	b := visit(t, first, "/_mockdesk/")
	b.sees("#request-rows .entry", "listTickets")
	b.sees("#glance", "3 per 10s")
	b.press(`.tabs a[href="#faults"]`)
	b.press("#preset-no-entitlement")
	b.sees("#fault-count", "1")
	b.expects("network")
	if err := first.process.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b.wait(`!document.getElementById("banner").hidden`)
	b.sees("#banner", "does not answer")
	b.press("#preset-flaky-5xx")
	b.sees(".toast.bad", "Not done: the server does not answer.")
	b.screen("lost")
	_ = first.process.Wait()
	serve(t, "--addr", strings.TrimPrefix(first.url, "http://")) // of flags given twice the last one holds
	b.wait(`document.getElementById("banner").hidden`)
	b.sees("#glance", "no rate limit")
	b.wait(`document.getElementById("fault-count").hidden`)
	b.sees("#rules", "No rule is on")
	b.section("requests")
	b.wait(`!document.getElementById("request-empty").hidden`)
	first.gets(t, 200, "GET", tickets+"?status=open", readWrite, "")
	b.sees("#request-rows .url", "status=open")
	b.wait(`!document.body.textContent.includes("Failed to fetch")`)
}

// A server that is there and says nothing is as good as gone, within 2 s on a
// machine with nothing else to do.
func TestConsoleSilence(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	b.sees("#rules", "No rule is on")
	b.expects("network")
	if err := b.server.process.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	b.wait(`!document.getElementById("banner").hidden`)
	b.do(chromedp.Evaluate(`document.documentElement.dataset.before = "yes"`, nil))
	if err := b.server.process.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	b.wait(`document.getElementById("banner").hidden`)
	b.server.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"after all","then":{"status":{"code":"503"}}}`)
	b.sees("#rules", "after all")
	b.wait(`document.documentElement.dataset.before`) // nobody has loaded the page again
}

// What others do shows without a touch.
func TestConsoleOthers(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	s := b.server
	b.sees("#rules", "No rule is on")
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"of another","then":{"status":{"code":"503"}}}`)
	b.sees("#rules", "of another")
	b.sees("#fault-count", "1")
	s.gets(t, 204, "DELETE", "/_mockdesk/faults", "", "")
	b.sees("#rules", "No rule is on")
	s.gets(t, 200, "PUT", "/_mockdesk/clock", "", `{"mode":"frozen","at":"2025-06-02T09:00:00Z"}`)
	b.sees("#glance", "clock frozen")
	s.gets(t, 200, "PUT", "/_mockdesk/rate-limit", "", `{"rate_limit":"9/1m"}`)
	b.sees("#glance", "9 per 1m")
	b.section("levers")
	b.sees("#clock-now", "09:00:00")
	s.gets(t, 200, "POST", "/_mockdesk/clock/advance", "", `{"by":"1h"}`)
	b.sees("#clock-now", "10:00:00")
	b.section("keys")
	b.sees(`[data-key="inboxops-read-write"] .pill`, "works")
	s.gets(t, 200, "PATCH", "/_mockdesk/keys/inboxops/read-write", "", `{"revoked":true}`)
	b.sees(`[data-key="inboxops-read-write"] .pill`, "401")
	b.section("workspaces")
	s.gets(t, 201, "POST", "/_mockdesk/workspaces", "", `{"name":"of-another"}`)
	b.sees("#workspace-list", "of-another")
}

// The list says what was not as it should be: an answer that broke off, a retry
// that came too early, what the request itself asked for.
func TestConsoleHonest(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/")
	s := b.server
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"a cut","when":{"times":1},"then":{"body":{"cut_after":20}}}`)
	s.gets(t, 0, "GET", tickets+"?per_page=2", readWrite, "")
	b.wait(`/^200, cut after 20 of [\d,]+ bytes$/.test(document.querySelector("#request-rows .pill.s0")?.textContent)`)
	b.sees("#request-rows .fault a", "a cut")
	s.gets(t, 200, "GET", tickets+"?per_page=3", readWrite, "")
	b.choose("#filter-status", "2")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 1`)
	b.choose("#filter-status", "0")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 1`)
	b.press("#request-rows .open")
	b.sees("#exchange[open] .breach", "broken off after 20")
	b.sees("#exchange .facts", "Request check")
	b.press("#again")
	b.sees("#toasts", "It was sent")
	b.press("#exchange-close")
	b.choose("#filter-status", "")
	b.wait(`[...document.querySelectorAll("#request-rows .url")].filter((e) => e.textContent.endsWith("per_page=2")).length === 2`)
	if got := b.read(`document.querySelector("#request-rows .pill").textContent`); got != "200" {
		t.Errorf("sent again it is %s", got)
	}

	if got := s.ask(t, "GET", tickets+"?per_page=4", readWrite, "", "Prefer: code=429, retry-after=30"); got.status != 429 {
		t.Fatalf("Prefer: %d", got.status)
	}
	b.sees("#request-rows .fault", "Prefer: code=429")
	b.do(chromedp.Evaluate(`new Promise((resolve) => setTimeout(resolve, 300))`, nil, awaitPromise))
	s.gets(t, 200, "GET", tickets+"?per_page=4", readWrite, "")
	b.sees("#request-rows .early", "asked for 30 s")
	b.choose("#filter-show", "early")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 1`)
	b.press("#request-rows .open")
	b.sees("#exchange[open] .facts", "retried after ")
	b.press("#exchange-close")
	b.choose("#filter-show", "")
	b.screen("honest")
	b.press("#request-rows .fault a")
	b.wait(`location.hash.startsWith("#faults/")`)
	b.sees("#rules .rule[aria-current]", "a cut")

	// Without its script the page says the same.
	if page := s.gets(t, 200, "GET", "/_mockdesk/", "", "").body; !strings.Contains(page, "200, cut after 20 of ") || !strings.Contains(page, `">a cut</a>`) || !strings.Contains(page, "Prefer: code=429") {
		t.Errorf("the page without a script: %.3000s", page)
	}
}

// A tab that nobody looks at gives its connections up: a browser has six for all
// tabs of a server. When it is looked at again, it is true at once.
func TestConsoleHiddenTab(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	b := visit(t, s, "/_mockdesk/#data")
	b.press("#name-stuck")
	b.sees("#thread", "It hangs.")
	b.wait(`document.documentElement.dataset.ready`)
	hide := func(hidden bool) {
		t.Helper()
		b.do(chromedp.Evaluate(fmt.Sprintf(`Object.defineProperty(document, "hidden", {configurable: true, get: () => %t}); document.dispatchEvent(new Event("visibilitychange"))`, hidden), nil))
	}
	// A server that was slow for a moment has the page drawn anew, the thread last.
	b.wait(`document.getElementById("banner").hidden && document.getElementById("thread")?.textContent.includes("It hangs.")`)
	hide(true)
	s.gets(t, 201, "POST", "/_mockdesk/desk/tickets/stuck/messages", "", `{"from":"customer","text":"Meanwhile."}`)
	s.gets(t, 200, "GET", tickets+"?page=2", readWrite, "")
	b.do(chromedp.Evaluate(`new Promise((resolve) => setTimeout(resolve, 1000))`, nil, awaitPromise))
	if b.read(`document.getElementById("thread")?.textContent.includes("Meanwhile.")`) == "true" {
		t.Error("a tab that nobody looks at follows events")
	}
	hide(false)
	b.sees("#thread", "Meanwhile.")
	b.sees("#request-rows .url", "page=2")
	s.gets(t, 201, "POST", "/_mockdesk/desk/tickets/stuck/messages", "", `{"from":"customer","text":"And now."}`)
	b.sees("#thread", "And now.")
}

// A server that is slow now and then has the page drawn anew, also while it is
// being drawn. What was open and what was being written stay, and no stream is
// left behind: a browser has six connections for a server.
func TestConsoleSlowServer(t *testing.T) {
	t.Parallel()
	b := visit(t, arranged(t), "/_mockdesk/")
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`window.streams = []; window.EventSource = class extends EventSource { constructor(...all) { super(...all); streams.push(this); } };`).Do(ctx)
		return err
	}), chromedp.Navigate(b.server.url+"/_mockdesk/#data"), reload)
	again := func() { // at every moment of a drawing
		t.Helper()
		b.do(chromedp.Evaluate(`(async () => { for (let i = 0; i < 12; i++) {
			document.dispatchEvent(new CustomEvent("changed:all"));
			await new Promise((resolve) => setTimeout(resolve, 3 * i));
		} })()`, nil, awaitPromise))
	}
	keeps := func(input, text string) {
		t.Helper()
		b.write(input, text)
		again()
		b.do(chromedp.Evaluate(`new Promise((resolve) => setTimeout(resolve, 500))`, nil, awaitPromise))
		b.wait(fmt.Sprintf(`document.querySelector(%q)?.value === %q`, input, text))
	}
	again()
	b.press("#name-stuck")
	b.sees("#thread", "It hangs.")
	keeps("#write-text", "Half a sent")
	keeps("#query", "exp")
	b.sees("#thread", "It hangs.")
	b.press("#view-threads")
	b.press("#projects .ticket")
	b.sees("#posts", "Why?")
	keeps("#post-text", "Half an ans")
	b.sees("#posts", "Why?")
	b.press("#view-events")
	b.sees("#event-list", "Nothing has happened yet")
	keeps("#event-text", "stuck")
	b.press("#view-tickets")
	b.press("#name-stuck")
	b.sees("#thread", "It hangs.")
	b.expects("network") // a look at the ticket may be under way when it goes
	b.server.gets(t, 204, "DELETE", "/_mockdesk/desk/tickets/stuck", "", "")
	b.sees("#timeline", "This ticket is gone.")
	again()
	b.wait(`streams.filter((s) => s.readyState !== EventSource.CLOSED).length === 2`)
}
