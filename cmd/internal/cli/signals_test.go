//go:build linux

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// executed is an exec that runs, and what it and all its children say.
type executed struct {
	t       *testing.T
	command *exec.Cmd
	out     *bufio.Reader
	log     bytes.Buffer
}

// execute starts exec and waits for the line "ready" of the command.
func execute(t *testing.T, args ...string) *executed {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	e := &executed{t: t, command: exec.CommandContext(ctx, "mockdesk", append([]string{"exec", "--allow-violations"}, args...)...)}
	out, err := e.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	e.command.Stderr = &e.log
	e.out = bufio.NewReader(out)
	if err := e.command.Start(); err != nil {
		t.Fatal(err)
	}
	e.wait("ready")
	return e
}

// wait reads up to a line.
func (e *executed) wait(want string) {
	e.t.Helper()
	for {
		line, err := e.out.ReadString('\n')
		if strings.TrimSpace(line) == want {
			return
		}
		if err != nil {
			e.t.Fatalf("%v before %q came, after %q\n%s", err, want, line, &e.log)
		}
	}
}

// ended waits until every process that could still say something is gone, and
// returns the exit code.
func (e *executed) ended() int {
	e.t.Helper()
	if _, err := io.Copy(io.Discard, e.out); err != nil {
		e.t.Fatal(err)
	}
	err := e.command.Wait()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		e.t.Fatal(err)
	}
	return e.command.ProcessState.ExitCode()
}

// Signals reach the command and what it has started, and exec ends after them
// as the command did.
func TestSignalsGoOn(t *testing.T) {
	t.Parallel()
	const foreground = "(echo ready; exec sleep 1000); true"
	tests := map[string]struct {
		args   []string
		signal syscall.Signal
		code   int
	}{
		"TERM":                            {[]string{"--", "sh", "-c", foreground}, syscall.SIGTERM, 143},
		"INT":                             {[]string{"--", "sh", "-c", foreground}, syscall.SIGINT, 130},
		"HUP":                             {[]string{"--", "sh", "-c", foreground}, syscall.SIGHUP, 129},
		"QUIT":                            {[]string{"--", "sh", "-c", foreground}, syscall.SIGQUIT, 131},
		"to one who answers":              {[]string{"--", "sh", "-c", "trap 'exit 7' TERM; (echo ready; exec sleep 1000) & wait"}, syscall.SIGTERM, 7},
		"to one in the background":        {[]string{"--", "sh", "-c", "sleep 1000 & (echo ready; exec sleep 1000); true"}, syscall.SIGTERM, 143},
		"to one who does not listen":      {[]string{"--kill-after", "1ms", "--", "sh", "-c", "trap '' TERM; echo ready; sleep 1000; sleep 1000"}, syscall.SIGTERM, 137},
		"to one whose child does not":     {[]string{"--kill-after", "1ms", "--", "sh", "-c", "(trap '' TERM; echo ready; sleep 1000; sleep 1000); true"}, syscall.SIGTERM, 143},
		"to nobody's child who is behind": {[]string{"--kill-after", "1ms", "--", "sh", "-c", "(trap '' TERM; sleep 1000; sleep 1000) & (echo ready; exec sleep 1000); true"}, syscall.SIGTERM, 143},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reaches(t, test.signal)
			e := execute(t, test.args...)
			if err := e.command.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			if code := e.ended(); code != test.code {
				t.Errorf("exit code %d, want %d\n%s", code, test.code, &e.log)
			}
			if !strings.Contains(e.log.String(), "mockdesk: 0 requests") {
				t.Errorf("nothing was judged:\n%s", &e.log)
			}
		})
	}
}

// What the command leaves behind ends with it.
func TestLeftOversEnd(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"one who listens":  "sleep 1000 & echo ready; exit 3",
		"one who does not": "mkfifo $0/pipe; (trap '' TERM; echo ready; echo go >$0/pipe; sleep 1000; sleep 1000) & read line <$0/pipe; exit 3",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code := execute(t, "--kill-after", "100ms", "--", "sh", "-c", script, t.TempDir()).ended(); code != 3 {
				t.Errorf("exit code %d, want 3", code)
			}
		})
	}
}

// When exec is killed, the command ends, too.
func TestTheCommandEndsWithExec(t *testing.T) {
	t.Parallel()
	e := execute(t, "--", "sh", "-c", "echo ready; exec sleep 1000")
	if err := e.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	e.ended()
}

// A signal that comes while the world is made ends exec at once, and the report
// says so.
func TestSignalWhileStarting(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "report")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "mockdesk", "exec", "--tickets", "5000000", "--report", "json="+pipe, "--", "true")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	report, err := os.Open(pipe) // waits until exec opens it, too
	if err != nil {
		t.Fatal(err)
	}
	defer report.Close()
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(report)
	if err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // its code is looked at
	if code := command.ProcessState.ExitCode(); code != 143 || !strings.Contains(string(text), `"error": "a signal came before the command ran: terminated"`) {
		t.Errorf("exit code %d, want 143; the report:\n%s", code, text)
	}
}

// A command that reads from a terminal gets it, with Ctrl-C, and gives it back.
func TestTerminal(t *testing.T) {
	t.Parallel()
	master, slave := terminal(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	// The second command reads, too: a shell that is about to start a process
	// when Ctrl-C comes goes on until that process has ended.
	const script = `mockdesk exec --allow-violations -- sh -c 'echo "ready" 1; read a; echo "first $a"'
mockdesk exec -- sh -c 'echo "ready" 2; read a; true'; echo "code $?"
echo "ready" 3; read b; echo "second $b"`
	command := exec.CommandContext(ctx, "sh", "-c", script)
	command.Stdin, command.Stdout, command.Stderr = slave, slave, slave
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	e := &executed{t: t, out: bufio.NewReader(master)}
	for _, step := range []struct{ wait, key string }{
		{"ready 1", "hello\n"}, {"first hello", ""}, {"ready 2", "\x03"}, {"code 130", ""}, {"ready 3", "again\n"}, {"second again", ""},
	} {
		e.wait(step.wait)
		fmt.Fprint(master, step.key)
	}
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}

// terminal makes a terminal: what is written to the one end is typed at the
// other.
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		t.Skipf("no terminal can be made here: %v", err)
	}
	return master, slave
}
