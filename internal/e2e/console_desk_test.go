//go:build e2e

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// arrangedCase has one ticket by name and one project.
const arrangedCase = `
inboxops:
  tickets:
  - {name: stuck, subject: Export never finishes, status: waiting, messages: [{text: "It hangs."}, {from: agent, text: "Looking."}, {from: agent, draft: true, text: "Hm."}]}
apphandoff:
  projects:
  - {name: checkout, tickets: [{name: refunds, tasks: [api], messages: [{author: human, text: "Why?"}]}]}
`

// arranged starts a server with the case.
func arranged(t *testing.T, args ...string) *server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "case.yaml")
	if err := os.WriteFile(file, []byte(arrangedCase), 0o600); err != nil {
		t.Fatal(err)
	}
	return serve(t, append(args, "--case", file)...)
}

// A tester plays the other side, and clients find what came of it.
func TestConsoleDesk(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	b := visit(t, s, "/_mockdesk/#data")
	b.press("#name-stuck")
	b.sees("#ticket-subject", "Export never finishes")
	b.sees("#ticket-facts", "stuck")
	b.sees("#thread .send", "Draft: no client sees it")
	messages := tickets + "/" + s.known(t, "stuck") + "/messages"
	sees := func(text string) {
		t.Helper()
		if got := s.gets(t, 200, "GET", messages, readWrite, "").body; !strings.Contains(got, text) {
			t.Errorf("a client does not see %q: %.2000s", text, got)
		}
	}

	b.write("#write-text", "It works again.")
	b.press("#write-add")
	b.sees("#thread .inbound", "It works again.")
	sees("It works again.")
	b.choose("#write-as", "agent")
	b.choose("#write-sending", "pending")
	b.write("#write-text", "Glad to hear it.")
	b.press("#write-add")
	b.sees("#thread .outbound .send", "pending")
	sees(`"send_status":"pending"`)
	b.choose("#thread li:last-child select", "failed")
	b.sees("#thread li:last-child .send", "failed: ")
	sees(`"send_status":"failed"`)
	b.choose("#write-as", "note")
	b.write("#write-text", "Closed by phone.")
	b.press("#write-add")
	b.sees("#thread .note", "Closed by phone.")
	b.screen("desk")
	b.unfold("details.play")
	b.choose("#change-status", b.read(`[...document.getElementById("change-status").options].find((o) => o.textContent === "Closed").value`))
	b.choose("#change-assignee", "")
	b.write("#change-tags", "billing, export")
	b.press("#change-save")
	b.sees("#ticket-facts", "Closed")
	b.sees("#ticket-facts", "unassigned")
	b.sees("#ticket-facts", "billing")
	b.press("#thread .outbound .copy[data-focus^=draft]")
	b.wait(`![...document.querySelectorAll("#thread .send")].some((e) => e.textContent.startsWith("Draft"))`)
	sees("Hm.")
	b.press("#thread li:first-child .copy.danger")
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm-yes")
	b.wait(`!document.getElementById("thread").textContent.includes("It hangs.")`)

	// What others do shows by itself, and leaves alone what is being written.
	b.write("#write-text", "half a sentence")
	s.gets(t, 201, "POST", "/_mockdesk/desk/tickets/stuck/messages", "", `{"from":"customer","text":"By the way."}`)
	b.sees("#thread .inbound", "By the way.")
	if got := b.read(`document.getElementById("write-text").value`); got != "half a sentence" {
		t.Errorf("what was being written is %q", got)
	}

	// After a moment without the server the ticket is still open, and the text there.
	b.read(`document.dispatchEvent(new Event("changed:all"))`)
	s.gets(t, 201, "POST", "/_mockdesk/desk/tickets/stuck/messages", "", `{"from":"customer","text":"After that."}`)
	b.sees("#thread .inbound", "After that.")
	b.sees("#thread .inbound", "By the way.")
	b.wait(`document.getElementById("write-text").value === "half a sentence"`)
	b.unfold("details.play")
	b.expects("network") // a look at the ticket may be under way when it goes
	b.press("#delete-ticket")
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm-yes")
	b.sees("#timeline", "This ticket is gone")
	s.gets(t, 404, "GET", messages, readWrite, "")
	b.wait(`!document.getElementById("name-stuck")`)
	b.brings(t)
	if list := s.gets(t, 200, "GET", "/_mockdesk/requests?key_kind=read-only", "", "").body; !strings.Contains(list, `"requests":[]`) {
		t.Errorf("the console asks as a client: %.300s", list)
	}
}

// unfold opens a part of the page by its summary.
func (b *tab) unfold(details string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("document.querySelector(%q)", details))
	if b.read(fmt.Sprintf("document.querySelector(%q).open", details)) == "false" {
		b.press(details + " summary")
	}
	b.wait(fmt.Sprintf("document.querySelector(%q).open", details))
}

// brings makes a ticket by the form.
func (b *tab) brings(t *testing.T) {
	t.Helper()
	b.unfold("details.create")
	b.write("#create-name", "fresh")
	b.write("#create-subject", "Nothing works")
	b.write("#create-text", "Please help.")
	b.write("#create-tags", "billing")
	b.choose("#create-status", b.read(`document.getElementById("create-status").options[2].value`))
	b.press("#create-go")
	b.sees("#ticket-subject", "Nothing works")
	b.sees("#thread .inbound", "Please help.")
	b.sees("#byname", "fresh")
	b.sees("#tickets .subject", "Nothing works")
	b.server.gets(t, 200, "GET", tickets+"/"+b.server.known(t, "fresh")+"/messages", readWrite, "")
	b.expects("network")
	b.unfold("details.create")
	b.write("#create-name", "fresh")
	b.press("#create-go")
	b.sees(".toast.bad", "fresh-2") // the hint says what is free
}

// AppHandoff's humans and agents speak, and the member key loses its project.
func TestConsoleHandoff(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	b := visit(t, s, "/_mockdesk/#data")
	b.press("#view-threads")
	const project = "a92a1097-09a6-55e9-8f21-db48d8624ed6"
	thread := "/api/projects/" + project + "/tickets/4f568518-838c-5539-a9ea-4f60da7e192d/messages"
	b.press(`[data-project="` + project + `"] .ticket`)
	b.sees("#posts .inbound", "Why?")
	b.choose("#post-author", "agent")
	b.choose("#post-task", "api")
	b.write("#post-text", "Because.")
	b.press("#post-add")
	b.sees("#posts .outbound", "Because.")
	b.sees("#posts .outbound", "on api")
	b.screen("handoff")
	if got := s.gets(t, 200, "GET", thread, "ah_k_test_member", "").body; !strings.Contains(got, `"author_type":"agent"`) || !strings.Contains(got, "Because.") {
		t.Errorf("a client sees %s", got)
	}
	b.press("#posts li:first-child .copy.danger")
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm-yes")
	b.wait(`!document.getElementById("posts").textContent.includes("Why?")`)
	b.press(`[data-project="` + project + `"] .toggle input`)
	b.sees("#toasts", "gets 403")
	s.gets(t, 403, "GET", thread, "ah_k_test_member", "")
	b.press(`[data-project="` + project + `"] .toggle input`)
	b.sees("#toasts", "may read it")
	s.gets(t, 200, "GET", thread, "ah_k_test_member", "")
}

// What was read before a change, and comes after it, is not shown.
func TestConsoleLateAnswer(t *testing.T) {
	t.Parallel()
	b := visit(t, arranged(t), "/_mockdesk/#data")
	b.press("#view-threads")
	const member = `[data-project="a92a1097-09a6-55e9-8f21-db48d8624ed6"] .toggle input`
	b.wait(fmt.Sprintf("document.querySelector(%q)", member))
	b.read(`(() => { const real = window.fetch;
		const late = new Promise((resolve) => { window.comes = resolve; });
		window.fetch = async (...asked) => { const answer = await real(...asked);
			if (String(asked[0]).includes("catalog") && !window.waits) { window.waits = true; await late; }
			return answer; };
		document.dispatchEvent(new Event("changed:catalog")); })()`)
	b.wait("window.waits")
	b.press(member)
	b.sees("#toasts", "gets 403")
	b.wait(fmt.Sprintf("!document.querySelector(%q).hasAttribute('checked')", member)) // drawn anew
	b.read(fmt.Sprintf("document.querySelector(%q).dataset.old = window.comes() ?? 'yes'", member))
	b.wait(fmt.Sprintf("document.querySelector(%q + ':not([data-old])')", member))
	b.press(member)
	b.sees("#toasts", "may read it")
}

// What happened is listed as it happens, and life and the clock are beside it.
func TestConsoleEvents(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	s.gets(t, 200, "PUT", "/_mockdesk/clock", "", `{"mode":"frozen","at":"2025-06-02T09:00:00Z"}`)
	b := visit(t, s, "/_mockdesk/#data")
	b.press("#view-events")
	b.sees("#event-list", "Nothing has happened yet")
	s.gets(t, 200, "PATCH", "/_mockdesk/desk/tickets/stuck", "", `{"status":"closed"}`)
	b.sees("#event-list", "A ticket changed stuck")
	b.sees("#event-list .changes", "waiting → closed")
	b.sees("#event-list", "by a tester")
	s.gets(t, 201, "POST", tickets+"/1001/messages", readWrite, seenNote)
	b.sees("#event-list", "by a client")
	b.press("#life-busy")
	b.sees("#life-state", "busy")
	b.sees("#life-next", "The next thing happens at")
	b.sees("#glance", "activity busy")
	b.press("#pass-8h")
	b.sees("#event-list", "by itself")
	b.sees("#event-clock", "17:00")
	b.screen("events")
	b.choose("#event-by", "client")
	b.wait(`document.querySelectorAll("#event-list li").length === 1`)
	b.choose("#event-by", "")
	b.write("#event-text", "stuck")
	b.wait(`document.querySelectorAll("#event-list li").length > 0 && [...document.querySelectorAll("#event-list li")].every((e) => e.textContent.includes("stuck"))`)
	b.write("#life-rate", "30/1h")
	b.press("#life-set")
	b.sees("#life-state", "30/1h")
	b.press("#life-off")
	b.sees("#life-state", "off")
	if got := s.gets(t, 200, "GET", "/_mockdesk/life", "", "").body; !strings.Contains(got, `"life":"off"`) {
		t.Errorf("life is %s", got)
	}
	b.press("#event-list li:last-child .copy")
	b.sees("#ticket-subject", "Export never finishes")
	s.gets(t, 200, "POST", "/_mockdesk/reset", "", "")
	b.press("#view-events")
	b.sees("#event-list", "Nothing has happened yet")
}

// A case is saved as a file, and opened again where nothing of it is.
func TestConsoleCase(t *testing.T) {
	t.Parallel()
	s := arranged(t)
	s.gets(t, 201, "POST", "/_mockdesk/faults", "", `{"name":"slow down","then":{"status":{"code":"429"}}}`)
	s.gets(t, 200, "PUT", "/_mockdesk/clock", "", `{"mode":"frozen","at":"2025-06-02T09:00:00Z"}`)
	b := visit(t, s, "/_mockdesk/#workspaces")
	text := b.saved("#case-test", "name: stuck")
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	other := visit(t, serve(t), "/_mockdesk/#workspaces")
	other.opens(file)
	other.sees("#toasts", "test is as mine.yaml says")
	other.sees("#glance", "clock frozen")
	other.sees("#fault-count", "1")
	other.section("data")
	other.press("#name-stuck")
	other.sees("#ticket-subject", "Export never finishes")
	other.server.gets(t, 429, "GET", tickets, readWrite, "")
	again, asked, _ := strings.Cut(other.server.gets(t, 200, "GET", "/_mockdesk/case.yaml", "", "").body, "requests:")
	if again != text || !strings.Contains(asked, "status: 429") {
		t.Errorf("saved again it is another case: %.500s", again)
	}
	if err := os.WriteFile(file, []byte("inboxops: {tickets: [{status: wating}]}"), 0o600); err != nil {
		t.Fatal(err)
	}
	other.section("workspaces")
	other.expects("network")
	other.opens(file)
	other.sees(".toast.bad", "did you mean waiting?")
	other.server.gets(t, 429, "GET", tickets, readWrite, "") // nothing has changed
}

// Looking at data uses up no fault that is meant for a client.
func TestConsoleLeavesFaults(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#faults")
	b.press("#rule-add")
	b.sees("#rules", "the next 3 list tickets calls")
	b.section("data")
	b.sees("#total", "200 tickets")
	b.press(".ticket")
	b.sees("#thread .timeline", "@")
	if list := b.server.gets(t, 200, "GET", "/_mockdesk/requests", "", "").body; !strings.Contains(list, `"requests":[]`) {
		t.Errorf("the journal holds what the console read: %.300s", list)
	}
	b.server.gets(t, 429, "GET", tickets, readWrite, "")
}
