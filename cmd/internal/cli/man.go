package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// manCommand returns the command; it is no variable because it reads the list
// of commands that it stands in, others are the rest of them.
func manCommand(others []string) command {
	return command{
		name:    "man",
		args:    "[COMMAND]",
		summary: "Print the manual page of mockdesk or of a command.",
		about:   "To read it: mockdesk man serve | man -l -",
		offers:  append(others, "man"),
		setup: func(*pflag.FlagSet) func(context.Context, Terminal, []string) error {
			return func(_ context.Context, t Terminal, args []string) error {
				var page strings.Builder
				if len(args) == 0 {
					writeManual(&page, commands())
				}
				for _, c := range commands() {
					if len(args) == 1 && c.name == args[0] {
						c.writeManual(&page)
					}
				}
				if page.Len() == 0 {
					return usage("mockdesk man serve", "man takes one command, or none, got %q", strings.Join(args, " "))
				}
				_, err := io.WriteString(t.Stdout, page.String())
				return err
			}
		},
	}
}

// roff escapes what troff would take for its own.
var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n.", "\n\\&.", "\n'", "\n\\&'", "\n\n", "\n.PP\n")

// writeTitle writes how a manual page begins; name is such as mockdesk-serve.
func writeTitle(w io.Writer, name, summary string) {
	fmt.Fprintf(w, ".TH %s 1 %q %q\n.SH NAME\n%s \\- %s\n", strings.ToUpper(roff.Replace(name)), built(), "mockdesk "+version(), roff.Replace(name), roff.Replace(summary))
}

// writeManual writes the manual page of mockdesk itself.
func writeManual(w io.Writer, commands []command) {
	writeTitle(w, "mockdesk", "answer as the ticket and message endpoints of InboxOps and AppHandoff do")
	fmt.Fprint(w, ".SH SYNOPSIS\n.B mockdesk\n.I command\n.RI [ flags ]\n.SH COMMANDS\n")
	for _, c := range commands {
		fmt.Fprintf(w, ".TP\n.BR mockdesk\\-%s (1)\n%s\n", c.name, roff.Replace(c.summary))
	}
	fmt.Fprint(w, ".SH ENVIRONMENT\nEach flag has an environment twin: \\-\\-ready\\-file is MOCKDESK_READY_FILE.\nThe command line wins.\n")
}

// writeManual writes the manual page of a command.
func (c command) writeManual(w io.Writer) {
	writeTitle(w, "mockdesk-"+c.name, c.summary)
	flags, _ := c.flagSet()
	fmt.Fprintf(w, ".SH SYNOPSIS\n%s\n", roff.Replace(c.usage(flags)))
	if c.about != "" {
		fmt.Fprintf(w, ".SH DESCRIPTION\n%s\n", roff.Replace(c.about))
	}
	fmt.Fprint(w, ".SH OPTIONS\n")
	for _, o := range c.options() {
		value := ""
		if o.value != "" {
			value = `=\fI` + roff.Replace(o.value) + `\fR`
		}
		fmt.Fprintf(w, ".TP\n\\fB\\-\\-%s\\fR%s\n%s.\n", roff.Replace(o.Name), value, roff.Replace(o.about))
		if !o.defaultsToNothing() {
			fmt.Fprintf(w, "The default is %s.\n", roff.Replace(o.DefValue))
		}
		if o.Name != "help" {
			fmt.Fprintf(w, "Environment: %s.\n", twin(o.Name))
		}
	}
	if c.example != "" {
		fmt.Fprintf(w, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff.Replace(c.example))
	}
	fmt.Fprint(w, ".SH SEE ALSO\n.BR mockdesk (1)\n")
}

// defaultsToNothing says that there is no default worth telling.
func (o option) defaultsToNothing() bool {
	switch o.DefValue {
	case "", "[]", "false", "0":
		return true
	}
	return false
}
