//go:build !unix

package cli

import (
	"os"
	"os/exec"
	"syscall"
)

// endings are the signals that end a subcommand; exec passes them on.
func endings() []os.Signal {
	return []os.Signal{os.Interrupt, syscall.SIGTERM}
}

// group is a command alone: there are no process groups.
type group struct {
	command *exec.Cmd
	release func()
}

// newGroup returns the command as it is.
func newGroup(command *exec.Cmd) *group {
	return &group{command: command, release: func() {}}
}

// send sends a signal to the command.
func (g *group) send(s os.Signal) {
	_ = g.command.Process.Signal(s) // a system may know no signal but Kill
}

// kill ends the command at once.
func (g *group) kill() {
	_ = g.command.Process.Kill() // it may have ended meanwhile
}

// alive always reports false: nothing is left once the command has ended.
func (g *group) alive() bool {
	return false
}
