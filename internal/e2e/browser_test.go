//go:build e2e

package e2e_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var updateScreens = flag.Bool("update-screens", false, "write screenshots into bin/screens, and those that docs has there, too")

// tab is a page in Chromium that notes everything that goes wrong in it.
type tab struct {
	t      *testing.T
	server *server
	ctx    context.Context

	mu    sync.Mutex
	wrong []string
	fine  []string // sources of log entries that the test expects

	theirs []string // rules of axe-core that the markup of others breaks
}

// open starts a server and a browser, and opens a page.
func open(t *testing.T, path string, args ...string) *tab {
	t.Helper()
	return visit(t, serve(t, args...), path)
}

// seats bounds the tests that have browsers open, which take most of a machine.
// Tests that wait for a build or a download need none.
var seats = make(chan struct{}, 10)

// seated has the tests that have a seat.
var seated sync.Map

// sit waits for a seat, which the test has until it ends.
func sit(t *testing.T) {
	if _, has := seated.LoadOrStore(t, true); has {
		return
	}
	seats <- struct{}{}
	t.Cleanup(func() {
		<-seats
		seated.Delete(t)
	})
}

// visit opens a page of a running server in a browser of its own.
func visit(t *testing.T, s *server, path string) *tab {
	t.Helper()
	sit(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, chromedp.WindowSize(1280, 900), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-gpu", true))
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {})) // it reports events newer than it
	t.Cleanup(cancel)
	b := &tab{t: t, server: s, ctx: ctx}
	chromedp.ListenTarget(ctx, b.note)
	if err := chromedp.Run(ctx, log.Enable(), runtime.Enable(), page.Enable()); err != nil {
		t.Fatalf("chromium: %v (it has to be installed: apt-get install chromium)", err)
	}
	b.visit(path)
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.wrong) > 0 {
			t.Errorf("in the browser:\n%s", strings.Join(b.wrong, "\n"))
		}
	})
	return b
}

// note keeps script errors, refused resources and dialogs.
func (b *tab) note(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = "exception: " + e.ExceptionDetails.Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.APITypeError {
			return
		}
		text = "console.error"
		for _, arg := range e.Args {
			text += " " + string(arg.Value) + arg.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.LevelError || slices.Contains(b.fine, string(e.Entry.Source)) {
			return
		}
		text = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	case *page.EventJavascriptDialogOpening:
		text = "a script ran: " + e.Message
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, text)
}

// do runs actions.
func (b *tab) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// visit goes to a path of the server.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.server.url + path))
}

// section shows a section of the console.
func (b *tab) section(name string) {
	b.t.Helper()
	b.wait("document.documentElement.dataset.ready")
	b.press(`.tabs a[href="#` + name + `"]`)
	b.wait(fmt.Sprintf("!document.getElementById(%q).hidden", name))
}

// reload loads the page again.
var reload = chromedp.Reload()

// awaitPromise makes an expression wait for its promise.
func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// wait returns when a JavaScript expression holds.
func (b *tab) wait(condition string) {
	b.t.Helper()
	script := `new Promise((resolve) => { const end = Date.now() + 60000; const look = () => {
		let holds = false; try { holds = Boolean(` + condition + `); } catch {}
		if (holds || Date.now() > end) resolve(holds); else setTimeout(look, 50); }; look(); })`
	var holds bool
	err := chromedp.Run(b.ctx, chromedp.Evaluate(script, &holds, awaitPromise))
	for err != nil && strings.Contains(err.Error(), "navigated") { // the next page has to say
		err = chromedp.Run(b.ctx, chromedp.Evaluate(script, &holds, awaitPromise))
	}
	if err != nil || !holds {
		var text string
		_ = chromedp.Run(b.ctx, chromedp.Evaluate(`document.visibilityState + " " + location.href + "\n" + document.body.innerText`, &text))
		b.t.Fatalf("never: %s (%v); the page says %.4000s", condition, err, text)
	}
}

// sees waits for a text in an element.
func (b *tab) sees(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.textContent.includes(%q))", selector, text))
}

// press puts the focus on an element and presses Enter, or the space bar on a
// switch: everything has to work by keyboard. The page may draw the element anew
// between the two; then the key goes nowhere, and a person would press again.
func (b *tab) press(selector string) {
	b.t.Helper()
	for range 20 {
		b.wait(fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e || e.disabled) return false; e.focus();
			window.pressed = false;
			for (const kind of ["click", "submit"]) document.addEventListener(kind, () => { window.pressed = true; }, {once: true, capture: true});
			return document.activeElement === e; })()`, selector))
		var box bool
		b.do(chromedp.Evaluate(`document.activeElement.type === "checkbox"`, &box))
		key := kb.Enter
		if box {
			key = " "
		}
		b.do(chromedp.KeyEvent(key))
		pressed := true // also when the page has gone
		_ = chromedp.Run(b.ctx, chromedp.Evaluate(`window.pressed !== false`, &pressed))
		if pressed {
			return
		}
	}
	b.t.Fatalf("%s cannot be pressed", selector)
}

// write replaces the text of an input by typing.
func (b *tab) write(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("(() => { const e = document.querySelector(%q); e.focus(); e.select(); return document.activeElement === e; })()", selector))
	b.do(chromedp.KeyEvent(kb.Delete))
	if text != "" {
		b.do(chromedp.KeyEvent(text))
	}
}

// choose selects an option.
func (b *tab) choose(selector, value string) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.value = %q; if (e.value !== %q) return false;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, selector, value, value))
}

// read evaluates an expression to a text.
func (b *tab) read(expression string) string {
	b.t.Helper()
	var text string
	b.do(chromedp.Evaluate("String("+expression+")", &text))
	return text
}

// expects lets log entries of a source pass: what a test provokes.
func (b *tab) expects(sources ...string) { b.fine = append(b.fine, sources...) }

// contrast is the rule of axe-core about colours, all that a scheme changes.
const contrast = "color-contrast"

// look is a way to see a page.
type look struct {
	width  int64
	scheme string
}

// looks are those that every section has to stand.
var looks = []look{{1280, "light"}, {1280, "dark"}, {400, "light"}, {400, "dark"}}

// fits fails the test when the page is wider than the window.
func (b *tab) fits(name string) {
	b.t.Helper()
	b.each(name, func(look) {})
}

// looks is screen for a page that is none of the console.
func (b *tab) looks(name string) {
	b.t.Helper()
	b.do(chromedp.Evaluate(`document.body.append(Object.assign(document.createElement("div"), {id: "toasts"}))`, nil))
	b.screen(name)
}

// screen does so too, and keeps a screenshot when -update-screens is given.
func (b *tab) screen(name string) {
	b.t.Helper()
	b.each(name, func(l look) {
		if !*updateScreens {
			return
		}
		var image []byte
		b.do(chromedp.Evaluate(`document.getElementById("toasts").replaceChildren(); document.activeElement.blur(); scrollTo(0, 0)`, nil), chromedp.CaptureScreenshot(&image))
		root, file := filepath.Join("..", ".."), fmt.Sprintf("%s-%d-%s.png", name, l.width, l.scheme)
		dirs := []string{filepath.Join(root, "bin", "screens")}
		if _, err := os.Stat(filepath.Join(root, "docs", file)); err == nil {
			dirs = append(dirs, filepath.Join(root, "docs")) // a page shows it
		}
		for _, dir := range dirs {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				b.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), image, 0o644); err != nil {
				b.t.Fatal(err)
			}
		}
	})
}

// each shows the page in every look.
func (b *tab) each(name string, show func(look)) {
	b.t.Helper()
	for _, l := range looks {
		b.do(emulation.SetDeviceMetricsOverride(l.width, 860, 1, l.width < 640),
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
			}))
		if got := b.read("document.documentElement.scrollWidth"); got != fmt.Sprint(l.width) {
			b.t.Errorf("%s is %s pixels wide in a window of %d", name, got, l.width)
		}
		var only []string
		if l.scheme == "dark" && !slices.Contains(b.theirs, contrast) {
			only = []string{contrast}
		}
		if found := b.finds(only...); found != "" {
			b.t.Errorf("%s at %d in %s is not accessible to all:\n%s", name, l.width, l.scheme, found)
		}
		show(l)
	}
	b.do(emulation.ClearDeviceMetricsOverride(), emulation.SetEmulatedMedia())
}

// answer is what a client of the services got.
type answer struct {
	status     int
	retryAfter string
	body       string
}

// ask is a client: it sends a request with a key.
func (s *server) ask(t *testing.T, method, path, key, body string, headers ...string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{body: err.Error()}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{body: err.Error()}
	}
	return answer{response.StatusCode, response.Header.Get("Retry-After"), string(text)}
}

// gets fails the test when a client does not get the status.
func (s *server) gets(t *testing.T, want int, method, path, key, body string) answer {
	t.Helper()
	got := s.ask(t, method, path, key, body)
	if got.status != want {
		t.Errorf("%s %s with %s: %d, want %d: %.300s", method, path, key, got.status, want, got.body)
	}
	return got
}

// known returns the id of a ticket of the catalog.
func (s *server) known(t *testing.T, name string) string {
	t.Helper()
	var catalog struct {
		InboxOps struct {
			Tickets map[string]struct {
				ID string `json:"id"`
			} `json:"tickets"`
		} `json:"inboxops"`
	}
	text := s.gets(t, http.StatusOK, "GET", "/_mockdesk/catalog", "", "").body
	if err := json.Unmarshal([]byte(text), &catalog); err != nil {
		t.Fatal(err)
	}
	return catalog.InboxOps.Tickets[name].ID
}
