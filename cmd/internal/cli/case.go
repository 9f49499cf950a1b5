package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// caseCommand looks at case files without serving them.
func caseCommand(t Terminal) *cobra.Command {
	world := mockserver.Config{Verdict: verdict.OnRequest}
	var specs []string
	c := &cobra.Command{
		Use:   "case check|replay [flags] FILE...",
		Short: "Say what is wrong with case files, or send their requests again.",
		Long: `case check reads the files as serve --case does, later ones adding to earlier ones,
and puts them into a world. Exit code 2 means that something in them is wrong.

case replay sends the requests that the files have to a fake in the state that they
say, and compares what each gets with what is recorded. Exit code 1 means that one
gets something else, or that none could be sent.`,
		Example: `mockdesk case check stuck.yaml
mockdesk case replay stuck.yaml --report junit=replay.xml`,
		RunE: func(c *cobra.Command, args []string) error {
			verb, files, err := verbed("case", "stuck.yaml", args, "check", "replay")
			if err != nil {
				return err
			}
			if len(specs) > 0 && verb == "check" {
				return usage("mockdesk case replay "+files[0], "--report is about a replay")
			}
			if world.Case, err = loadCases(t, files); err != nil {
				return err
			}
			if verb == "replay" {
				return replayCase(c.Context(), t, world, strings.Join(files, ", "), specs)
			}
			return checkCase(t, world, files)
		},
	}
	c.Flags().Uint64Var(&world.Seed, "seed", 0, "`number` that says which world the case is put into; 0 leaves it to the case, or is 1")
	c.Flags().IntVar(&world.Tickets, "tickets", 0, fmt.Sprintf("`number` of InboxOps tickets it has; 0 leaves it to the case, or is %d", fixtures.DefaultTickets))
	declareReports(c, &specs, replayFormats.Names())
	return c
}

// checkCase says that nothing is wrong, or what is.
func checkCase(t Terminal, world mockserver.Config, files []string) error {
	requests := len(world.Case.Requests())
	server, err := mockserver.New(world)
	if err != nil {
		return usage("", "%w", err)
	}
	w := server.Workspace("")
	tickets, deleted := w.Store.Changed()
	projects := len(w.Store.Projects()) - len(w.Store.World().Data.SeededProjects())
	_, err = fmt.Fprintf(t.Stdout, "%s: nothing is wrong: tickets %d, deleted %d, projects %d, fault rules %d, requests %d\n",
		strings.Join(files, ", "), len(tickets), len(deleted), projects, len(w.Faults.List()), requests)
	return err
}

// largeCase is the size in bytes above which files take long enough to read
// that a progress bar is shown.
const largeCase = 5_000_000

// loadCases reads the files that say what a world has.
func loadCases(t Terminal, names []string) (casefile.Case, error) {
	size := 0
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			size += int(info.Size())
		}
	}
	if size > largeCase {
		if show := progress(t, "reading "+strings.Join(names, ", "), size, ""); show != nil {
			show(1)
			defer show(size)
		}
	}
	arranged, err := casefile.Load(names...)
	if _, missing := errors.AsType[*fs.PathError](err); missing {
		return arranged, usage("mockdesk data > case.yaml writes one", "cannot read the case: %w", err)
	}
	if err != nil {
		return arranged, usage("", "%w", err)
	}
	return arranged, nil
}
