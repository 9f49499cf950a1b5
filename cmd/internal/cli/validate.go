package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// faultsCommand checks files of fault rules.
func faultsCommand(t Terminal) *cobra.Command {
	return &cobra.Command{
		Use:     "faults check FILE...",
		Short:   "Say what is wrong with files of fault rules, without serving them.",
		Long:    "It reads each file as serve --faults does. Exit code 2 means that something in one is wrong.",
		Example: "mockdesk faults check throttled.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			_, files, err := verbed("faults", "throttled.yaml", args, "check")
			if err != nil {
				return err
			}
			server, err := mockserver.New(mockserver.Config{Tickets: fixtures.MinTickets})
			if err != nil {
				return err
			}
			for _, name := range files {
				rules, err := readFaults(server.Workspace(""), name)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(t.Stdout, "%s: nothing is wrong: fault rules %d\n", name, len(rules)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// verbed returns the verb and the files in the arguments of a command.
func verbed(command, example string, args []string, verbs ...string) (verb string, files []string, err error) {
	if len(args) < 2 || !slices.Contains(verbs, args[0]) {
		got, meant := "nothing", ""
		if len(args) > 0 {
			got, meant = strconv.Quote(strings.Join(args, " ")), suggest.Word(args[0], verbs)
		}
		if meant != "" {
			args = args[1:]
		}
		hint := []string{"mockdesk", command, cmp.Or(meant, verbs[0]), cmp.Or(strings.Join(args, " "), example)}
		return "", nil, usage(strings.Join(hint, " "), "%s takes the word %s and files, got %s", command, strings.Join(verbs, " or "), got)
	}
	return args[0], args[1:], nil
}

// readFaults reads the rules of a file.
func readFaults(w *mockserver.Workspace, name string) ([]fault.Rule, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, usage("--faults FILE names a file of rules; GET /_mockdesk/faults.yaml exports one", "cannot read the faults: %w", err)
	}
	rules, err := w.Scope().Parse(text)
	if err != nil {
		return nil, usage("", "%s: %s", name, strings.ReplaceAll(err.Error(), "\n", "\n"+name+": "))
	}
	return rules, nil
}
