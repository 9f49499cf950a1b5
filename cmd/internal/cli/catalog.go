package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"
)

var catalogCommand = command{
	name:    "catalog",
	args:    "URL",
	summary: "Print the keys and ids of a mockdesk server, as a facts file for check.",
	setup: func(flags *pflag.FlagSet) func(context.Context, Terminal, []string) error {
		client := &clientFlags{}
		workspace := flags.String("workspace", "test", "which of its workspaces")
		client.declare(flags)
		return func(ctx context.Context, t Terminal, args []string) error {
			url, err := oneURL("catalog", args)
			if err != nil {
				return err
			}
			body, err := client.fetch(ctx, url+"/_mockdesk/catalog?workspace="+*workspace, 10*time.Second)
			if f := (*failure)(nil); errors.As(err, &f) {
				return err
			}
			if err != nil {
				return &failure{code: exitRun, err: fmt.Errorf("there is no catalog: %w", err), hint: "the server must be mockdesk, on this machine"}
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, body, "", "  "); err != nil {
				return fmt.Errorf("%s is no mockdesk server: %w", url, err)
			}
			_, err = pretty.WriteTo(t.Stdout)
			return err
		}
	},
}
