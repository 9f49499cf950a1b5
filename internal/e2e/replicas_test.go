//go:build e2e

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cluster is nginx, configured as deploy/ ships it, before two replicas.
type cluster struct {
	t        *testing.T
	url      string
	replicas []*server
	owner    map[string]int // the replica of each workspace
}

// startCluster starts the replicas and nginx.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	need(t, "nginx", "nginx")
	c := &cluster{t: t, replicas: []*server{serve(t, "--quiet"), serve(t, "--quiet")}, owner: map[string]int{}}
	address := freeAddress(t)
	c.url = "http://" + address
	folder := t.TempDir()
	for _, name := range []string{"mockdesk.conf", "replicas.conf"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "nginx", name))
		if err != nil {
			t.Fatal(err)
		}
		shipped := strings.NewReplacer( // the ports alone
			"listen 4010;", "listen "+address+";",
			"127.0.0.1:4011", strings.TrimPrefix(c.replicas[0].url, "http://"),
			"127.0.0.1:4012", strings.TrimPrefix(c.replicas[1].url, "http://"),
		).Replace(string(text))
		if shipped == string(text) {
			t.Fatalf("%s has none of the ports that are put in", name)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(shipped), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const frame = `daemon off; master_process off; pid nginx.pid; events {}
http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
include mockdesk.conf; include replicas.conf; }`
	if err := os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(frame), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	var said strings.Builder
	nginx := exec.CommandContext(ctx, "nginx", "-p", folder, "-c", filepath.Join(folder, "nginx.conf"), "-e", "stderr")
	nginx.Stderr = &said
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		nginx.Wait()
		if t.Failed() {
			t.Logf("nginx:\n%s", &said)
		}
	})
	run(t, folder, binary, "wait", c.url)
	return c
}

// freeAddress returns an address that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// lone sends each request by a connection of its own.
var lone = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

// send sends a request to nginx or to a replica, and returns the status, the
// body and the header without what differs between two answers.
func (c *cluster) send(method, url, key, body string) (int, string, http.Header) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Request-Id", "the-same") // otherwise each answer has an id of its own
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	answer, err := lone.Do(request)
	if err != nil {
		c.t.Error(err)
		return 0, "", nil
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Error(err)
	}
	for _, name := range []string{"Date", "Connection"} {
		answer.Header.Del(name)
	}
	return answer.StatusCode, string(text), answer.Header
}

// want sends a request to nginx and expects a status.
func (c *cluster) want(status int, method, path, key, body string) string {
	c.t.Helper()
	got, text, _ := c.send(method, c.url+path, key, body)
	if got != status {
		c.t.Errorf("%s %s with key %q: %d, want %d: %s", method, path, key, got, status, text)
	}
	return text
}

// key returns a key of a workspace.
func key(workspace, kind string) string {
	if kind == "member" {
		return "ah_k_" + workspace + "_" + kind
	}
	return "ixk_" + workspace + "_" + kind
}

// fill makes workspaces by way of nginx and finds out where they are.
func (c *cluster) fill(count int) []string {
	c.t.Helper()
	var names []string
	for i := range count {
		name := fmt.Sprintf("team-%d", i)
		names = append(names, name)
		c.want(201, "POST", "/_mockdesk/workspaces?name="+name, "", `{"name":"`+name+`"}`)
	}
	for i, replica := range c.replicas {
		_, text, _ := c.send("GET", replica.url+"/_mockdesk/workspaces", "", "")
		var list struct{ Workspaces []struct{ Name string } }
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			c.t.Fatal(err)
		}
		if len(list.Workspaces) < 2 {
			c.t.Errorf("replica %d has no workspace but its own: %s", i, text)
		}
		for _, w := range list.Workspaces {
			c.owner[w.Name] = i
		}
	}
	for _, name := range names {
		if _, ok := c.owner[name]; !ok {
			c.t.Fatalf("no replica has %s", name)
		}
	}
	return names
}

const thread = "/api/v1/tickets/1001/messages"

// TestReplicas holds what deploy/README.md says.
func TestReplicas(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	c.seededAlike()
	c.want(400, "POST", "/_mockdesk/workspaces", "", `{"name":"nameless"}`)
	c.want(401, "GET", "/api/v1/tickets", "", "")
	c.want(401, "GET", "/api/v1/tickets", key("nobody", "readwrite"), "")

	names := c.fill(24)
	var group sync.WaitGroup
	for _, name := range names {
		group.Go(func() { c.together(name) })
	}
	group.Wait()
	c.lose(names)
}

// seededAlike compares what both replicas and nginx answer.
func (c *cluster) seededAlike() {
	c.t.Helper()
	type answer struct {
		Status int
		Body   string
		Header http.Header
	}
	for path, kind := range map[string]string{
		"/api/v1/tickets?per_page=100":                            "readwrite",
		"/api/v1/tickets?query=invoice&sort=updated_at&order=asc": "readonly",
		"/api/v1/tickets?status=nix":                              "readwrite",
		thread:                                                    "readwrite",
		"/api/v1/tickets/1001/messages?types=nix":                 "readonly",
		"/api/v1/tickets/0/messages":                              "readwrite",

		"/api/projects/" + strings.Repeat("0", 20) + "/tickets/x/messages": "member",
	} {
		var answers []answer
		for _, base := range []string{c.replicas[0].url, c.replicas[1].url, c.url} {
			status, body, header := c.send("GET", base+path, key("test", kind), "")
			answers = append(answers, answer{status, body, header})
		}
		for _, other := range answers[1:] {
			if diff := cmp.Diff(answers[0], other, cmp.FilterPath(func(p cmp.Path) bool {
				return p.Last().String() == `["Content-Length"]` || p.Last().String() == `["Transfer-Encoding"]`
			}, cmp.Ignore())); diff != "" {
				c.t.Errorf("%s:\n%s", path, diff)
			}
		}
	}
}

// together holds that notes, faults, the clock and the rate limit of a
// workspace are met by every connection and every key.
func (c *cluster) together(name string) {
	c.t.Helper()
	const notes, limit = 4, 5
	for i := range notes {
		c.want(201, "POST", thread, key(name, "readwrite"), fmt.Sprintf(`{"type":"internal_note","body_text":"note %d of %s."}`, i, name))
	}
	text := c.want(200, "GET", thread, key(name, "readonly"), "")
	for i := range notes {
		if !strings.Contains(text, fmt.Sprintf("note %d of %s.", i, name)) {
			c.t.Errorf("%s lacks its note %d: %s", name, i, text)
		}
	}
	if n := strings.Count(text, `"note `); n != notes {
		c.t.Errorf("%s has %d notes, want its own %d", name, n, notes)
	}
	c.want(404, "GET", "/api/projects/0/tickets/0/messages", key(name, "member"), "") // 401 on the other replica
	here := "?workspace=" + name
	c.want(201, "POST", "/_mockdesk/faults"+here, "", `{"match":{"operation":"listTickets"},"when":{"times":2},"then":{"status":{"code":"503"}}}`)
	c.want(201, "POST", "/_mockdesk/faults"+here, "", `{"match":{"operation":"listTickets"},"when":{"times":1},"then":{"connection":"reset"}}`)
	c.want(200, "PUT", "/_mockdesk/rate-limit"+here, "", fmt.Sprintf(`{"rate_limit":"%d/1h"}`, limit))
	counts := map[int]int{}
	for i := range 12 {
		status, _, _ := c.send("GET", c.url+"/api/v1/tickets?per_page=1", key(name, []string{"readwrite", "readonly"}[i%2]), "")
		counts[status]++
	}
	// Requests that a fault decides count against no limit.
	if diff := cmp.Diff(map[int]int{503: 2, 502: 1, 200: limit, 429: 9 - limit}, counts); diff != "" {
		c.t.Errorf("%s, want -, got +:\n%s", name, diff)
	}
	c.want(200, "PUT", "/_mockdesk/rate-limit"+here, "", `{"rate_limit":"off"}`)
	if status := c.want(200, "GET", "/_mockdesk/workspaces/"+name, "", ""); !strings.Contains(status, fmt.Sprintf(`"notes":%d`, notes)) {
		c.t.Errorf("%s is described as %s", name, status)
	}
}

// lose kills a replica, and brings it back.
func (c *cluster) lose(names []string) {
	c.t.Helper()
	const lost = 0
	gone := names[slices.IndexFunc(names, func(name string) bool { return c.owner[name] == lost })]
	unharmed := func() {
		c.t.Helper()
		for _, name := range names {
			if c.owner[name] != lost {
				if text := c.want(200, "GET", thread, key(name, "readonly"), ""); !strings.Contains(text, "note 3 of "+name) {
					c.t.Errorf("%s has lost its notes: %s", name, text)
				}
			}
		}
	}
	seeded := c.want(200, "GET", thread+"?types=email", key(gone, "readonly"), "")
	replica := c.replicas[lost]
	replica.process.Process.Kill()
	replica.process.Wait()
	for range 5 {
		c.want(502, "GET", thread, key(gone, "readwrite"), "")
		c.want(502, "POST", "/_mockdesk/workspaces?name="+gone, "", `{"name":"`+gone+`"}`)
		unharmed()
	}
	serve(c.t, "--quiet", "--addr", strings.TrimPrefix(replica.url, "http://"))
	c.want(401, "GET", thread, key(gone, "readwrite"), "")
	unharmed()
	c.want(201, "POST", "/_mockdesk/workspaces?name="+gone, "", `{"name":"`+gone+`"}`)
	if text := c.want(200, "GET", thread, key(gone, "readonly"), ""); strings.Contains(text, "note 0 of") {
		c.t.Errorf("%s still has its notes: %s", gone, text)
	}
	if diff := cmp.Diff(seeded, c.want(200, "GET", thread+"?types=email", key(gone, "readonly"), "")); diff != "" {
		c.t.Errorf("seeded messages differ:\n%s", diff)
	}
	unharmed()
}
