package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/openapi"
)

func specCommand(t Terminal) *cobra.Command {
	return &cobra.Command{
		Use:       "spec NAME",
		Short:     "Print a contract as OpenAPI 3.1.",
		Long:      "NAME is one of " + strings.Join(openapi.Names(), ", ") + ".",
		ValidArgs: openapi.Names(),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("mockdesk spec "+openapi.InboxOps, "spec takes one contract, of %s", strings.Join(openapi.Names(), ", "))
			}
			document, err := openapi.Document(args[0])
			if err != nil {
				return usage("", "%w", err) // it says what to type
			}
			_, err = t.Stdout.Write(document)
			return err
		},
	}
}
