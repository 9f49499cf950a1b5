package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// helpWidth is the number of columns of help.
const helpWidth = 110

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
	fmt.Fprintf(w, "%s\n\nUsage: %s\n", c.summary, c.usage(flags))
	if c.about != "" {
		fmt.Fprintf(w, "\n%s\n", c.about)
	}
	if flags.HasFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s", flags.FlagUsagesWrapped(helpWidth))
		fmt.Fprintf(w, "\n%s\n", twins(flags))
	}
	if c.example != "" {
		fmt.Fprintf(w, "\nExamples:\n  %s\n", strings.ReplaceAll(c.example, "\n", "\n  "))
	}
}

// usage returns how a subcommand is typed.
func (c command) usage(flags *pflag.FlagSet) string {
	words := []string{"mockdesk", c.name}
	if flags.HasFlags() {
		words = append(words, "[flags]")
	}
	return strings.TrimSpace(strings.Join(words, " ") + " " + c.args)
}

// twins tells of the environment, by the example of the first flag.
func twins(flags *pflag.FlagSet) string {
	var first string
	flags.VisitAll(func(f *pflag.Flag) {
		if first == "" {
			first = f.Name
		}
	})
	return fmt.Sprintf("Each flag has an environment twin: --%s is %s. The command line wins.", first, twin(first))
}
