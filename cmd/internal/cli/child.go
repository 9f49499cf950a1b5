package cli

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

// signalled is what a shell adds to the number of the signal that ended a
// command.
const signalled = 128

// ended is how a command ended.
type ended struct {
	code   int
	signal string // that ended it, empty when none did
}

// runCommand runs the command in a process group of its own and ends what it
// leaves behind. Signals are passed on to the group. Whatever is left of the
// group is killed killAfter after the first signal or after the command ends.
func runCommand(t Terminal, args, env []string, signals <-chan os.Signal, killAfter time.Duration) (ended, error) {
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = t.Stdin, t.Stdout, t.Stderr
	command.Env = env
	command.WaitDelay = killAfter // a process that has left the group may hold an output that is no file
	// Linux ends the command when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	g := newGroup(command)
	defer g.release()
	if err := command.Start(); err != nil {
		hint := "is it installed, and does " + args[0] + " run when typed without mockdesk?"
		if strings.Contains(args[0], " ") {
			hint = "write the command after --, as you would type it: mockdesk exec -- " + args[0]
		}
		return ended{}, fail(127, hint, "cannot run %s: %w", args[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	grace := context.Background()
	for {
		select {
		case s := <-signals:
			g.send(s)
			if grace.Done() == nil {
				var cancel context.CancelFunc
				grace, cancel = context.WithTimeout(grace, killAfter)
				defer cancel()
			}
		case <-grace.Done():
			g.kill()
			grace = context.Background()
		case err := <-done:
			g.end(grace, killAfter)
			return howEnded(err)
		}
	}
}

// settle is the interval between checks whether a group, or its connections,
// have ended.
const settle = 5 * time.Millisecond

// end ends what is left of the group: it is killed when the grace is over. A
// group that no signal has told to end is told now.
func (g *group) end(grace context.Context, killAfter time.Duration) {
	if !g.alive() {
		return
	}
	if grace.Done() == nil {
		var cancel context.CancelFunc
		grace, cancel = context.WithTimeout(grace, killAfter)
		defer cancel()
		g.send(syscall.SIGTERM)
	}
	if g.gone(grace) {
		return
	}
	g.kill()
	const atOnce = time.Second
	killed, cancel := context.WithTimeout(context.Background(), atOnce)
	defer cancel()
	g.gone(killed)
}

// gone waits for the group to end and reports whether it did.
func (g *group) gone(within context.Context) bool {
	for g.alive() {
		if clock.Sleep(within, settle) != nil {
			return false
		}
	}
	return true
}

// howEnded turns what Wait returned into the code a shell would show.
func howEnded(err error) (ended, error) {
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return ended{}, nil
	}
	exited, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return ended{}, err
	}
	if status, ok := exited.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return ended{signalled + int(status.Signal()), status.Signal().String()}, nil
	}
	return ended{code: exited.ExitCode()}, nil
}
