package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/cmd/internal/drift"
	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/plain"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/openapi"
)

func specCommand(t Terminal) *cobra.Command {
	f := &specFlags{}
	c := &cobra.Command{
		Use:   "spec [flags] NAME | diff URL|FILE",
		Short: "Print a contract as OpenAPI 3.1, or compare it with what the vendor publishes.",
		Long: "NAME is one of " + strings.Join(specNames(), ", ") + `; facts is the JSON Schema of
what check --facts reads.

diff says what is new, gone or changed in another document of the same service,
JSON or YAML, such as InboxOps publishes at /api/v1/openapi.json. It looks at the
operations of the contract, without words, error bodies and custom fields.

Exit code of diff: 1 if a change breaks clients, 2 for a wrong call, 3 if there is
no such document.`,
		Example: `mockdesk spec inboxops
mockdesk spec diff https://app.inboxops.app/api/v1/openapi.json
mockdesk spec diff published.yaml --format markdown`,
		ValidArgs: append(specNames(), "diff"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 2 && args[0] == "diff" {
				return f.diff(c.Context(), t, args[1])
			}
			if len(args) != 1 || args[0] == "diff" {
				return usage("mockdesk spec "+openapi.InboxOps+", or mockdesk spec diff FILE", "spec takes one contract, of %s, or diff and a document", strings.Join(specNames(), ", "))
			}
			if args[0] == factsName {
				_, err := t.Stdout.Write(facts.Schema)
				return err
			}
			document, err := openapi.Document(args[0])
			if err != nil {
				names := strings.Join(specNames(), ", ")
				return usage(suggest.Hint(args[0], specNames(), "the names are "+names), "no contract is called %q", args[0])
			}
			_, err = t.Stdout.Write(document)
			return err
		},
	}
	c.Flags().StringVar(&f.format, "format", "text", "`form` of what diff says: "+strings.Join(specFormats(), ", "))
	offer(c, "format", cobra.FixedCompletions(specFormats(), cobra.ShellCompDirectiveNoFileComp))
	c.Flags().StringVar(&f.contract, "contract", "", "`name` of the contract to compare with, inboxops or apphandoff; without it, the one whose paths the document has")
	f.client.declare(c.Flags())
	return c
}

// factsName is the name of the schema of a facts file among the contracts.
const factsName = "facts"

func specNames() []string { return append(openapi.Names(), factsName) }

// specFlags are the flags of spec.
type specFlags struct {
	format   string
	contract string
	client   clientFlags
}

func specFormats() []string { return slices.Sorted(maps.Keys(drift.Formats)) }

// diff compares a contract with a document.
func (f *specFlags) diff(ctx context.Context, t Terminal, source string) error {
	write := drift.Formats[f.format]
	if write == nil {
		return usage(suggest.Hint(f.format, specFormats(), "--format markdown"), "--format %s is not one of %s", f.format, strings.Join(specFormats(), ", "))
	}
	if names := []string{"", openapi.InboxOps, openapi.AppHandoff}; !slices.Contains(names, f.contract) {
		return usage(suggest.Hint(f.contract, names[1:], "--contract inboxops"), "--contract %s is not one of %s", f.contract, strings.Join(names[1:], ", "))
	}
	f.client.warn(t)
	document, err := f.document(ctx, source)
	if err != nil {
		return err
	}
	report, err := drift.Compare(f.contract, document, source)
	if err != nil {
		return fail(conformance.ExitUnjudged, "mockdesk spec diff https://app.inboxops.app/api/v1/openapi.json", "%w", err)
	}
	if _, err := fmt.Fprint(t.Stdout, plain.Text(write(report))); err != nil {
		return err
	}
	if report.Breaking > 0 {
		return fmt.Errorf("%d changes break clients", report.Breaking)
	}
	return nil
}

// document reads a file, or what a URL answers.
func (f *specFlags) document(ctx context.Context, source string) (document []byte, err error) {
	if strings.Contains(source, "://") {
		document, err = f.client.fetch(ctx, source, time.Minute)
	} else {
		document, err = os.ReadFile(source)
	}
	return document, failAs(err, conformance.ExitUnjudged, "mockdesk spec diff URL|FILE takes one that can be read", "there is no document")
}
