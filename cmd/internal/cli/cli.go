// Package cli turns the words of a command line into a run of mockdesk and
// its exit code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/internal/plain"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

func init() {
	cobra.EnableCommandSorting = false // help has an order of its own
	cobra.MousetrapHelpText = ""       // on Windows it would keep a double click from running mockdesk
}

// Exit codes that all commands share.
const (
	exitOK    = 0
	exitRun   = 1 // could not run
	exitUsage = 2 // a wrong call
)

// Terminal is everything a command sees of its surroundings.
type Terminal struct {
	Args []string
	Env  func(name string) (value string, set bool)
	// Environ is the environment of the commands that exec runs.
	Environ []string
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
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

// fail returns a failure with an exit code and a hint, which may be empty.
func fail(code int, hint, format string, args ...any) error {
	return &failure{code: code, err: fmt.Errorf(format, args...), hint: hint}
}

// usage returns a failure of the call itself.
func usage(hint, format string, args ...any) error {
	return fail(exitUsage, hint, format, args...)
}

// failAs returns a failure that says what failed with err. An err that is a
// failure already, or nil, is returned as it is.
func failAs(err error, code int, hint, what string) error {
	if _, already := errors.AsType[*failure](err); err == nil || already {
		return err
	}
	return fail(code, hint, "%s: %w", what, err)
}

// toFailure returns the failure that err wraps; any other error means that
// mockdesk could not run.
func toFailure(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	return &failure{code: exitRun, err: err}
}

// Run runs the command line and returns its exit code.
func Run(ctx context.Context, t Terminal) int {
	err := run(ctx, t)
	if err == nil {
		return exitOK
	}
	f := toFailure(err)
	if f.err != nil {
		fmt.Fprintf(t.Stderr, "mockdesk: %s\n", plain.Text(f.err.Error())) // it may quote a server
	}
	if f.hint != "" {
		fmt.Fprintf(t.Stderr, "hint: %s\n", f.hint)
	}
	return f.code
}

// run parses the command line and runs what it says.
func run(ctx context.Context, t Terminal) error {
	root := newRoot(t)
	root.SetArgs(append([]string{}, t.Args...)) // for nil cobra takes os.Args
	out := &output{Writer: t.Stdout}
	root.SetOut(out)
	if err := root.ExecuteContext(ctx); err != nil {
		return err
	}
	return out.err
}

// output keeps the first error of a write: cobra's help returns none.
type output struct {
	io.Writer
	err error
}

// Write writes p.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// newRoot returns mockdesk with all its commands, in the order help shows them.
func newRoot(t Terminal) *cobra.Command {
	root := &cobra.Command{
		Use:           "mockdesk COMMAND [flags]",
		Short:         "mockdesk answers as the ticket and message endpoints of InboxOps and AppHandoff do.",
		Args:          cobra.ArbitraryArgs,      // unknown refuses them
		SilenceErrors: true, SilenceUsage: true, // Run says what is wrong
		DisableAutoGenTag: true, // in manual pages
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if c.Name() == cobra.ShellCompRequestCmd {
				unquote(c.Root())
			}
			return fromEnv(c, t.Env)
		},
	}
	asked := root.Flags().Bool("version", false, "print the version")
	root.Flags().SetInterspersed(false) // flags after an unknown command are not mockdesk's
	root.RunE = func(_ *cobra.Command, args []string) error {
		switch {
		case *asked:
			return printVersion(t, args)
		case len(args) > 0:
			return unknown(root, t.Args[0])
		}
		root.SetOut(t.Stderr)
		return errors.Join(root.Help(), &failure{code: exitUsage})
	}
	root.SetIn(t.Stdin)
	root.SetOut(t.Stdout)
	root.SetErr(t.Stderr)
	root.SetHelpFunc(help)
	root.SetFlagErrorFunc(flagFailure)
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	all := []*cobra.Command{
		serveCommand(t), proxyCommand(t), checkCommand(t), execCommand(t), verifyCommand(t), catalogCommand(t), dataCommand(t), caseCommand(t), faultsCommand(t), specCommand(t), waitCommand(t),
		healthCommand(t), versionCommand(t), completionCommand(t), manCommand(t), helpCommand(),
	}
	root.AddCommand(all...)
	root.SetHelpCommand(all[len(all)-1])
	for _, c := range append(all, root) {
		c.DisableFlagsInUseLine = true
		c.Flags().SortFlags = false
		c.Flags().BoolP("help", "h", false, "describe the command and its flags")
		offerValues(c)
	}
	return root
}

// named returns the command of that name, nil when there is none.
func named(root *cobra.Command, name string) *cobra.Command {
	for _, c := range root.Commands() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

// unknown refuses a name that no command has.
func unknown(root *cobra.Command, name string) error {
	var known []string
	for _, c := range root.Commands() {
		known = append(known, c.Name())
	}
	return usage(suggest.Hint(name, known, "mockdesk help lists the commands"), "there is no command %q", name)
}
