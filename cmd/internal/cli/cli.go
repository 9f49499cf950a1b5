// Package cli turns the words of a command line into a run of mockdesk and
// its exit code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
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
		fmt.Fprintf(t.Stderr, "mockdesk: %v\n", f.err)
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
	name := t.Args[0]
	switch name {
	case "help", "-h", "--help":
		help(t.Stdout)
		return nil
	case "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, t, t.Args[1:])
		}
	}
	return usage("mockdesk help lists the commands", "there is no command %q", name)
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
		return usage(hint, "%w", err)
	}
	if err := fromEnv(flags, t.Env); err != nil {
		return usage(hint, "%w", err)
	}
	return do(ctx, t, flags.Args())
}

// twin returns the environment variable of a flag.
func twin(flag string) string {
	return "MOCKDESK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnv sets the flags that the command line did not from their twins.
func fromEnv(flags *pflag.FlagSet, env func(string) (string, bool)) error {
	var failed error
	flags.VisitAll(func(f *pflag.Flag) {
		value, set := env(twin(f.Name))
		if f.Changed || !set || failed != nil {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			failed = fmt.Errorf("environment variable %s: %w", twin(f.Name), err)
		}
	})
	return failed
}

// help prints the list of commands.
func help(w io.Writer) {
	fmt.Fprint(w, "mockdesk answers as the ticket and message endpoints of InboxOps and AppHandoff do.\n\nUsage: mockdesk COMMAND [flags]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nmockdesk COMMAND --help describes a command and its flags.\n")
}

// help prints what a subcommand does and its flags.
func (c command) help(w io.Writer, flags *pflag.FlagSet) {
	fmt.Fprintf(w, "%s\n\nUsage: mockdesk %s\n", c.summary, strings.TrimSpace(c.name+" [flags] "+c.args))
	if c.about != "" {
		fmt.Fprintf(w, "\n%s\n", c.about)
	}
	if flags.HasFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s", flags.FlagUsages())
		fmt.Fprint(w, "\nEach flag has an environment twin: --ready-file is MOCKDESK_READY_FILE.\n")
	}
}
