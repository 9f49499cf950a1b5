package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/mockserver/workspace"
)

var execCommand = command{
	name:    "exec",
	args:    "-- COMMAND [ARG]...",
	summary: "Run a client's tests against a private fake; fail if the client broke the contract.",
	about: `It starts a fake on a free port and runs COMMAND with the address and the keys
in its environment: MOCKDESK_URL, MOCKDESK_KEY, MOCKDESK_READONLY_KEY,
MOCKDESK_REVOKED_KEY, MOCKDESK_UNENTITLED_KEY, MOCKDESK_APPHANDOFF_KEY,
MOCKDESK_OUTSIDER_KEY; MOCKDESK_CONTROL is the address of the control API.
Signals go on to COMMAND.

Exit code: COMMAND's own if it failed; else 1 if a request broke the contract or
none came; else 0. 127: COMMAND was not found; 2: a wrong call.`,
	example: `mockdesk exec -- npm test
mockdesk exec --report junit=mockdesk.xml -- go test ./...
mockdesk exec --preset flaky-5xx -- python -m unittest`,
	setup: func(flags *pflag.FlagSet) func(context.Context, Terminal, []string) error {
		f := &execFlags{}
		flags.SetInterspersed(false) // what follows COMMAND is its own
		f.world.declare(flags, true)
		flags.BoolVar(&f.allow, "allow-violations", false, "report requests that break the contract, or that none came, but do not fail for it")
		flags.StringArrayVar(&f.reports, "report", nil, "write a report: json=`FILE` or junit=FILE; may be repeated")
		offer(flags, "report", "json=", "junit=")
		return f.exec
	},
}

// execFlags are the flags of exec.
type execFlags struct {
	world   worldFlags
	allow   bool
	reports []string
}

// exec runs the command against a private fake.
func (f *execFlags) exec(ctx context.Context, t Terminal, args []string) error {
	if len(args) == 0 {
		return usage("mockdesk exec -- npm test", "exec needs a command behind --")
	}
	writers, err := parseReports(f.reports)
	if err != nil {
		return err
	}
	config, err := f.world.config(t)
	if err != nil {
		return err
	}
	server, err := f.world.start(ctx, t, config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	web := server.HTTP()
	go func() { _ = web.Serve(listener) }() // ends with Close below
	defer web.Close()
	w := server.Workspace("")
	judging, stop := context.WithCancel(ctx)
	judged := make(chan struct{})
	go func() { defer close(judged); w.Journal.Judge(judging) }()
	code, err := runCommand(t, args, clientEnv("http://"+listener.Addr().String(), w))
	stop()
	<-judged
	if err != nil {
		return err
	}
	return f.conclude(t, newOutcome(args, code, w), writers)
}

// conclude reports what came of the run and decides about the exit code.
func (f *execFlags) conclude(t Terminal, o outcome, writers []reportWriter) error {
	o.print(t.Stderr)
	for _, write := range writers {
		if err := write(o); err != nil {
			return &failure{code: exitRun, err: fmt.Errorf("cannot write a report: %w", err)}
		}
	}
	switch {
	case o.Code != 0:
		return &failure{code: o.Code, err: fmt.Errorf("the command failed with exit code %d", o.Code)}
	case o.Summary.Requests == 0 && !f.allow:
		return &failure{code: exitRun, err: errors.New("no request came to the fake"), hint: "the client has to read its address from MOCKDESK_URL; --allow-violations does not mind"}
	case o.Summary.Unjudged > 0 && !f.allow:
		return &failure{code: exitRun, err: fmt.Errorf("%d requests came too fast to be judged", o.Summary.Unjudged), hint: "--allow-violations does not mind"}
	case len(o.Summary.Violations) > 0 && !f.allow:
		return &failure{code: exitRun, err: errors.New("the client broke the contract"), hint: "--allow-violations only reports it"}
	}
	return nil
}

// runCommand runs the command to its end and returns its exit code. Signals
// that reach mockdesk go on to it.
func runCommand(t Terminal, args, env []string) (code int, err error) {
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = t.Stdin, t.Stdout, t.Stderr
	command.Env = append(slices.Clone(t.Environ), env...)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := command.Start(); err != nil {
		return 0, &failure{code: 127, err: fmt.Errorf("cannot run %s: %w", args[0], err), hint: "write the command behind --, as you would type it"}
	}
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = command.Process.Signal(s) // it may have ended meanwhile
		case err := <-done:
			return exitCode(err)
		}
	}
}

// exitCode turns what Wait returned into the code a shell would show.
func exitCode(err error) (int, error) {
	var exited *exec.ExitError
	if !errors.As(err, &exited) {
		return 0, err
	}
	if status, ok := exited.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exited.ExitCode(), nil
}

// clientEnv is what a client's tests need to find the fake.
func clientEnv(url string, w *workspace.Workspace) []string {
	env := []string{"MOCKDESK_URL=" + url, "MOCKDESK_CONTROL=" + url + "/_mockdesk"}
	for _, key := range w.Keys {
		if name := keyVariable(key); name != "" {
			env = append(env, name+"="+key.Secret)
		}
	}
	return env
}
