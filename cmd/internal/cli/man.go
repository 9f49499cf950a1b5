package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/internal/keykind"
)

func manCommand(t Terminal) *cobra.Command {
	return &cobra.Command{
		Use:               "man [COMMAND]",
		Short:             "Print the manual page of mockdesk or of a command.",
		Long:              "To read it: mockdesk man serve | man -l -",
		ValidArgsFunction: offerCommands,
		RunE: func(c *cobra.Command, args []string) error {
			page := c.Root()
			if len(args) > 0 {
				page = named(page, args[0])
			}
			if page == nil || len(args) > 1 {
				return usage("mockdesk man serve", "man takes one command, or none, got %q", strings.Join(args, " "))
			}
			return writeManual(t.Stdout, page)
		},
	}
}

// tagged turns each flag, where cobra has a tab, into what man(7) calls a
// tagged paragraph, and each - into the sign that can be searched for and
// typed.
var tagged = strings.NewReplacer(
	".SH OPTIONS\n\\fB-", ".SH OPTIONS\n.TP\n\\fB\\-",
	".PP\n\\fB-", ".TP\n\\fB\\-",
	"\n\t", "\n", "\n\n", "\n", "-", "\\-",
)

// writeManual writes the manual page of a command.
func writeManual(w io.Writer, c *cobra.Command) error {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		f.Usage += "."
		if hasTwin(f) {
			f.Usage += " Environment: " + keykind.Twin(f.Name) + "."
		}
	})
	if !c.HasParent() {
		c.Long = c.Short + "\n\n# COMMANDS\n"
		for _, sub := range c.Commands() {
			c.Long += fmt.Sprintf("\n**mockdesk %s**\n: %s\n", sub.Name(), sub.Short)
		}
		c.Long += "\n# ENVIRONMENT\nEach flag has an environment twin: --ready-file is MOCKDESK_READY_FILE.\nThe command line wins."
	}
	var page strings.Builder
	if err := doc.GenMan(c, &doc.GenManHeader{Date: &time.Time{}}, &page); err != nil {
		return err
	}
	_, body, _ := strings.Cut(page.String(), ".SH NAME") // the title has no date
	name := strings.ReplaceAll(strings.ToUpper(c.CommandPath()), " ", `\-`)
	_, err := fmt.Fprintf(w, ".TH %s 1 %q %q\n.SH NAME%s", name, built(), "mockdesk "+version(), tagged.Replace(body))
	return err
}
