package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/mockdesk/mockdesk/internal/keykind"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// helpWidth is the largest number of columns of help, and the number where the
// width of the terminal is not known.
const helpWidth = 110

// columns is how many columns help and lists may have on w, 0 where w is no
// terminal.
func columns(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil || width <= 0 {
		return 0
	}
	const least = 40 // below which nothing can be read anyway
	return min(max(width, least), helpWidth)
}

// helpCommand describes mockdesk or one of its commands.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND]",
		Short:             "Describe the commands.",
		ValidArgsFunction: offerCommands,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Root().Help()
			}
			about := named(c.Root(), args[0])
			if about == nil {
				return unknown(c.Root(), args[0])
			}
			return about.Help()
		},
	}
}

// help prints what a command does, its commands, flags and examples.
func help(c *cobra.Command, _ []string) {
	w, flags, width := c.OutOrStdout(), c.Flags(), columns(c.OutOrStdout())
	fmt.Fprintln(w, plain.Wrap(fmt.Sprintf("%s\n\nUsage: %s", c.Short, c.UseLine()), width, 0))
	if c.Long != "" {
		fmt.Fprintf(w, "\n%s\n", plain.Wrap(c.Long, width, 0))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprint(w, "\nCommands:\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintln(w, plain.Wrap(fmt.Sprintf("  %-10s %s", sub.Name(), sub.Short), width, len("completion ")))
			}
		}
		fmt.Fprintf(w, "\n%s\n", plain.Wrap("mockdesk COMMAND --help describes a command and its flags.", width, 0))
		return
	}
	flags.VisitAll(func(f *pflag.Flag) { f.Hidden = !hasTwin(f) })
	if flags.HasAvailableFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s\n%s\n", flags.FlagUsagesWrapped(cmp.Or(width, helpWidth)), plain.Wrap(twins(flags), width, 0))
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n  %s\n", strings.ReplaceAll(c.Example, "\n", "\n  "))
	}
}

// twins explains the environment twins, with the first flag as the example.
func twins(flags *pflag.FlagSet) string {
	var first string
	flags.VisitAll(func(f *pflag.Flag) {
		if first == "" {
			first = f.Name
		}
	})
	return fmt.Sprintf("Each flag has an environment twin: --%s is %s. The command line wins.", first, keykind.Twin(first))
}
