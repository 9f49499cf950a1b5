package cli

import (
	"context"
	"strings"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/openapi"
)

var specCommand = command{
	name:    "spec",
	args:    "NAME",
	summary: "Print a contract as OpenAPI 3.1.",
	about:   "NAME is one of " + strings.Join(openapi.Names(), ", ") + ".",
	offers:  openapi.Names(),
	setup: func(*pflag.FlagSet) func(context.Context, Terminal, []string) error {
		return func(_ context.Context, t Terminal, args []string) error {
			if len(args) != 1 {
				return usage("mockdesk spec "+openapi.InboxOps, "spec takes one contract, of %s", strings.Join(openapi.Names(), ", "))
			}
			document, err := openapi.Document(args[0])
			if err != nil {
				return usage("mockdesk spec "+openapi.InboxOps, "%w", err)
			}
			_, err = t.Stdout.Write(document)
			return err
		}
	},
}
