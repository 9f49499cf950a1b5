//go:build e2e

package e2e_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	readWrite = "ixk_test_readwrite"
	tickets   = "/api/v1/tickets"
	seenNote  = `{"type":"internal_note","body_text":"seen"}`
)

func TestConsoleRequests(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/")
	b.sees("#request-empty", "No requests yet")
	b.sees("#first-curl", "Bearer "+readWrite)
	b.press("#request-empty .button.primary")
	b.sees("#request-rows .entry", "listTickets")
	b.sees("#request-rows .entry", "read-write")
	b.sees("#request-rows .pill.s2", "200")

	b.server.gets(t, 401, "GET", tickets, "ixk_test_revoked", "")
	b.server.gets(t, 200, "GET", tickets+"?bogus=1", readWrite, "")
	b.sees("#request-rows .pill.s4", "401")
	b.sees("#request-rows .mark.bad", "1 breach")

	b.choose("#filter-status", "4")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 1`)
	b.choose("#filter-status", "")
	b.choose("#filter-show", "breach")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 1`)
	b.choose("#filter-show", "")
	b.write("#filter-text", "bogus")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 1`)
	b.write("#filter-text", "nothing has this")
	b.wait(`!document.getElementById("request-none").hidden`)
	b.write("#filter-text", "")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 3`)

	b.press("#pause")
	b.server.gets(t, 200, "GET", tickets, readWrite, "")
	b.sees("#pause", "Resume (1 new)")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 3`)
	b.press("#pause")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 4`)

	b.press("#request-rows tr:nth-child(2) .open")
	b.sees("#exchange[open] .breaches", "bogus")
	b.sees("#exchange .headers", "User-Agent")
	b.sees("#exchange .headers", "X-Request-Id")
	b.sees("#exchange pre", `"ticket_number"`)
	b.sees("#curl", "curl -sS")
	if curl := b.read(`document.querySelector(".curl .copy").dataset.copy`); !strings.Contains(curl, "bogus=1") {
		t.Errorf("the line to copy is %q", curl)
	}
	b.screen("exchange")
	b.copies(".curl .copy", "bogus=1")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.wait(`!document.getElementById("exchange").open`)

	b.press("#request-rows tr:nth-child(1) .open")
	b.sees("#exchange[open] .mark.good", "ok")
	b.wait(`[...document.getElementById("exchange-body").childNodes].every((e) => e.nodeType === Node.ELEMENT_NODE)`)
	b.sees("#exchange .hint", "MOCKDESK_KEY")
	b.press("#exchange-close")
	b.wait(`!document.getElementById("exchange").open`)
	b.saved("#har", `"creator"`)

	b.server.gets(t, 200, "GET", tickets+"?query=refund", readWrite, "") // the first search makes the index
	b.press("#clear")
	b.sees("#confirm-text", "cannot be brought back")
	b.press("#confirm-yes")
	b.wait(`!document.getElementById("request-empty").hidden`)
	if list := b.server.gets(t, 200, "GET", "/_mockdesk/requests", "", "").body; !strings.Contains(list, `"requests":[]`) {
		t.Errorf("the journal still holds %.200s", list)
	}
	b.everyColumn(t)
}

// everyColumn fills the list with what a client may meet.
func (b *tab) everyColumn(t *testing.T) {
	t.Helper()
	s, messages := b.server, tickets+"/1001/messages"
	s.gets(t, 200, "GET", tickets+"?status=open&sort=updated_at&order=desc", readWrite, "")
	s.gets(t, 200, "GET", messages, readWrite, "")
	s.gets(t, 201, "POST", messages, readWrite, seenNote)
	s.gets(t, 403, "POST", messages, "ixk_test_readonly", seenNote)
	s.gets(t, 400, "GET", tickets+"?status=urgent", readWrite, "")
	s.gets(t, 200, "GET", s.thread(t)+"?limit=20", "ah_k_test_member", "")
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"a burst","when":{"times":2},"then":{"status":{"code":"429","retry_after":5}}}`)
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"cut","when":{"nth":1},"then":{"connection":"reset"}}`)
	s.gets(t, 429, "GET", tickets+"?query=refund", readWrite, "")
	s.gets(t, 429, "GET", tickets+"?query=refund", readWrite, "")
	s.gets(t, 0, "POST", messages, readWrite, seenNote) // which no client sends again by itself
	s.gets(t, 200, "GET", tickets+"?query=refund", readWrite, "")
	b.wait(`document.querySelectorAll("#request-rows tr").length === 10`)
	b.sees("#request-rows .fault a", "a burst")
	b.sees("#request-rows .pill.s0", "cut")
	b.sees("#request-rows .name", "addInternalNote")
	b.screen("requests")
}

// copies presses a button and looks at what a paste would give.
func (b *tab) copies(selector, want string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(`document.addEventListener("copy", (e) => { window.copied = document.getSelection().toString() || document.activeElement.value; }, {once: true});
		Object.defineProperty(navigator, "clipboard", {configurable: true, value: {writeText: async (text) => { window.copied = text; }}})`, nil))
	b.press(selector)
	b.wait(fmt.Sprintf("window.copied?.includes(%q)", want))
	b.sees(selector, "Copied")
}

// downloads returns what a link gives, which has to hold a text.
func (b *tab) downloads(link, text string) string {
	b.t.Helper()
	b.wait(fmt.Sprintf("document.querySelector(%q)?.hasAttribute('download')", link))
	path := b.read(fmt.Sprintf("(({pathname, search}) => pathname + search)(document.querySelector(%q))", link))
	body := b.server.gets(b.t, http.StatusOK, "GET", path, "", "").body
	if !strings.Contains(body, text) {
		b.t.Errorf("%s does not hold %q: %.300s", path, text, body)
	}
	return body
}

// saved presses a button that saves a file, and returns what is in it.
func (b *tab) saved(button, text string) string {
	b.t.Helper()
	b.do(chromedp.Evaluate(`URL.createObjectURL = (file) => { file.text().then((text) => { window.saved = text; }); return "data:,"; }; window.saved = ""`, nil))
	b.press(button)
	b.wait("window.saved")
	body := b.read("window.saved")
	if !strings.Contains(body, text) {
		b.t.Errorf("%s does not save %q: %.300s", button, text, body)
	}
	return body
}

func TestConsoleKeys(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#keys")
	key := func(name, part string) string { return `[data-key="` + name + `"] ` + part }
	b.sees(key("inboxops-read-write", "code"), readWrite)
	b.screen("keys")
	b.copies(key("inboxops-read-write", ".copy"), readWrite)
	b.copies(key("inboxops-read-write", ".bar .copy"), "curl -i -H 'Authorization: Bearer "+readWrite+"'")
	b.copies(key("apphandoff-member", ".bar .copy"), b.server.thread(t)+"?limit=5")

	messages := tickets + "/1001/messages"
	b.press("#revoke-inboxops-read-write")
	b.sees(key("inboxops-read-write", ".pill"), "401")
	b.server.gets(t, 401, "GET", tickets, readWrite, "")
	b.press("#revoke-inboxops-read-write")
	b.sees(key("inboxops-read-write", ".pill"), "works")
	b.server.gets(t, 200, "GET", tickets, readWrite, "")

	b.press(key("inboxops-read-write", "[data-right=read_only]"))
	b.sees(key("inboxops-read-write", ".pill"), "reads")
	b.server.gets(t, 403, "POST", messages, readWrite, seenNote)
	b.press(key("inboxops-read-write", "[data-right=unentitled]"))
	b.sees(key("inboxops-read-write", ".pill"), "403")
	b.server.gets(t, 403, "GET", tickets, readWrite, "")
	b.press(key("inboxops-read-write", "[data-right=unentitled]"))
	b.sees(key("inboxops-read-write", ".pill"), "reads")
	b.press(key("inboxops-read-write", "[data-right=read_only]"))
	b.sees(key("inboxops-read-write", ".pill"), "works")
	b.server.gets(t, 201, "POST", messages, readWrite, seenNote)

	thread := b.server.thread(t)
	b.press(key("apphandoff-member", "[data-right=outsider]"))
	b.sees(key("apphandoff-member", ".pill"), "403")
	b.server.gets(t, 403, "GET", thread, "ah_k_test_member", "")
	b.press(key("apphandoff-member", "[data-right=reconnect]"))
	b.sees(key("apphandoff-member", ".pill"), "401")
	b.server.gets(t, 401, "GET", thread, "ah_k_test_member", "")

	b.press("#revoke-all")
	b.wait(`document.querySelectorAll(".key.off").length === 8`)
	b.server.gets(t, 401, "GET", tickets, "ixk_test_readonly", "")
	b.press("#restore-all")
	b.wait(`document.querySelectorAll(".key.off").length === 0`)
	b.server.gets(t, 200, "GET", tickets, "ixk_test_readonly", "")
}

// thread returns the path of a thread's messages, from the catalog.
func (s *server) thread(t *testing.T) string {
	t.Helper()
	found := regexp.MustCompile(`"apphandoff":\{"projects":\[\{"id":"([^"]+)","name":"[^"]*","tickets":\[\{"id":"([^"]+)"`).
		FindStringSubmatch(s.gets(t, 200, "GET", "/_mockdesk/catalog", "", "").body)
	if found == nil {
		t.Fatal("the catalog has no project")
	}
	return "/api/projects/" + found[1] + "/tickets/" + found[2] + "/messages"
}

func TestConsoleLevers(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#levers")
	b.write("#clock-at", "2025-06-02T09:00:00Z")
	b.press("#clock-freeze")
	b.sees("#clock-state", "Frozen")
	b.sees("#clock-now", "09:00:00")
	b.sees("#glance", "clock frozen")
	b.press("#advance-1m")
	b.sees("#clock-now", "09:01:00")
	b.write("#clock-by", "45s")
	b.press("#clock-advance")
	b.sees("#clock-now", "09:01:45")
	b.press("#advance-1s")
	b.sees("#clock-now", "09:01:46")
	b.press("#advance-1h")
	b.sees("#clock-now", "10:01:46")
	b.press("#advance-24h")
	b.sees("#clock-now .date", "2025-06-03")

	b.press("#limit-3-10s")
	b.sees("#limit-state", "3/10s")
	for range 3 {
		b.server.gets(t, 200, "GET", tickets, readWrite, "")
	}
	b.server.gets(t, 429, "GET", tickets, readWrite, "")
	b.sees(".window", "3 of 3 used")
	b.sees(".window", "empties in")
	b.screen("levers")
	b.press("#advance-10s")
	b.sees(`[data-window="inboxops/read-write"]`, "0 of 3 used")
	b.server.gets(t, 200, "GET", tickets, readWrite, "")

	b.press("#clock-real")
	b.wait(`document.getElementById("clock-state").textContent !== "Frozen"`)
	if clock := b.server.gets(t, 200, "GET", "/_mockdesk/clock", "", "").body; !strings.Contains(clock, `"frozen":false`) {
		t.Errorf("the clock is %s", clock)
	}
	b.write("#limit", "7/1m")
	b.press("#limit-set")
	b.sees("#limit-state", "7/1m")
	b.sees("#glance", "7 per 1m")
	b.press("#limit-100-1m")
	b.sees("#limit-state", "100/1m")
	b.press("#limit-off")
	b.sees("#limit-state", "off")
	b.write("#limit", "plenty")
	b.expects("network") // the refusal
	b.press("#limit-set")
	b.sees(".toast.bad", "plenty")
}

func TestConsoleData(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#data")
	b.sees("#total", "200 tickets")
	b.press("#next-page")
	b.sees(".pager", "2 of 10")
	b.press(".pager .button:not(#next-page)")
	b.sees(".pager", "1 of 10")
	for _, name := range []string{"priority", "inbox_id", "assignee_id", "tag_ids"} { // each as the API answers it
		filter := fmt.Sprintf("#search [name=%s]", name)
		value := b.read(fmt.Sprintf("document.querySelector(%q).options[2].value", filter))
		total := regexp.MustCompile(`"total":(\d+)`).FindStringSubmatch(b.server.gets(t, 200, "GET", tickets+"?"+name+"="+value, readWrite, "").body)[1]
		if total == "200" {
			t.Errorf("%s=%s takes nothing away, which proves nothing", name, value)
		}
		b.choose(filter, value)
		b.wait(fmt.Sprintf(`document.getElementById("total").textContent.split(" ")[0] === %q`, total))
		b.choose(filter, "")
		b.sees("#total", "200 tickets")
	}
	b.write("#query", `"cursor paging" or invoice -refund`)
	b.press("#search-go")
	b.wait(`document.getElementById("total").textContent !== "200 tickets"`)
	found := b.server.gets(t, 200, "GET", tickets+"?query=%22cursor+paging%22+or+invoice+-refund", readWrite, "").body
	total := regexp.MustCompile(`"total":(\d+)`).FindStringSubmatch(found)[1]
	b.sees("#total", total+" ticket")
	if total == "0" || total == "200" {
		t.Errorf("the search finds %s tickets, which proves nothing", total)
	}
	b.write("#query", "")
	b.choose("#search [name=status]", "closed")
	b.wait(`document.querySelectorAll(".ticket").length > 0 && [...document.querySelectorAll(".ticket")].every((e) => /Closed|Done|Spam|closed|Archived/i.test(e.textContent))`)
	b.choose("#search [name=status]", "")
	b.sees("#total", "200 tickets")

	b.write("#query", "invoice or refund")
	b.press("#search-go")
	b.wait(`!document.getElementById("total").textContent.startsWith("200 ")`)
	b.press(".ticket")
	b.sees("#timeline .timeline", "@")
	b.sees("#timeline .ids code", b.read(`document.querySelector(".ticket").dataset.ticket`))
	b.screen("data")
	b.copies("#timeline .ids .copy", "-")
	b.choose("#data-key", readWrite) // as a client, which adds its note through the API
	b.press(".ticket")
	b.wait(`document.getElementById("note-text")`)
	b.write("#note-text", "a note from the console")
	b.press("#note .button")
	b.sees("#timeline .note", "a note from the console")
	b.expects("network")
	b.choose("#data-key", "ixk_test_revoked")
	b.sees("#tickets .failed", "401")
	b.choose("#data-key", "")
	b.wait(`!document.querySelector("#tickets .failed")`)

	b.press("#view-fields")
	b.sees("#data-body", "custom_field_plan")
	b.sees("#data-body", "Enterprise")
	b.sees("#data-body", "sso")
	b.copies("#data-body .copy", "custom_field_")
	b.wait(`[...document.querySelectorAll("#data-body .pairs li")].every((e) => /^[0-9a-f-]{36}$/.test(e.querySelector(".copy").dataset.copy))`)
	b.fits("fields")
	b.press("#view-threads")
	b.sees(".ticket", "Move orders to cursor paging")
	b.press(".ticket")
	b.sees("#timeline .timeline", "Please take this one")
	all := b.read(`document.querySelectorAll(".timeline li").length`)
	b.wait(`document.getElementById("task").options.length > 1`)
	b.choose("#task", b.read(`document.getElementById("task").options[1].value`))
	b.wait(`document.querySelectorAll(".timeline li").length > 0 && document.querySelectorAll(".timeline li").length < ` + all)
}

func TestConsoleWorkspaces(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#workspaces")
	b.write("#new-name", "acme-1")
	b.write("#new-limit", "5/1m")
	b.press("#new-create")
	b.sees(`[data-workspace="acme-1"]`, "5/1m")
	b.screen("workspaces")

	b.press(`[data-workspace="acme-1"] a.button`)
	b.wait(`document.body.dataset.workspace === "acme-1"`)
	b.sees("#glance", "5 per 1m")
	b.section("keys")
	b.wait(`document.querySelector("[data-key=inboxops-read-write] .copy")`)
	key := b.read(`document.querySelector("[data-key=inboxops-read-write] .copy").dataset.copy`)
	b.server.gets(t, 200, "GET", tickets, key, "")

	notes := func() string {
		got := b.server.gets(t, 200, "GET", "/_mockdesk/workspaces/acme-1", "", "").body
		return regexp.MustCompile(`"notes":\d+`).FindString(got)
	}
	b.section("workspaces")
	b.press("#snapshot-acme-1")
	b.sees(`[data-workspace="acme-1"]`, "snapshot-1")
	b.write(`[data-workspace="acme-1"] [name=name]`, "before the note")
	b.press("#snapshot-acme-1")
	b.sees(`[data-workspace="acme-1"] option`, "before the note")
	b.choose(`[data-workspace="acme-1"] .part select`, "before the note")
	b.server.gets(t, 201, "POST", tickets+"/1001/messages", key, seenNote)
	if notes() != `"notes":1` {
		t.Fatalf("%s after a note", notes())
	}
	b.press("#restore-acme-1")
	b.sees("#toasts", "is as it was")
	if notes() != `"notes":0` {
		t.Errorf("%s after restoring", notes())
	}
	b.server.gets(t, 201, "POST", tickets+"/1001/messages", key, seenNote)
	b.press("#reset-acme-1")
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm-yes")
	b.sees("#toasts", "was reset")
	if notes() != `"notes":0` {
		t.Errorf("%s after resetting", notes())
	}

	b.press("#delete-acme-1")
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm [value=no]")
	b.wait(`!document.getElementById("confirm").open`)
	b.server.gets(t, 200, "GET", "/_mockdesk/workspaces/acme-1", "", "")
	b.write("#new-name", "small")
	b.write("#new-tickets", "100")
	b.write("#new-seed", "7")
	b.press("#new-create")
	b.sees(`[data-workspace="small"]`, "100 tickets")
	b.sees(`[data-workspace="small"]`, "seed 7")
	b.press("#delete-acme-1")
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm-yes")
	b.wait(`document.body.dataset.workspace === "test"`)
	b.server.gets(t, 404, "GET", "/_mockdesk/workspaces/acme-1", "", "")
	b.server.gets(t, 401, "GET", tickets, key, "")
}

func TestConsoleSwitch(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.gets(t, 201, "POST", "/_mockdesk/workspaces", "", `{"name":"other"}`)
	b := visit(t, s, "/_mockdesk/")
	b.wait(`document.documentElement.dataset.ready`)
	b.do(chromedp.Evaluate(`(() => { const e = document.getElementById("workspace"); e.value = "other"; e.dispatchEvent(new Event("change", {bubbles: true})); })()`, nil))
	b.wait(`document.body.dataset.workspace === "other" && document.documentElement.dataset.ready`)
	if first := b.read(`document.getElementById("first-curl").textContent`); strings.Contains(first, readWrite) {
		t.Errorf("the first request is for another workspace: %s", first)
	}
}

// What a ticket, a header or a client says is text; nothing of it runs.
func TestConsoleHostile(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const hostile = `<script>alert("x")</script><img src=x onerror=alert("x")><svg onload=alert("x")>`
	ticket := s.known(t, "hostile-html")
	s.gets(t, 201, "POST", tickets+"/"+ticket+"/messages", readWrite, `{"type":"internal_note","body_text":"note <script>alert(1)</script>","body_html":"<b>note</b><script>alert(1)</script><meta http-equiv=refresh content='0;url=/_mockdesk/healthz'>"}`)
	s.ask(t, "GET", tickets+"?query="+strings.ReplaceAll(hostile, " ", "%20"), readWrite, "", "User-Agent: "+hostile, "X-Hostile: "+hostile, "Authorization: Bearer "+readWrite)

	b := visit(t, s, "/_mockdesk/")
	b.sees("#request-rows .url", "onerror")
	b.wait(`document.getElementById("live").dataset.state === "live"`) // the rows are the script's now
	b.press("#request-rows .open")
	b.sees("#exchange .headers", hostile)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.section("faults")
	b.section("data")
	b.wait(`document.getElementById("known")`)
	b.choose("#known", ticket)
	b.sees("#timeline .plain", `<script>alert("body")</script>`)
	b.sees("#timeline .plain", "note <script>alert(1)</script>")
	b.sees("#timeline .files", `"><svg onload=alert(8)>.html`)
	b.write("#query", `"accents broken in exported file"`)
	b.press("#search-go")
	b.wait(`!document.getElementById("total").textContent.startsWith("200 ")`)
	b.sees(".ticket .subject", `<script>alert("subject")</script><img src=x onerror=alert(1)>`)
	b.do(chromedp.Evaluate(`document.querySelector("#timeline article").dataset.before = "yes"`, nil))
	b.press(`.ticket[data-ticket="` + ticket + `"]`)
	b.wait(`document.querySelector("#timeline article:not([data-before])")`)
	b.sees("#timeline h2", `<script>alert("subject")</script><img src=x onerror=alert(1)>`)
	b.expects("security", "network") // the browser says what it refuses in the frames
	b.do(chromedp.Evaluate(`for (const e of document.querySelectorAll("#timeline .copy[aria-pressed]")) e.click()`, nil))
	b.wait(`document.querySelectorAll("#timeline iframe").length > 3`)
	b.wait(`[...document.querySelectorAll("iframe")].every((e) => e.getAttribute("sandbox") === "" && e.contentDocument === null)`)
	b.wait(`document.querySelectorAll("script:not([src]), [onerror], [onload], main svg, main img").length === 0`)
	b.do(input.DispatchMouseEvent(input.MouseMoved, 10, 10))
	b.fits("hostile")
	if list := s.gets(t, 200, "GET", "/_mockdesk/requests", "", "").body; strings.Contains(list, `"/x"`) {
		t.Error("a frame has fetched something")
	}
}

// A browser that has been given the admin token reads and acts, the stream too.
func TestConsoleAdminToken(t *testing.T) {
	t.Parallel()
	s := serve(t, "--admin-token", "sesame")
	b := visit(t, s, "/api/v1/docs")
	b.expects("network") // the refusals
	b.visit("/")         // which leads to the console
	b.sees("form", "Enter the admin token")
	b.write("#token", "nix")
	b.press("button")
	b.sees(".wrong", "That is not the admin token")
	b.looks("entrance")
	b.write("#token", "sesame")
	b.press("button")
	b.wait(`location.pathname === "/_mockdesk/" && document.documentElement.dataset.ready`)
	b.wait(`document.getElementById("live").dataset.state === "live"`)
	s.gets(t, 200, "GET", tickets, readWrite, "")
	b.sees("#request-rows .entry", "listTickets")
	b.section("faults")
	b.press("#preset-no-entitlement")
	b.sees("#rules", "no API access")
	s.gets(t, 403, "GET", tickets, readWrite, "")
	b.press("#clear-faults")
	b.section("data") // whose requests bring a key, not the token
	b.sees("#total", "200 tickets")
}

func TestReference(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/reference")
	for _, name := range []string{"AppHandoff", "Control API", "InboxOps"} {
		b.wait(`document.querySelector(".topbar select") && document.querySelector(".info .title")`) // one that is being read would win
		b.do(chromedp.Evaluate(fmt.Sprintf(`(() => { const e = document.querySelector(".topbar select");
			const o = [...e.options].find((o) => o.textContent === %q);
			Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(e, o.value); e.dispatchEvent(new Event("change", {bubbles: true})); })()`, name), nil))
		b.sees(".info .title", map[string]string{"AppHandoff": "AppHandoff", "Control API": "Mockdesk control API", "InboxOps": "InboxOps tickets"}[name])
	}
	b.press("#operations-Tickets-listTickets .opblock-summary-control")
	// Swagger UI cannot send what it has not resolved yet.
	b.wait(`ui.specSelectors.specResolvedSubtree(["paths", "/tickets", "get"])?.get("operationId") === "listTickets"`)
	b.press("#operations-Tickets-listTickets .execute")
	b.sees("#operations-Tickets-listTickets .live-responses-table .response-col_status", "200")
	b.visit("/api/v1/docs")
	b.sees(".info .title", "InboxOps tickets")
	b.theirs = []string{"nested-interactive", "select-name"} // of Swagger UI's own markup
	b.looks("docs")
	b.visit("/_mockdesk/reference")
	b.sees(".info .title", "InboxOps tickets")
	b.looks("reference")
}

func TestConsoleWithoutScript(t *testing.T) {
	t.Parallel()
	s := serve(t, "--admin-token", "sesame")
	s.gets(t, 200, "GET", tickets+"?q=%3Cscript%3E", readWrite, "")
	for _, path := range []string{"/_mockdesk/", "/_mockdesk/console/console.js", "/_mockdesk/reference", "/_mockdesk/reference/swagger-ui.css", "/_mockdesk/reference/documents/control"} {
		s.gets(t, 401, "GET", path, "", "")
		request, err := http.NewRequestWithContext(t.Context(), "GET", s.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("", "sesame")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 200 || response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %s, %v", path, response.Status, response.Header)
		}
	}
	page := s.gets(t, 200, "GET", "/_mockdesk/", "sesame", "").body
	if !strings.Contains(page, "listTickets") || strings.Contains(page, "<script>") {
		t.Errorf("the page is no list of the requests: %s", page)
	}
	s.gets(t, 200, "GET", "/api/v1/openapi.json", "", "")
	s.gets(t, 200, "GET", "/api/v1/docs", "", "")
}
