//go:build e2e

package e2e_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// outcomes are what each client makes of a fault: a word for each call, and
// how many requests the server got, where no client can give up before it has
// sent one.
type outcomes map[string]string

// all gives every client the same outcome.
func all(outcome string) outcomes {
	return outcomes{"curl": outcome, "curl-all": outcome, "retryable": outcome, "ky": outcome}
}

// scene is what clients meet in a workspace of their own.
type scene struct {
	preset   string // or
	rule     string // that fires once
	method   string // GET when empty
	times    int
	patience time.Duration // a minute when zero
	advance  string        // by which the clock moves once the first request is answered
	want     outcomes
}

const second = time.Second

var presetScenes = map[string]scene{
	"a burst is waited out":            {preset: "rate-limit-burst", times: 2, want: all("200 200 / 5")},
	"without retrying a burst is seen": {preset: "rate-limit-burst", times: 4, want: outcomes{"no-retrying": "429 429 429 200 / 4"}},
	"a revoked key stays revoked":      {preset: "revoked-mid-session", times: 7, want: all("200 200 200 200 200 401 401 / 7")},
	"a read-only key reads":            {preset: "read-only-key", times: 2, want: all("200 200 / 2")},
	"a read-only key does not write":   {preset: "read-only-key", method: "POST", times: 2, want: all("403 403 / 2")},
	"no entitlement, no retry":         {preset: "no-entitlement", times: 2, want: all("403 403 / 2")},
	"flakiness is retried away":        {preset: "flaky-5xx", times: 7, want: all("200 200 200 200 200 200 200 / 10")},
	"flakiness is seen": {preset: "flaky-5xx", times: 10, want: outcomes{
		"no-retrying": "200 500 200 503 200 200 200 200 503 200 / 10",
	}},
	"slow answers are waited for": {preset: "slow", times: 2, want: all("200 200 / 2")},
	"slow answers take too long":  {preset: "slow", times: 1, patience: second / 5, want: all("timeout")},
	"a broken connection": {preset: "broken-connection", times: 4, want: outcomes{
		"curl": "200 broken broken 200 / 4", "curl-all": "200 200 200 200 / 10",
		"retryable": "200 broken 200 broken / 5", "ky": "200 broken 200 broken / 5",
	}},
	"an outage is waited out": {preset: "recovering-outage", times: 1, advance: "30s", want: all("200 / 2")},
}

var faultScenes = map[string]scene{
	"500":            {rule: `{"status": {"code": 500}}`, want: all("200 200 / 3")},
	"503, in 1 s":    {rule: `{"status": {"code": 503, "retry_after": 1}}`, want: all("200 200 / 3")},
	"400":            {rule: `{"status": {"code": 400}}`, want: all("400 200 / 2")},
	"409":            {rule: `{"status": {"code": "conflict"}}`, want: all("409 200 / 2")},
	"reset":          {rule: `{"connection": "reset"}`, want: brokenBefore},
	"close":          {rule: `{"connection": "close"}`, want: brokenBefore},
	"body cut":       {rule: `{"body": {"cut_after": 30}}`, want: outcomes{"curl": "broken 200 / 2", "curl-all": "200 200 / 3", "retryable": "broken 200 / 2", "ky": "broken 200 / 2"}},
	"body stalled":   {rule: `{"body": {"stall_after": 30}}`, patience: 6 * second, want: outcomes{"curl": "200 200 / 3", "curl-all": "200 200 / 3", "retryable": "timeout 200 / 2", "ky": "timeout 200 / 2"}},
	"malformed":      {rule: `{"malformed": true}`, want: all("unparsable 200 / 2")},
	"wrong type":     {rule: `{"content_type": "text/html"}`, want: all("mistyped 200 / 2")},
	"no type":        {rule: `{"headers": {"remove": ["Content-Type"]}}`, want: all("mistyped 200 / 2")},
	"null":           {rule: `{"violation": {"pointer": "/data/*/status", "make": "null"}}`, want: all("misshapen 200 / 2")},
	"missing":        {rule: `{"violation": {"pointer": "/data/0/status", "make": "missing"}}`, want: all("misshapen 200 / 2")},
	"a number":       {rule: `{"violation": {"pointer": "/data/0/status", "make": "wrong-type"}}`, want: all("misshapen 200 / 2")},
	"late":           {rule: `{"latency": {"fixed": "300ms"}}`, want: all("200 200 / 2")},
	"late, patience": {rule: `{"latency": {"fixed": "30s"}}`, patience: 6 * second, want: outcomes{"curl": "200 200 / 3", "curl-all": "200 200 / 3", "retryable": "200 200 / 3", "ky": "timeout 200 / 2"}},
}

// brokenBefore is a connection that breaks before any answer.
var brokenBefore = outcomes{"curl": "broken 200 / 2", "curl-all": "200 200 / 3", "retryable": "200 200 / 3", "ky": "200 200 / 3"}

func TestPresets(t *testing.T) {
	t.Parallel()
	playAll(t, "preset", presetScenes)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	playAll(t, "fault", faultScenes)
}

// playAll plays each scene with each client of its outcomes, all beside each
// other on one server.
func playAll(t *testing.T, prefix string, scenes map[string]scene) {
	t.Helper()
	s := serve(t, "--quiet")
	t.Run("group", func(t *testing.T) {
		n := 0
		for name, scene := range scenes {
			for client, want := range scene.want {
				n++
				workspace := fmt.Sprintf("%s-%d", prefix, n)
				t.Run(name+"/"+client, func(t *testing.T) {
					t.Parallel()
					got := s.play(t, workspace, client, scene)
					if !strings.Contains(want, "/") {
						got, _, _ = strings.Cut(got, " /")
					}
					if got != want {
						t.Errorf("got  %s\nwant %s", got, want)
					}
				})
			}
		}
	})
}

// play lets a client meet the scene and says what came of it.
func (s *server) play(t *testing.T, workspace, client string, scene scene) string {
	t.Helper()
	s.control(t, "POST", "workspaces", `{"name": "`+workspace+`"}`)
	return s.act(t, "?workspace="+workspace, "ixk_"+workspace+"_readwrite", client, scene)
}

// act lets a client meet the scene with a key in the workspace of a query.
func (s *server) act(t *testing.T, in, key, client string, scene scene) string {
	t.Helper()
	if scene.advance != "" { // no client starts too slowly for what lasts by the clock
		s.control(t, "PUT", "clock"+in, `{"mode": "frozen"}`)
	}
	if scene.preset != "" {
		s.control(t, "POST", "presets/"+scene.preset+in, "")
	} else {
		s.control(t, "POST", "faults"+in, `{"when": {"times": 1}, "then": `+scene.rule+`}`)
	}
	e := errand{method: "GET", url: s.url + "/api/v1/tickets?per_page=1", key: key, times: scene.times, patience: scene.patience}
	if scene.method == "POST" {
		e.method, e.url = "POST", s.url+"/api/v1/tickets/00000000-0000-4000-8000-000000000000/messages"
	}
	if e.times == 0 {
		e.times = 2
	}
	if e.patience == 0 {
		e.patience = time.Minute
	}
	if scene.advance != "" {
		events := s.open(t, "requests/stream"+in)
		moved := make(chan struct{})
		defer func() {
			events.Close()
			<-moved
		}()
		go func() {
			defer close(moved)
			if awaitEvent(events) {
				s.control(t, "POST", "clock/advance"+in, `{"by": "`+scene.advance+`"}`)
			}
		}()
	}
	words := clients[client](t, e)
	var journal struct {
		Requests []struct {
			Status int `json:"status"`
		} `json:"requests"`
	}
	decode(t, s.control(t, "GET", "requests"+in, ""), &journal)
	var retries struct {
		Early []json.RawMessage `json:"early"`
	}
	decode(t, s.control(t, "GET", "verify/retries"+in, ""), &retries)
	if len(retries.Early) > 0 && client != "no-retrying" {
		t.Errorf("%d requests came before their Retry-After had passed: %s", len(retries.Early), retries.Early)
	}
	return fmt.Sprintf("%s / %d", strings.Join(words, " "), len(journal.Requests))
}

// open sends a GET to the control API and returns its body.
func (s *server) open(t *testing.T, path string) io.ReadCloser {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/_mockdesk/"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s", path, response.Status)
	}
	return response.Body
}

// awaitEvent reads a stream up to its first event.
func awaitEvent(stream io.Reader) bool {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "data:") {
			return true
		}
	}
	return false
}

// control asks the control API and returns its answer.
func (s *server) control(t *testing.T, method, path, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+"/_mockdesk/"+path, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Errorf("%s %s: %s, %v: %s", method, path, response.Status, err, text)
	}
	return string(text)
}

// decode reads JSON.
func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

// TestServeWithFaults puts rules in force with the flags of serve.
func TestServeWithFaults(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "faults.yaml")
	const rules = "faults:\n- name: once\n  when: {times: 1}\n  then: {status: {code: 429, retry_after: 1}}\n"
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--faults", file, "--preset", "no-entitlement")
	e := errand{method: "GET", url: s.url + "/api/v1/tickets?per_page=1", key: "ixk_test_readwrite", times: 2, patience: time.Minute}
	if got := strings.Join(clients["no-retrying"](t, e), " "); got != "429 403" {
		t.Errorf("got %s, want first the file's 429, then the preset's 403", got)
	}
	exported := s.control(t, "GET", "faults.yaml", "")
	if !strings.Contains(exported, "name: once") || !strings.Contains(exported, "name: no API access") {
		t.Errorf("the rules in force are exported as\n%s", exported)
	}
	if err := os.WriteFile(file, []byte(exported), 0o600); err != nil {
		t.Fatal(err)
	}
	again := serve(t, "--faults", file)
	e.url = again.url + "/api/v1/tickets?per_page=1"
	if got := strings.Join(clients["no-retrying"](t, e), " "); got != "429 403" {
		t.Errorf("what was exported does %s, want 429 403", got)
	}
}
