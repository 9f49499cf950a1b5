//go:build e2e

package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A request that is sent again shows what came of it, and an archive holds what
// the list shows.
func TestConsoleSendsAgain(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/")
	s := b.server
	s.ask(t, "GET", tickets+"?status=urgent", readWrite, "")
	s.gets(t, 200, "GET", tickets, readWrite, "")
	b.choose("#filter-status", "4")
	b.wait(`document.querySelectorAll("#request-rows .entry").length === 1`)
	if archive := b.saved("#har", "status=urgent"); strings.Count(archive, `"startedDateTime"`) != 1 {
		t.Errorf("the archive has more than the list: %.500s", archive)
	}
	b.sees(".toast", "1 of 2 requests")

	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"busy","then":{"status":{"code":"503"}}}`)
	b.expects("network")
	b.press("#request-rows .open")
	b.sees("#exchange .facts", "400")
	b.press("#again")
	b.sees("#exchange .facts", "503")
	b.sees("#exchange .facts", "busy")
	b.sees("#exchange-instead", "Request 3, sent again.")
	b.press("#exchange-back")
	b.sees("#exchange .facts", "400")
	if curl := b.read(`document.getElementById("curl").textContent`); strings.Contains(curl, "Sec-") || strings.Contains(curl, "Accept-Language") {
		t.Errorf("the line repeats what only a browser says: %s", curl)
	}
}

// The page of keys says which rules are on for a key, and takes back what was
// done to all.
func TestConsoleKeysAndRules(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#keys")
	s := b.server
	card := func(name string) string { return `[data-key="` + name + `"] ` }
	b.press("#restore-all")
	b.sees(card("inboxops-revoked")+".pill", "works")
	b.press(".toast .copy")
	b.sees(card("inboxops-revoked")+".pill", "401")
	b.sees(card("inboxops-read-write")+".pill", "works")

	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"no reading","match":{"key_kind":"read-only"},"then":{"status":{"code":"401"}}}`)
	b.sees(card("inboxops-read-only")+"[data-rules]", "no reading")
	b.screen("keys-and-rules")
	b.wait(`!document.querySelector('` + card("inboxops-read-write") + `[data-rules]')`)
	s.gets(t, 204, "DELETE", "/_mockdesk/faults", "", "")
	b.wait(`!document.querySelector('` + card("inboxops-read-only") + `[data-rules]')`)
}

// A rule is about a ticket by its number, too, and one that is not there is named.
func TestConsoleRuleAboutATicket(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	s := b.server
	id := s.known(t, "long-thread")
	s.gets(t, 200, "GET", tickets+"/"+id+"/messages", readWrite, "")
	b.expects("network")
	b.form()
	b.when()
	b.choose("#rule-operation", "inboxops/listTicketMessages")
	b.write("#rule-path", "#999999")
	b.do(chromedp.KeyEvent(kb.Tab))
	b.sees("#rule-hits", "There is no ticket #999999")
	b.read(`fetch("desk/tickets/long-thread").then((a) => a.json()).then(({ticket}) => { window.number = String(ticket.ticket_number); }), ""`)
	b.wait("window.number")
	number := b.read("window.number")
	b.write("#rule-path", "#"+number)
	b.do(chromedp.KeyEvent(kb.Tab))
	b.sees("#rule-hits", "Matches 1 of the last 1 requests; would have changed 1")
	b.press("#rule-add")
	b.sees("#rules", "about the ticket #"+number)
	s.gets(t, 429, "GET", tickets+"/"+id+"/messages", readWrite, "")
	s.gets(t, 429, "GET", tickets+"/"+number+"/messages", readWrite, "")

	b.choose("#rule-operation", "")
	b.then("violation", "pointer", "/data/*/asignee_id")
	b.sees("#rule-hits", "No successful answer has a field /data/*/asignee_id; did you mean /data/*/assignee_id? The rule would change nothing in those.")
	b.then("violation", "pointer", "assignee")
	b.sees("#rule-words", "make /data/*/assignee_id")
	b.sees("#rule-hits", "would have changed")
	b.then("violation", "pointer", "nowhere")
	b.sees("#rule-hits", "No successful answer has a field nowhere")
	b.press("#rule-add")
	b.sees(".toast.bad", `violation pointer "nowhere" is no JSON pointer`)
	b.wait(`![...document.querySelectorAll(".toast")].some((e) => e.textContent.includes("line 1"))`)
}

// A rule that is added between two requests is a part of the case. Who tidies up
// before the case is saved is asked which state is meant, and is told what cannot be
// replayed.
func TestConsoleSavesWhatRequestsFound(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#workspaces")
	s := b.server
	s.gets(t, 200, "GET", tickets, readWrite, "")
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"then":{"status":{"code":"503"}}}`)
	s.gets(t, 503, "GET", tickets, readWrite, "")
	b.saved("#case-test", "url: /_mockdesk/faults")
	b.sees("#saved-said", "with 2 requests and 1 change by hand between them.")
	s.gets(t, 204, "DELETE", "/_mockdesk/faults", "", "")
	b.press("#case-test")
	b.sees("#which", "Something was changed by hand since the last request.")
	b.sees("#which", "2 requests can be replayed")
	b.screen("case-which")
	b.saved("#case-now", "replay: false")
	b.sees("#saved-said", "with 2 requests. 2 of them cannot be replayed: they found another state.")
	b.press("#case-test")
	b.saved("#case-found", "url: /_mockdesk/faults")
	b.sees("#saved-said", "with 2 requests and 1 change by hand between them.")
	b.sees("#saved .steps", "mockdesk serve --case test-")
	b.press("#replay-test")
	b.sees("#replay-said", "2 requests sent again: all got what they got before.")
	b.sees("#replay-rows", "By hand: rule added.")
	b.press("#reset-test")
	b.press("#confirm-yes")
	b.sees(".toast", "Workspace test was reset.")
	b.wait(`!document.getElementById("replay")`)
}

// Rules are dragged to another place.
func TestConsoleDragsRules(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, rule := range [][2]string{{"first", "502"}, {"second", "504"}, {"third", "503"}} {
		s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"id":"`+rule[0]+`","match":{"operation":"listTickets"},"then":{"gateway":{"status":`+rule[1]+`}}}`)
	}
	b := visit(t, s, "/_mockdesk/#faults")
	b.wait(`document.querySelectorAll(".rule .grip").length === 3`)
	b.do(chromedp.Evaluate(`(() => {
		const data = new DataTransfer(), tell = (at, kind) => at.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
		tell(document.querySelector('[data-rule="third"] .grip'), "dragstart");
		const over = document.querySelector('[data-rule="first"]');
		tell(over, "dragover");
		tell(over, "drop");
	})()`, nil))
	b.wait(`[...document.querySelectorAll(".rule")].map((e) => e.dataset.rule).join() === "third,first,second"`)
	s.gets(t, 503, "GET", tickets, readWrite, "") // the first of the list decides
	b.screen("rules-three")
}
