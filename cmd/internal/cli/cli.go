// Package cli turns the words of a command line into a run of mockdesk and
// its exit code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/internal/near"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// Exit codes that all commands share.
const (
	exitOK    = 0
	exitRun   = 1 // could not run
	exitUsage = 2 // a wrong call
)

// Terminal is everything a command sees of the world around it.
type Terminal struct {
	Args []string
	Env  func(name string) (value string, set bool)
	// Environ is the environment of the commands that exec runs.
	Environ []string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
}

// command is one subcommand.
type command struct {
	name    string
	args    string // shown behind the name
	summary string
	about   string   // shown by --help, below the usage
	example string   // lines to type, shown by --help at the end
	offers  []string // what completion offers for its arguments
	// setup declares the flags and returns what runs once they are parsed.
	setup func(*pflag.FlagSet) func(ctx context.Context, t Terminal, args []string) error
}

// commands lists the subcommands in the order help shows them.
func commands() []command {
	all := []command{serveCommand, checkCommand, execCommand, catalogCommand, specCommand, waitCommand, healthCommand, versionCommand, completionCommand()}
	return append(all, manCommand(names(all)))
}

// failure is an error with an exit code and the thing to type instead.
type failure struct {
	code int
	err  error
	hint string
}

// Error returns what is wrong.
func (f *failure) Error() string {
	return f.err.Error()
}

// Unwrap returns the cause.
func (f *failure) Unwrap() error {
	return f.err
}

// usage returns a failure of the call itself.
func usage(hint, format string, args ...any) error {
	return &failure{code: exitUsage, err: fmt.Errorf(format, args...), hint: hint}
}

// Run runs the command line and returns its exit code.
func Run(ctx context.Context, t Terminal) int {
	err := run(ctx, t)
	if err == nil {
		return exitOK
	}
	f := &failure{code: exitRun, err: err}
	errors.As(err, &f)
	if f.err != nil {
		fmt.Fprintf(t.Stderr, "mockdesk: %s\n", plain.Text(f.err.Error())) // it may quote a server
	}
	if f.hint != "" {
		fmt.Fprintf(t.Stderr, "hint: %s\n", f.hint)
	}
	return f.code
}

// run finds the subcommand and runs it.
func run(ctx context.Context, t Terminal) error {
	if len(t.Args) == 0 {
		help(t.Stderr)
		return &failure{code: exitUsage}
	}
	name, args := t.Args[0], t.Args[1:]
	switch name {
	case "help":
		if len(args) > 0 {
			name, args = args[0], []string{"--help"}
			break
		}
		help(t.Stdout)
		return nil
	case "-h", "--help":
		help(t.Stdout)
		return nil
	case "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, t, args)
		}
	}
	return usage(near.Hint(name, names(commands()), "mockdesk help lists the commands"), "there is no command %q", name)
}

// run parses the flags of a subcommand and runs it.
func (c command) run(ctx context.Context, t Terminal, args []string) error {
	flags, do := c.flagSet()
	hint := "mockdesk " + c.name + " --help"
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		c.help(t.Stdout, flags)
		return nil
	case err != nil:
		return flagFailure(flags, hint, err)
	}
	if err := fromEnv(flags, t.Env); err != nil {
		return usage(hint, "%w", err)
	}
	return do(ctx, t, flags.Args())
}
