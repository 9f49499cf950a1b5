//go:build e2e

package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// opens opens a file as the case of the default workspace.
func (b *tab) opens(file string) {
	b.t.Helper()
	b.press("#open-test")
	b.do(chromedp.SetUploadFiles("#case-file", []string{file}, chromedp.ByQuery))
	b.wait(`document.getElementById("confirm").open`)
	b.press("#confirm-yes")
}

// saves saves the case of the default workspace as a file.
func (b *tab) saves(text string) (file string) {
	b.t.Helper()
	b.section("workspaces")
	file = filepath.Join(b.t.TempDir(), "case.yaml")
	if err := os.WriteFile(file, []byte(b.saved("#case-test", text)), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return file
}

// arrange does by the page what a tester does: a ticket, a fault, a clock that
// stands still.
func arrange(t *testing.T) *tab {
	t.Helper()
	b := open(t, "/_mockdesk/#levers")
	b.press("#clock-freeze")
	b.sees("#glance", "clock frozen")
	b.section("faults")
	b.press("#rule-add")
	b.sees("#rules", "the next 3 list tickets calls")
	return b
}

// app is a client that lists, reads and writes, and does what it has always done.
func app(t *testing.T, s *server) (got []answer) {
	t.Helper()
	messages := tickets + "/1001/messages"
	for range 4 {
		got = append(got, s.ask(t, "GET", tickets+"?per_page=2&sort=updated_at", readWrite, ""))
	}
	got = append(got, s.ask(t, "POST", messages, readWrite, `{"type": "internal_note", "body_text": "Called <b>back</b>."}`))
	got = append(got, s.ask(t, "GET", messages, readWrite, ""), s.ask(t, "GET", tickets+"?per_page=2&sort=updated_at", readWrite, ""))
	return append(got, s.ask(t, "GET", tickets, "", ""))
}

// same fails the test unless two runs of the app got the same, but for ids of
// requests.
func same(t *testing.T, want, got []answer) {
	t.Helper()
	for i := range want {
		a, b := want[i], got[i]
		if a.status >= 400 { // a problem names its request
			a.body, b.body = "", ""
		}
		if a != b {
			t.Errorf("request %d got\n%+v\nand before\n%+v", i+1, got[i], want[i])
		}
	}
}

// A case is saved in the page, the server restarted, the case opened and replayed.
func TestConsoleReplaysTomorrow(t *testing.T) {
	t.Parallel()
	b := arrange(t)
	before := app(t, b.server)
	if before[2].status != 429 || before[3].status != 200 {
		t.Fatalf("the app got %+v", before)
	}
	file := b.saves("Called <b>back</b>.")
	b.sees("#saved-said", " with 8 requests.")
	b.expects("network")
	if err := b.server.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	b = visit(t, serve(t), "/_mockdesk/#workspaces")
	b.opens(file)
	b.sees(".toast", "test is as case.yaml says. Its 8 requests are not listed again")
	b.press(".toast .copy")
	b.sees("#replay-said", "8 requests sent again: all got what they got before.")
	b.sees("#replay-of", "of the case that was opened")
	b.press("#replay-only") // it hides what is the same
	b.press("#replay-only")
	b.sees("#replay-rows", "the same")
	b.screen("replay-same")
	same(t, before, app(t, b.server))
	b.press("#replay-test") // the case is kept, although the app has sent requests
	b.sees("#replay-of", "of the case that was opened, in the state that it says")
	b.press("#replay-others")
	b.sees("#replay-of", "that clients have sent")
	b.press("#replay-others")
	b.sees("#replay-of", "of the case that was opened")
	b.screen("replay-others")

	b.opens(file)
	b.wait(`!document.getElementById("replay")`) // which was of the case before
	b.section("faults")
	b.press("#rules button.danger, #rules .copy.danger")
	b.section("workspaces")
	b.press("#replay-test")
	b.sees("#replay-said", "3 of 8 requests got another answer.")
	b.sees("#replay-rows", "status")
	b.screen("replay")
	b.press("#replay-close")
	b.wait(`!document.getElementById("replay")`)
}

// A case is saved in the page, and somebody else serves the file.
func TestConsoleHandsOver(t *testing.T) {
	t.Parallel()
	b := arrange(t)
	before := app(t, b.server)
	file := b.saves("Called <b>back</b>.")
	colleague := serve(t, "--case", file)
	same(t, before, app(t, colleague))
	said, err := exec.Command(binary, "case", "replay", file).CombinedOutput()
	if err != nil || !strings.Contains(string(said), "all the same: 8 requests sent again") {
		t.Errorf("%v: %s", err, said)
	}
}

// Two states are compared in words.
func TestConsoleCompares(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/#workspaces")
	b.press("#snapshot-test")
	b.sees("#workspace-list", "Compare with")
	b.press("#compare-test")
	b.sees("#comparison", "Nothing differs.")
	b.server.gets(t, 201, "POST", tickets+"/1001/messages", readWrite, `{"type": "internal_note", "body_text": "Called back."}`)
	b.server.gets(t, 200, "PUT", "/_mockdesk/rate-limit", "", `{"rate_limit": "5/1m"}`)
	b.press("#compare-test")
	b.sees("#comparison", "rate_limit: off → 5/1m")
	b.sees("#comparison", "has a note more: Called back.")
	b.screen("comparison")
}
