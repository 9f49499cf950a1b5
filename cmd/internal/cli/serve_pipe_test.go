//go:build unix

package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// unread returns a file that nobody reads any more: writing to it fails.
func unread(t *testing.T) *os.File {
	t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from.Close()
	t.Cleanup(func() { to.Close() })
	return to
}

// A pipe is written in place, whenever its reader comes.
func TestNobodyReadsWhatItSays(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *exec.Cmd) {
		c.Stdout, c.Stderr = unread(t), unread(t)
		if err := syscall.Mkfifo(filepath.Join(c.Dir, "ready"), 0o600); err != nil {
			t.Fatal(err)
		}
	}, "--addr", "127.0.0.1:0", "--tickets", "30", "--ready-file", "ready")
	text, err := os.ReadFile(filepath.Join(s.command.Dir, "ready"))
	if err != nil {
		t.Fatal(err)
	}
	var told struct{ URL string }
	if err := json.Unmarshal(text, &told); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	s.url = told.URL
	for range 3 { // each writes a line to the log
		a, err := s.ask("/api/v1/tickets")
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
	}
	s.end(syscall.SIGTERM)
	if info, err := os.Lstat(filepath.Join(s.command.Dir, "ready")); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the pipe is gone: %v, %v", info, err)
	}
}

func TestAPipeThatNobodyReadsHoldsNothingUp(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *exec.Cmd) {
		if err := syscall.Mkfifo(filepath.Join(c.Dir, "ready"), 0o600); err != nil {
			t.Fatal(err)
		}
	}, "--addr", "127.0.0.1:0", "--tickets", "30", "--ready-file", "ready", "--quiet")
	s.end(syscall.SIGTERM)
}
