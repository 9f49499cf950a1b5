//go:build unix

package cli

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// endings are the signals that end a subcommand; exec passes them on. A signal
// that nohup makes the process ignore is left alone.
func endings() []os.Signal {
	all := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// group is the process group of a command.
type group struct {
	command *exec.Cmd
	release func() // gives the terminal back
}

// newGroup gives the command a process group of its own. If the command reads
// from a terminal that is ours at the moment, the group gets the terminal;
// otherwise it would be stopped when it reads. Ctrl-C then reaches the group
// directly. Ctrl-Z is ignored meanwhile, because nobody could resume the group.
func newGroup(command *exec.Cmd) *group {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	keepTogether(command.SysProcAttr)
	g := &group{command: command, release: func() {}}
	file, ok := command.Stdin.(*os.File)
	if !ok {
		return g
	}
	terminal := int(file.Fd())
	ours := unix.Getpgrp()
	if at, err := unix.IoctlGetInt(terminal, unix.TIOCGPGRP); err != nil || at != ours || !term.IsTerminal(terminal) {
		return g
	}
	command.SysProcAttr.Foreground, command.SysProcAttr.Ctty = true, terminal
	signal.Ignore(syscall.SIGTSTP)
	g.release = func() {
		signal.Ignore(syscall.SIGTTOU)                              // sent to a group that takes a terminal it does not own
		_ = unix.IoctlSetPointerInt(terminal, unix.TIOCSPGRP, ours) // a terminal that has gone needs no owner
		signal.Reset(syscall.SIGTTOU, syscall.SIGTSTP)
	}
	return g
}

// send sends a signal to every process of the group.
func (g *group) send(s os.Signal) {
	if number, ok := s.(syscall.Signal); ok {
		_ = syscall.Kill(-g.command.Process.Pid, number) // it may have ended meanwhile
	}
}

// kill ends every process of the group at once.
func (g *group) kill() {
	g.send(syscall.SIGKILL)
}

// alive reports whether a process of the group is left after the command has
// ended. One that has become our child counts until it is waited for.
func (g *group) alive() bool {
	pid := -g.command.Process.Pid
	for {
		if seen, err := syscall.Wait4(pid, nil, syscall.WNOHANG, nil); err != nil || seen <= 0 {
			break
		}
	}
	return syscall.Kill(pid, 0) == nil
}
