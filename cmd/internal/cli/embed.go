package cli

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/console"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/scrape"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// limited is a workspace of the embedded fake with a rate limit that the
// judge may meet.
var limited = control.Spec{Name: "limited", RateLimit: "6/1m"}

// burst is enough to meet that limit.
const burst = 8

// embedded is the address of a fake in this process.
const embedded = "http://mockdesk.embedded"

// ownRequests is how many requests a run may send to mockdesk's own fake; the
// fake's tests send more.
const ownRequests = 600

// embed makes a fake in this process the target, with everything allowed.
func (f *checkFlags) embed(ctx context.Context, config conformance.Config) (conformance.Config, error) {
	machine := clock.NewVirtual(fixtures.DefaultAt.AddDate(0, 0, 1))
	server, err := making(func() (*mockserver.Server, error) {
		return mockserver.New(mockserver.Config{
			Seed: f.seed, Tickets: f.tickets, Now: machine.Now, Sleep: machine.Sleep, Workspaces: []control.Spec{limited},
			Verdict: verdict.OnRequest, Metrics: scrape.Handler, Console: console.New,
		})
	}).or(ctx)
	if errors.Is(err, errInterrupted) {
		return config, fail(conformance.ExitUnjudged, "", "%w", err)
	}
	if err != nil {
		return config, usage("mockdesk check --help", "%w", err)
	}
	config.BaseURL = embedded
	if !f.given("max-requests") {
		config.MaxRequests = ownRequests
	}
	text, err := json.Marshal(control.NewCatalog(server.Workspace(""), config.BaseURL))
	if err != nil {
		return config, err
	}
	if config.Facts, err = facts.Parse(text); err != nil {
		return config, err
	}
	w := server.Workspace(limited.Name)
	config.Keys[target.Limited] = w.Key(auth.InboxOps, auth.ReadWrite).Secret
	config.Keys[target.MemberLimited] = w.Key(auth.AppHandoff, auth.Member).Secret
	config.Write, config.Burst = true, burst
	config.Transport = target.Handler(server)
	config.Now, config.Sleep = machine.Now, machine.Sleep
	return config, nil
}
