package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// caseCommand looks at case files without serving them.
func caseCommand(t Terminal) *cobra.Command {
	world := mockserver.Config{}
	c := &cobra.Command{
		Use:   "case check FILE...",
		Short: "Say what is wrong with case files, without serving them.",
		Long: `It reads the files as serve --case does, later ones adding to earlier ones, and puts
them into a world. Exit code 2 means that something in them is wrong.`,
		Example: "mockdesk case check stuck.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := toCheck("case", "stuck.yaml", args)
			if err != nil {
				return err
			}
			if world.Case, err = loadCases(t, files); err != nil {
				return err
			}
			server, err := mockserver.New(world)
			if err != nil {
				return usage("", "%w", err)
			}
			w := server.Workspace("")
			tickets, deleted := w.Store.Changed()
			projects := len(w.Store.Projects()) - len(w.Store.World().Data.SeededProjects())
			_, err = fmt.Fprintf(t.Stdout, "%s: nothing is wrong: tickets %d, deleted %d, projects %d, fault rules %d\n",
				strings.Join(files, ", "), len(tickets), len(deleted), projects, len(w.Faults.List()))
			return err
		},
	}
	c.Flags().Uint64Var(&world.Seed, "seed", 0, "`number` that says which world the case is put into; 0 leaves it to the case, or is 1")
	c.Flags().IntVar(&world.Tickets, "tickets", 0, fmt.Sprintf("`number` of InboxOps tickets it has; 0 leaves it to the case, or is %d", fixtures.DefaultTickets))
	return c
}

// faultsCommand looks at files of fault rules.
func faultsCommand(t Terminal) *cobra.Command {
	return &cobra.Command{
		Use:     "faults check FILE...",
		Short:   "Say what is wrong with files of fault rules, without serving them.",
		Long:    "It reads each file as serve --faults does. Exit code 2 means that something in one is wrong.",
		Example: "mockdesk faults check throttled.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			files, err := toCheck("faults", "throttled.yaml", args)
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

// toCheck returns the files that the arguments of a command name.
func toCheck(command, example string, args []string) ([]string, error) {
	if len(args) < 2 || args[0] != "check" {
		return nil, usage("mockdesk "+command+" check "+example, "%s takes the word check and files, got %q", command, args)
	}
	return args[1:], nil
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
