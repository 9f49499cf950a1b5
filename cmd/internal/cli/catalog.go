package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/plain"
)

func catalogCommand(t Terminal) *cobra.Command {
	client := &clientFlags{}
	c := &cobra.Command{
		Use:   "catalog [flags] URL",
		Short: "Print the keys and ids of a mockdesk server, as a facts file for check.",
		Example: `mockdesk catalog http://127.0.0.1:4010 > facts.json
mockdesk check http://127.0.0.1:4010 --facts facts.json --write`,
	}
	workspace := c.Flags().String("workspace", "test", "`name` of one of its workspaces")
	client.declare(c.Flags())
	client.declareToken(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		client.warn(t)
		address, err := oneURL("catalog", args)
		if err != nil {
			return err
		}
		body, err := client.fetch(c.Context(), address+"/_mockdesk/catalog?workspace="+url.QueryEscape(*workspace), 10*time.Second)
		if err != nil {
			return failAs(err, exitRun, catalogHint(err), "there is no catalog")
		}
		return printCatalog(t.Stdout, address, body)
	}
	return c
}

// printCatalog prints a catalog without characters that a terminal obeys.
func printCatalog(w io.Writer, address string, body []byte) error {
	var catalog struct {
		Keys       []json.RawMessage          `json:"keys"`
		InboxOps   map[string]json.RawMessage `json:"inboxops"`
		AppHandoff map[string]json.RawMessage `json:"apphandoff"`
	}
	err := json.Unmarshal(body, &catalog)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fail(exitRun, notMockdesk, "there is no catalog: what %s answers is no JSON: %w", address, syntax)
	}
	if err != nil || catalog.Keys == nil || catalog.InboxOps == nil || catalog.AppHandoff == nil {
		return fail(exitRun, notMockdesk, "there is no catalog: what %s answers lacks keys, inboxops or apphandoff", address)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		return err
	}
	_, err = io.WriteString(w, plain.Text(pretty.String()))
	return err
}

// notMockdesk is the hint about a server that answers something else.
const notMockdesk = "the server must be mockdesk"

// catalogHint says what to do about a server that gives no catalog.
func catalogHint(err error) string {
	r, ok := errors.AsType[*refused](err)
	reach := target.Hint(err)
	switch {
	case reach != "":
		return reach
	case !ok || r.Reason == "":
		return notMockdesk
	case r.code == http.StatusUnauthorized:
		return "--admin-token TOKEN, or better MOCKDESK_ADMIN_TOKEN, brings the token"
	}
	return r.Hint
}
