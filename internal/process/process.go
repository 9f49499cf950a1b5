// Package process turns a command into a server under measurement: started on
// a port of its own choice, watched through /proc, ended by its id.
package process

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// Process is a server that answers.
type Process struct {
	// Host is the address it listens on, as host:port.
	Host    string
	command *exec.Cmd
}

// Start runs a command and waits for the line of standard output that ends with
// its address. Its standard error goes to stderr.
func Start(stderr io.Writer, name string, args ...string) (*Process, error) {
	command := exec.Command(name, args...)
	command.Stderr = stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		_ = command.Wait() // standard output has ended, so the command has, too
		return nil, fmt.Errorf("%s says nothing: %w", name, err)
	}
	fields := strings.Fields(line)
	return &Process{command: command, Host: strings.TrimPrefix(fields[len(fields)-1], "http://")}, nil
}

// Kill ends the server at once.
func (p *Process) Kill() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait() // it was killed
}

// Terminate asks the server to end, and waits until it has; a server that
// ends with another code than 0 is an error.
func (p *Process) Terminate() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.command.Wait()
}

// Resident returns the server's resident memory in KiB.
func (p *Process) Resident() (int, error) {
	return p.status("VmRSS")
}

// PeakResident returns the most that Resident ever was.
func (p *Process) PeakResident() (int, error) {
	return p.status("VmHWM")
}

// Descriptors returns how many files and connections the server has open.
func (p *Process) Descriptors() (int, error) {
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.command.Process.Pid))
	return len(open), err
}

// status returns a number of /proc/PID/status.
func (p *Process) status(field string) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, field+":"); found {
			return strconv.Atoi(strings.Fields(rest)[0])
		}
	}
	return 0, fmt.Errorf("no %s in /proc", field)
}
