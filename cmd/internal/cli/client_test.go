package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/cmd/internal/cli"
)

// told runs a command line in this process, in an empty environment, and returns
// its exit code and what it says.
func told(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	return toldWith(ctx, nil, args...)
}

// toldWith is told in an environment.
func toldWith(ctx context.Context, env map[string]string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = cli.Run(ctx, cli.Terminal{Args: args, Env: variables(env), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err})
	return code, out.String(), err.String()
}

// variables looks names up in an environment.
func variables(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { value, set := env[name]; return value, set }
}

// raw answers every request with bytes as they are, and holds the connection
// until the client lets go of it.
func raw(t *testing.T, answer string) *httptest.Server {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		fmt.Fprint(c, answer)
		_, _ = io.Copy(io.Discard, c) // ends with the connection, however that ends
	}))
	t.Cleanup(web.Close)
	return web
}

// asking are the command lines that ask a server; patience is that of wait, whose
// time ends even where all answers come at once.
func asking(url, patience string) map[string][]string {
	return map[string][]string{
		"health":  {"health", url, "--timeout", "1m"},
		"wait":    {"wait", url, "--timeout", patience, "--interval", "1ms"},
		"catalog": {"catalog", url},
		"check":   {"check", url, "--key", "ixk_x", "--facts", url + "/facts.json"},
	}
}

// Another protocol ends what asks: the connection, on which nothing comes, is
// not read.
func TestAnotherProtocolIsNoAnswer(t *testing.T) {
	t.Parallel()
	web := raw(t, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
	for name, args := range asking(web.URL, "100ms") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			command := exec.CommandContext(ctx, "mockdesk", args...) // a process can be ended if it does not end
			var stderr bytes.Buffer
			command.Stderr = &stderr
			_ = command.Run() // its code is looked at
			want := 1
			if name == "check" {
				want = 2
			}
			if code := command.ProcessState.ExitCode(); code != want || !strings.HasPrefix(stderr.String(), "mockdesk: ") {
				t.Errorf("exit code %d, want %d\n%s", code, want, &stderr)
			}
		})
	}
}

// An answer that goes on for ever is read up to a size and for a time.
func TestAnEndlessAnswerIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		more    bool // the body goes on, where else it stalls
		timeout string
		want    string
	}{
		"it goes on": {true, "1h", "/_mockdesk/healthz cannot be read: the answer is larger than 64 MiB"},
		"it stalls":  {false, "100ms", "context deadline exceeded"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, err := w.Write(make([]byte, 1<<20))
				for tc.more && err == nil {
					_, err = w.Write(make([]byte, 1<<20))
				}
				<-r.Context().Done()
			}))
			defer web.Close()
			code, _, stderr := told(t.Context(), "health", web.URL, "--timeout", tc.timeout)
			if code != 1 || !strings.Contains(stderr, tc.want) {
				t.Errorf("exit code %d, want 1 and %q\n%s", code, tc.want, stderr)
			}
		})
	}
}

// A signal ends what asks in the middle of an answer.
func TestASignalEndsWhatAsks(t *testing.T) {
	t.Parallel()
	for name := range asking("", "") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, interrupt := context.WithCancel(t.Context())
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, "{")
				_ = http.NewResponseController(w).Flush()
				interrupt()
				<-r.Context().Done()
			}))
			defer web.Close()
			want := 1
			if name == "check" {
				want = 3
			}
			if code, _, stderr := told(ctx, asking(web.URL, "1h")[name]...); code != want {
				t.Errorf("exit code %d, want %d\n%s", code, want, stderr)
			}
		})
	}
}

// evil holds what a terminal must not get from others.
const evil = "\u009b31mred \u202eevil\u2066 \u0085x \u2028 \ufeff \x1b[31m"

// seen reports whether a text can be shown as it is.
func seen(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) })
}

// What a server says is shown with nothing in it that a terminal obeys.
func TestTheWordsOfAServerAreHarmless(t *testing.T) {
	t.Parallel()
	words, err := json.Marshal(map[string]string{"error": evil + "\nnext", "hint": evil + "\n::error::x"})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ answer, want string }{
		"a status and its reason": {
			fmt.Sprintf("HTTP/1.1 500 \u009b31mOops\u202e\r\nContent-Length: %d\r\n\r\n%s", len(words), words),
			`answers 500 \u009b31mOops\u202e: \u009b31mred \u202eevil\u2066 \u0085x \u2028 \ufeff \u001b[31m\nnext`,
		},
		"a header that is none": {"HTTP/1.1 200 OK\r\n\u009b31m\u202e\r\n\r\n", `\u009b31m\u202e`},
	}
	for name, tc := range tests {
		web := raw(t, tc.answer)
		for command, args := range asking(web.URL, "100ms") {
			t.Run(name+" for "+command, func(t *testing.T) {
				t.Parallel()
				_, stdout, stderr := told(t.Context(), args...)
				if !seen(stdout + stderr) {
					t.Errorf("it says %q and %q", stdout, stderr)
				}
				if command != "wait" && !strings.Contains(stderr, tc.want) { // whose time may be over before
					t.Errorf("want %s in:\n%s", tc.want, stderr)
				}
			})
		}
	}
}

func TestACatalogIsPrintedHarmlessly(t *testing.T) {
	t.Parallel()
	body, err := json.Marshal(map[string]any{"keys": []any{}, "inboxops": map[string]string{"evil": evil}, "apphandoff": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	defer web.Close()
	code, stdout, stderr := told(t.Context(), "catalog", web.URL)
	if code != 0 || !seen(stdout) {
		t.Errorf("exit code %d, it says %q and %s", code, stdout, stderr)
	}
	var got, want any
	if err := json.Unmarshal(body, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the catalog (-want +got):\n%s", d)
	}
}

func TestWhatIsNoCatalogIsRefused(t *testing.T) {
	t.Parallel()
	const lacks = "lacks keys, inboxops or apphandoff"
	tests := map[string]struct{ body, want string }{
		"an empty object":        {`{}`, lacks},
		"an array":               {`[]`, lacks},
		"null":                   {`null`, lacks},
		"a list of tickets":      {`{"data":[],"meta":{}}`, lacks},
		"members of other types": {`{"keys":{},"inboxops":[],"apphandoff":1}`, lacks},
		"a member that is null":  {`{"keys":[],"inboxops":null,"apphandoff":{}}`, lacks},
		"a page":                 {`<html>`, "is no JSON: "},
		"nothing":                {``, "is no JSON: "},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, tc.body) }))
			defer web.Close()
			code, stdout, stderr := told(t.Context(), "catalog", web.URL)
			want := "mockdesk: there is no catalog: what " + web.URL + " answers " + tc.want
			if code != 1 || stdout != "" || !strings.HasPrefix(stderr, want) || !strings.Contains(stderr, "\nhint: the server must be mockdesk\n") {
				t.Errorf("exit code %d with %q and %q, want 1 and %q", code, stdout, stderr, want)
			}
		})
	}
}

func TestAnotherServerIsNotHealthy(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a page": "<html></html>", "nothing": "", "another object": `{"ok":true}`, "another status": `{"status":"starting"}`, "a list": `["ok"]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
			defer web.Close()
			code, stdout, stderr := told(t.Context(), "health", web.URL, "--timeout", "1m")
			if code != 1 || stdout != "" || !strings.Contains(stderr, "/_mockdesk/healthz does not answer as mockdesk does\n") {
				t.Errorf("exit code %d with %q and %q, want 1", code, stdout, stderr)
			}
		})
	}
}

// Another server may answer as long as mockdesk has not started.
func TestAnotherServerIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) < 3 {
			fmt.Fprint(w, "<html></html>")
			return
		}
		fmt.Fprint(w, `{"status":"ok"}`)
	}))
	defer web.Close()
	if code, stdout, stderr := told(t.Context(), "wait", web.URL, "--timeout", "1m", "--interval", "1ms"); code != 0 || stdout != "ok\n" || asked.Load() != 3 {
		t.Errorf("exit code %d with %q and %q when it was asked %d times, want 3", code, stdout, stderr, asked.Load())
	}
}
