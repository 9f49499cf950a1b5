//go:build e2e

package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience bounds a whole test, so that a server which hangs fails it; a
// machine may be busy.
const patience = 10 * time.Minute

// binary is the path of the built command; TestMain builds it once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	folder, err := os.MkdirTemp("", "mockdesk-e2e-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "mockdesk")
	build := exec.Command("go", "build", "-o", binary, "../../cmd/mockdesk")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic("go build ./cmd/mockdesk: " + err.Error())
	}
	return m.Run()
}

// server is a running mockdesk serve or proxy.
type server struct {
	url     string // from the ready file
	process *exec.Cmd
	stdout  *bufio.Reader
	stderr  *bytes.Buffer
}

// serve starts the binary on a free port and returns when it says it is ready.
func serve(t *testing.T, args ...string) *server {
	t.Helper()
	return launch(t, "serve", args...)
}

// launch starts a command of the binary as serve does.
func launch(t *testing.T, command string, args ...string) *server {
	t.Helper()
	readyFile := filepath.Join(t.TempDir(), "ready.json")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)

	args = append([]string{command, "--addr", "127.0.0.1:0", "--ready-file", readyFile}, args...)
	process := exec.CommandContext(ctx, binary, args...)
	stdout, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{process: process, stdout: bufio.NewReader(stdout), stderr: new(bytes.Buffer)}
	process.Stderr = s.stderr
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	// Wait only comes back once the process is gone, so stderr is whole then.
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
		if t.Failed() {
			t.Logf("stderr:\n%s", s.stderr)
		}
	})

	line, err := s.stdout.ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line on stdout: %v", err)
	}
	s.url = readReady(t, readyFile)
	if !strings.Contains(line, s.url) {
		t.Errorf("the ready line does not name the URL of the ready file:\ngot  %swant %s", line, s.url)
	}
	return s
}

// readReady returns the URL in a ready file, which must be whole by now.
func readReady(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var ready struct {
		URL string `json:"url"`
	}
	if err := json.Unmarshal(text, &ready); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if ready.URL == "" || strings.HasSuffix(ready.URL, ":0") {
		t.Fatalf("the ready file names no real port: %s", text)
	}
	return ready.URL
}

// stop asks the server to end and returns what else it wrote to stdout.
func (s *server) stop(t *testing.T) string {
	t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(s.stdout)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v, want exit code 0", err)
	}
	return string(rest)
}

func TestServe(t *testing.T) {
	t.Parallel()
	s := serve(t)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1/tickets", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer ixk_test_readwrite")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("got %s, want 200", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	if len(list.Data) == 0 || list.Data[0].ID == "" {
		t.Errorf("the first page holds no ticket: %+v", list)
	}

	if rest := s.stop(t); rest != "" {
		t.Errorf("stdout holds more than the ready line: %q", rest)
	}
}
