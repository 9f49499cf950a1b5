package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// process is a server under measurement.
type process struct {
	command *exec.Cmd
	url     string
}

// startServer runs a command and waits for the line that ends with its
// address.
func startServer(name string, args ...string) (*process, error) {
	command := exec.Command(name, args...)
	command.Stderr = os.Stderr
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s says nothing: %w", name, err)
	}
	fields := strings.Fields(line)
	return &process{command: command, url: fields[len(fields)-1]}, nil
}

// stop ends the server.
func (p *process) stop() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait() // it was killed
}

// ticks is how many clock ticks the kernel counts in a second.
const ticks = 100

// cpu returns the processor time the server has used, from /proc.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / ticks, err
}

// resident returns the server's resident memory in MiB: now, or at its peak.
func (p *process) resident(field string) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, field+":"); found {
			kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
			return kilobytes / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s in /proc", field)
}
