package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/internal/keykind"
)

// helpWidth is the number of columns of help.
const helpWidth = 110

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
	w, flags := c.OutOrStdout(), c.Flags()
	fmt.Fprintf(w, "%s\n\nUsage: %s\n", c.Short, c.UseLine())
	if c.Long != "" {
		fmt.Fprintf(w, "\n%s\n", c.Long)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprint(w, "\nCommands:\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(w, "  %-10s %s\n", sub.Name(), sub.Short)
			}
		}
		fmt.Fprint(w, "\nmockdesk COMMAND --help describes a command and its flags.\n")
		return
	}
	flags.VisitAll(func(f *pflag.Flag) { f.Hidden = !hasTwin(f) })
	if flags.HasAvailableFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s\n%s\n", flags.FlagUsagesWrapped(helpWidth), twins(flags))
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\nExamples:\n  %s\n", strings.ReplaceAll(c.Example, "\n", "\n  "))
	}
}

// twins tells of the environment, by the example of the first flag.
func twins(flags *pflag.FlagSet) string {
	var first string
	flags.VisitAll(func(f *pflag.Flag) {
		if first == "" {
			first = f.Name
		}
	})
	return fmt.Sprintf("Each flag has an environment twin: --%s is %s. The command line wins.", first, keykind.Twin(first))
}
