package cli

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/cmd/internal/outcome"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

func verifyCommand(t Terminal) *cobra.Command {
	f := &verifyFlags{}
	c := &cobra.Command{
		Use:   "verify [flags] URL",
		Short: "Judge what clients have sent to a running mockdesk server.",
		Long: `It judges as exec does, where the fake runs elsewhere: in a container, as a
service of CI, or at a tester's. It asks for all requests that a workspace got
since it was made or its list of requests cleared.

Exit code: 0: requests came, and all kept the contract; 1: one broke it, none
came, the server does not answer or a report could not be written; 2: a wrong
call.`,
		Example: `mockdesk verify http://127.0.0.1:4010 --report html=verify.html
mockdesk verify http://mockdesk:4010 --workspace checkout --fail-on-early-retries --report junit=mockdesk.xml`,
		RunE: func(c *cobra.Command, args []string) error { return f.verify(c.Context(), t, args) },
	}
	flags := c.Flags()
	flags.StringVar(&f.workspace, "workspace", "test", "`name` of one of its workspaces")
	f.judgeFlags.declare(flags)
	flags.BoolVar(&f.judgeServer, "judge-server", false, "fail if an answer of the target behind mockdesk proxy broke the contract")
	f.client.declare(flags)
	f.client.declareToken(flags)
	declareReports(c, &f.reports, outcome.Formats.Names())
	return c
}

// verifyFlags are the flags of verify.
type verifyFlags struct {
	judgeFlags
	client      clientFlags
	workspace   string
	judgeServer bool
	reports     []string
}

// verify asks a server which requests it received, and judges them.
func (f *verifyFlags) verify(ctx context.Context, t Terminal, args []string) error {
	f.client.warn(t)
	address, err := oneURL("verify", args)
	if err != nil {
		return err
	}
	out, err := openReports(ctx, f.reports, outcome.Formats)
	if err != nil {
		return err
	}
	o := outcome.Outcome{
		Server: address, Workspace: f.workspace, Lenient: f.lenient, Patient: f.patient, JudgeServer: f.judgeServer, Started: clock.Machine(),
		Summary: journal.NewLedger().Totals(), Faults: []fault.InForce{},
	}
	if err = f.ask(ctx, &o); err != nil {
		o.Broke = err.Error()
	}
	words := t.Stdout
	if len(out.stdout) > 0 {
		words = t.Stderr
	}
	return conclude(t, words, o, err, out)
}

// ask reads what the server knows.
func (f *verifyFlags) ask(ctx context.Context, o *outcome.Outcome) error {
	body, err := f.client.fetch(ctx, o.Server+"/_mockdesk/verify/summary?workspace="+url.QueryEscape(f.workspace), 30*time.Second)
	if err != nil {
		return failAs(err, exitRun, catalogHint(err), "nothing could be judged")
	}
	known := struct {
		*journal.Totals
		Faults *[]fault.InForce `json:"faults"`
	}{&o.Summary, &o.Faults}
	if err := json.Unmarshal(body, &known); err != nil || o.Summary.Operations == nil {
		return fail(exitRun, notMockdesk, "nothing could be judged: %s does not answer as mockdesk does", o.Server)
	}
	return nil
}
