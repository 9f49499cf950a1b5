package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/cmd/internal/cli"
)

// served is mockdesk serve in a process of its own.
type served struct {
	t       *testing.T
	command *exec.Cmd
	url     string
	stderr  bytes.Buffer // whole after end
}

// serve starts it and waits until it says that it answers. change may prepare
// the process; with a Stdout of its own nobody waits.
func serve(t *testing.T, change func(*exec.Cmd), args ...string) *served {
	t.Helper()
	s := &served{t: t, command: exec.Command("mockdesk", append([]string{"serve"}, args...)...)}
	s.command.Stderr = &s.stderr
	s.command.Dir = t.TempDir()
	if change != nil {
		change(s.command)
	}
	var output io.Reader
	if s.command.Stdout == nil {
		output, _ = s.command.StdoutPipe() // it is not started, and has none
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.command.Process.Kill() }) // it has ended unless the test failed
	if output != nil {
		line, err := bufio.NewReader(output).ReadString('\n')
		if err != nil {
			t.Fatalf("no ready line: %v", err)
		}
		s.url = strings.TrimPrefix(strings.TrimSpace(line), "mockdesk answers on ")
	}
	return s
}

// end sends a signal and expects exit code 0 without a client that was cut off.
func (s *served) end(how syscall.Signal) {
	s.t.Helper()
	if err := s.command.Process.Signal(how); err != nil {
		s.t.Fatal(err)
	}
	if err := s.command.Wait(); err != nil {
		s.t.Errorf("after %v it ends with %v", how, err)
	}
	if strings.Contains(s.stderr.String(), "they are cut") {
		s.t.Errorf("after %v it waited for its clients: %s", how, &s.stderr)
	}
}

// ask sends a GET with a key that may do everything.
func (s *served) ask(path string, headers ...string) (*http.Response, error) {
	r, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer ixk_test_readwrite")
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return http.DefaultClient.Do(r)
}

func TestServeUntilEOF(t *testing.T) {
	t.Parallel()
	var input io.Closer
	s := serve(t, func(c *exec.Cmd) { input, _ = c.StdinPipe() }, "--addr", "127.0.0.1:0", "--tickets", "30", "--until-eof")
	answer, err := s.ask("/api/v1/tickets")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if err := errors.Join(input.Close(), s.command.Wait()); err != nil {
		t.Errorf("when its input ends: %v", err)
	}
}

func TestSignalsEndAServerThatWaits(t *testing.T) {
	t.Parallel()
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(rules, []byte("faults:\n  - when: {times: 1}\n    then: {body: {stall_after: 20}}\n  - then: {latency: {fixed: 60s}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, how := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(how.String(), func(t *testing.T) {
			t.Parallel()
			reaches(t, how)
			s := serve(t, nil, "--addr", "127.0.0.1:0", "--tickets", "30", "--ready-file", "ready.json", "--faults", rules)
			early, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")) // as browsers do
			if err != nil {
				t.Fatal(err)
			}
			defer early.Close()
			stalled, err := s.ask("/api/v1/tickets")
			if err != nil {
				t.Fatal(err)
			}
			defer stalled.Body.Close()
			delayed := make(chan int)
			go func() {
				a, err := s.ask("/api/v1/tickets")
				if err != nil {
					delayed <- 0
					return
				}
				a.Body.Close()
				delayed <- a.StatusCode
			}()
			s.awaitFaults(2)
			s.end(how)
			if status := <-delayed; status != http.StatusOK {
				t.Errorf("the delayed answer: status %d, want 200", status)
			}
			if _, err := io.Copy(io.Discard, stalled.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("the stalled answer: %v, want that it breaks off", err)
			}
			if _, err := os.Stat(filepath.Join(s.command.Dir, "ready.json")); !os.IsNotExist(err) {
				t.Errorf("the ready file: %v, want that it is gone", err)
			}
		})
	}
}

// reaches skips when whoever started the tests, such as nohup, lets nobody
// notice the signal.
func reaches(t *testing.T, s syscall.Signal) {
	t.Helper()
	if signal.Ignored(s) {
		t.Skipf("the tests were started with %v ignored", s)
	}
}

// awaitFaults waits until so many faults have fired.
func (s *served) awaitFaults(want int) {
	s.t.Helper()
	for {
		a, err := s.ask("/_mockdesk/faults")
		if err != nil {
			s.t.Fatal(err)
		}
		var told struct{ Faults []struct{ Fired int } }
		err = json.NewDecoder(a.Body).Decode(&told)
		a.Body.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		fired := 0
		for _, fault := range told.Faults {
			fired += fault.Fired
		}
		if fired >= want {
			return
		}
	}
}

// stubborn is a program that does not end with the first signal.
func stubborn() {
	ctx, _ := cli.Interruptible()
	fmt.Println("up")
	<-ctx.Done()
	fmt.Println("asked")
	select {}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	command := exec.Command("stubborn")
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() { // up, asked, and then the end
		if err := command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	_ = command.Wait() // says the same
	if status := command.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v, want the signal's end", command.ProcessState)
	}
}

func TestASignalEndsAStart(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	s := serve(t, func(c *exec.Cmd) { c.Stdout = &stdout }, "--addr", addr, "--tickets", "1000000")
	for { // it listens before it makes its world
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			break
		}
	}
	s.end(syscall.SIGTERM)
	if stdout.Len() > 0 {
		t.Errorf("it says %q first", &stdout)
	}
}

func TestTheDefaultIsBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	other := listenAtOne(t)
	s := serve(t, nil, "--addr", "localhost:0", "--tickets", "30", "--quiet")
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.url, "http://"))
	for _, url := range []string{"http://127.0.0.1:" + port, "http://[::1]:" + port, "http://localhost:" + port} {
		s.url = url
		for _, path := range []string{"/api/v1/tickets", "/_mockdesk/catalog"} {
			a, err := s.ask(path)
			if err != nil {
				t.Fatal(err)
			}
			if a.Body.Close(); a.StatusCode != http.StatusOK {
				t.Errorf("%s%s: status %d", url, path, a.StatusCode)
			}
		}
	}
	s.end(syscall.SIGTERM)

	_, port, _ = net.SplitHostPort(other.Addr().String())
	code, _, said := told(t.Context(), "serve", "--addr", "localhost:"+port)
	if code != 1 || !strings.Contains(said, "cannot listen on [::1]:"+port) || !strings.Contains(said, "hint: --addr 127.0.0.1:"+port+" ") {
		t.Errorf("another program at ::1: exit code %d, %s", code, said)
	}
	serve(t, nil, "--addr", "127.0.0.1:"+port, "--tickets", "30", "--quiet").end(syscall.SIGTERM) // the hint works
}

// listenAtOne listens at ::1, at a port that is free at 127.0.0.1 and that no
// system gives to those who ask for any: the tests beside this one do.
func listenAtOne(t *testing.T) net.Listener {
	t.Helper()
	if l, err := net.Listen("tcp", "[::1]:0"); err != nil {
		t.Skipf("no IPv6 here: %v", err)
	} else {
		l.Close()
	}
	for port := 20_001; port < 30_000; port++ {
		other, err := net.Listen("tcp", fmt.Sprintf("[::1]:%d", port))
		if err != nil {
			continue
		}
		if four, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			four.Close()
			t.Cleanup(func() { other.Close() })
			return other
		}
		other.Close()
	}
	t.Fatal("no port is free")
	return nil
}

// The default address is taken, by this test or somebody else.
func TestAnEmptyAddressIsTheDefault(t *testing.T) {
	t.Parallel()
	if listener, err := net.Listen("tcp", "127.0.0.1:4010"); err == nil {
		defer listener.Close()
	}
	for name, test := range map[string]struct {
		env  map[string]string
		args []string
	}{
		"a flag":              {nil, []string{"--addr", ""}},
		"a twin":              {map[string]string{"MOCKDESK_ADDR": ""}, nil},
		"a twin with a value": {map[string]string{"MOCKDESK_ADDR": "localhost:4010"}, nil},
		"every twin": {map[string]string{
			"MOCKDESK_ADDR": "", "MOCKDESK_READY_FILE": "", "MOCKDESK_SEED": "", "MOCKDESK_TICKETS": "", "MOCKDESK_AT": "", "MOCKDESK_RATE_LIMIT": "",
			"MOCKDESK_ERROR_FORMAT": "", "MOCKDESK_APPHANDOFF_BASE": "", "MOCKDESK_DOCUMENTED_STATUSES_ONLY": "", "MOCKDESK_PRESET": "", "MOCKDESK_CORS": "",
			"MOCKDESK_MAX_NOTES": "", "MOCKDESK_LOG_FORMAT": "", "MOCKDESK_QUIET": "", "MOCKDESK_TLS": "", "MOCKDESK_FAULTS": "",
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, said := toldWith(t.Context(), test.env, append([]string{"serve"}, test.args...)...)
			const want = "mockdesk: cannot listen on 127.0.0.1:4010: "
			if code != 1 || !strings.HasPrefix(said, want) {
				t.Errorf("exit code %d (-want +got):\n%s", code, cmp.Diff(want, said))
			}
		})
	}
}
