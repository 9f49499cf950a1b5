package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

func proxyCommand(t Terminal) *cobra.Command {
	f := &serveFlags{target: &targetFlags{}}
	c := &cobra.Command{
		Use:   "proxy [flags] URL",
		Short: "Stand in front of a real server: judge both sides, and make faults.",
		Long: `It passes each request on to the server at URL and its answer back as it is, and
holds both against the contract: how a request breaks it is in the header
Mockdesk-Breach, and what both break is in the log, the journal and the metrics.
Fault rules, presets, Prefer, the rate limit and the control API at /_mockdesk/
work as in the fake; what they refuse never reaches the server.

It knows no keys: those of requests pass through, and are kept nowhere whole.
A server that does not answer is 502, or 504 in time; nothing is sent twice.
It speaks to URL alone, and asks no proxy of the environment.

With --record what passes becomes a case, which serve --case answers from without
the server. What people have written is replaced in it, and keys are not there.`,
		Example: `mockdesk proxy https://staging.example
mockdesk proxy https://staging.example --preset rate-limit-burst
mockdesk proxy https://staging.example --record case.yaml
mockdesk proxy https://inbox.example --apphandoff https://handoff.example/base --addr 127.0.0.1:0 --ready-file ready.json
mockdesk proxy https://localhost:8443 --cacert server.pem --rate-limit 100/1m`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("mockdesk proxy https://staging.example", "proxy takes the address of one server, got %d arguments", len(args))
			}
			f.target.inboxops = args[0]
			return f.serve(c.Context(), t)
		},
	}
	flags := c.Flags()
	f.declare(c)
	f.target.declare(flags)
	f.world.declareProxy(c)
	return c
}

// targetFlags are the flags that describe the server behind a proxy.
type targetFlags struct {
	clientFlags
	inboxops   string
	apphandoff string
	timeout    time.Duration
	record     recordFlags
}

func (f *targetFlags) declare(flags *pflag.FlagSet) {
	flags.StringVar(&f.apphandoff, "apphandoff", "", "`address` of AppHandoff, where it is another server")
	flags.DurationVar(&f.timeout, "target-timeout", mockserver.DefaultTimeout, "how long the header of the server's answer may take; then it is 504")
	f.declareTLS(flags)
	f.record.declare(flags)
}

// proxy makes the fake of a config a proxy in front of the target.
func (f *targetFlags) proxy(ctx context.Context, t Terminal, config *mockserver.Config) error {
	for _, address := range []string{f.inboxops, f.apphandoff} {
		if address == "" && f.inboxops != "" {
			continue
		}
		if _, err := baseURL(address); err != nil {
			return err
		}
	}
	if f.timeout <= 0 {
		return usage("--target-timeout 30s", "--target-timeout %v is no time to wait", f.timeout)
	}
	trust, err := f.trust()
	if err != nil {
		return err
	}
	recorder, err := f.record.open(ctx)
	if err != nil {
		return err
	}
	f.warn(t)
	config.Progress = nil
	config.Target = &mockserver.Target{
		InboxOps: f.inboxops, AppHandoff: f.apphandoff, Verdict: verdict.OnResponse, Timeout: f.timeout, TLS: trust, Record: recorder,
	}
	return nil
}

// worldly are the flags about the world of a fake, which a proxy cannot use.
var worldly = []string{
	"seed", "tickets", "at", "life", "documented-statuses-only", "case", "max-filters", "max-workspaces", "max-notes",
}

// otherwords are the help texts of flags that mean something else to a proxy.
var otherwords = map[string]string{
	"rate-limit":      "requests per window, such as 100/1m, for all to InboxOps and for all to AppHandoff; or off",
	"error-format":    "dialect of the proxy's own InboxOps errors",
	"apphandoff-base": "`path` under which the server has AppHandoff",
	"max-body-bytes":  "largest `number` of bytes of a request body to the control API; a larger one is 413, and the server is sent any",
}

// declareProxy declares the flags that a proxy has a use for.
func (f *worldFlags) declareProxy(c *cobra.Command) {
	all := &cobra.Command{}
	all.Flags().SortFlags = false
	f.declare(all, false)
	f.given = c.Flags().Changed
	all.Flags().VisitAll(func(flag *pflag.Flag) {
		if slices.Contains(worldly, flag.Name) {
			return
		}
		if words := otherwords[flag.Name]; words != "" {
			flag.Usage = words
		}
		c.Flags().AddFlag(flag)
	})
}

// refuseWorld refuses flags about the world of a fake where there is none.
func (f *worldFlags) refuseWorld() error {
	for _, name := range worldly {
		if f.given(name) {
			return usage("leave one of them out", "--%s is about a fake, and --target about another server", name)
		}
	}
	return nil
}
