package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/pflag"
)

var catalogCommand = command{
	name:    "catalog",
	args:    "URL",
	summary: "Print the keys and ids of a mockdesk server, as a facts file for check.",
	example: `mockdesk catalog http://127.0.0.1:4010 > facts.json
mockdesk check http://127.0.0.1:4010 --facts facts.json --write`,
	setup: func(flags *pflag.FlagSet) func(context.Context, Terminal, []string) error {
		client := &clientFlags{}
		workspace := flags.String("workspace", "test", "`name` of one of its workspaces")
		client.declare(flags)
		client.declareToken(flags)
		return func(ctx context.Context, t Terminal, args []string) error {
			address, err := oneURL("catalog", args)
			if err != nil {
				return err
			}
			body, err := client.fetch(ctx, address+"/_mockdesk/catalog?workspace="+url.QueryEscape(*workspace), 10*time.Second)
			if f := (*failure)(nil); errors.As(err, &f) {
				return err
			}
			if err != nil {
				return &failure{code: exitRun, err: fmt.Errorf("there is no catalog: %w", err), hint: catalogHint(err)}
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, body, "", "  "); err != nil {
				return fmt.Errorf("%s is no mockdesk server: %w", address, err)
			}
			_, err = pretty.WriteTo(t.Stdout)
			return err
		}
	},
}

// catalogHint says what to do about a server that gives no catalog.
func catalogHint(err error) string {
	var r *refused
	switch {
	case !errors.As(err, &r) || r.Reason == "":
		return "the server must be mockdesk"
	case r.code == http.StatusUnauthorized:
		return "--admin-token TOKEN, or better MOCKDESK_ADMIN_TOKEN, brings the token"
	}
	return r.Hint
}
