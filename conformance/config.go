// Package conformance turns the base URL of a server and a key into a Report:
// which clauses of the InboxOps and AppHandoff contract hold there.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/keykind"
	"github.com/mockdesk/mockdesk/openapi"
)

// Config says what to judge and how carefully. The zero value of every field
// but BaseURL is usable.
type Config struct {
	// BaseURL is the origin of the target, such as https://app.inboxops.app.
	// InboxOps is expected under /api/v1 there unless the URL ends in it.
	// Empty means the base_url of the facts.
	BaseURL string
	// AppHandoffURL is the base of AppHandoff, such as https://example.com/api.
	// Empty means /api under BaseURL; one without a path means /api under it.
	AppHandoffURL string
	// Keys are the secrets by caller. They come before those of the facts.
	Keys target.Keys
	// Facts is what the API does not reveal; nil means nothing is known.
	Facts *facts.Facts
	// Write allows the run to add marked notes to one ticket. False means read
	// only.
	Write bool
	// WriteTicket is the UUID or the number of that ticket; empty means the one
	// that the facts call "write", else one that the run chooses.
	WriteTicket string
	// Burst allows up to that many requests to reach the rate limit, and
	// asserts that they do reach it: IO-RATE-01 fails when they do not. 0
	// leaves the limit alone unless a limited key is known.
	Burst int
	// RPS is the number of requests a second; 0 means as fast as the target
	// answers, and a wait whenever it says 429.
	RPS float64
	// MaxRequests bounds the run; 0 means DefaultMaxRequests.
	MaxRequests int
	// API limits the run to one API; empty means both.
	API clause.API
	// Seed selects which combinations of filters, orders and pages are asked
	// for; 0 means 1.
	Seed uint64
	// Level is Strict to judge only what the documentation states explicitly;
	// empty means Lenient: all clauses.
	Level clause.Level
	// Only and Skip are patterns of clause ids, in which * stands for any run of
	// characters: IO-AUTH-*. No Only means all.
	Only, Skip []string
	// KnownFailures are patterns of clauses that are run and must fail.
	KnownFailures []string
	// Require are patterns of clauses of the run that must be judged: one that
	// is skipped or not run fails the run.
	Require []string
	// ErrorFormat is "problem" or "sample" to demand that dialect of InboxOps
	// errors; empty detects it.
	ErrorFormat string
	// RequestTimeout bounds one request; 0 means DefaultRequestTimeout.
	RequestTimeout time.Duration
	// ScenarioTimeout bounds the time the requests of a scenario take
	// together, waits not counted; 0 means two minutes.
	ScenarioTimeout time.Duration
	// Settle is how long a stored note may take to show in its timeline; 0
	// means DefaultSettle, a negative value that it shows at once.
	Settle time.Duration
	// Transport sends the requests; nil means the network. Handler makes
	// one of an http.Handler.
	Transport http.RoundTripper
	// Header is sent with every request, such as for a gateway. Its values are
	// secrets, which no report shows.
	Header http.Header
	// Follow makes the run follow redirects that stay on the same host and
	// scheme.
	Follow bool
	// Progress is told what happens; nil means nobody is.
	Progress Progress
	// Now and Sleep are the clock of the run; nil means the real one.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Progress is told how a run goes. Its methods are called one after the other.
type Progress interface {
	// Clause is told each result as it is known, and how many there will be.
	Clause(r Result, of int)
	// Waiting is told that the run sleeps for its pace or the target's rate limit.
	Waiting(d time.Duration, why string)
}

// defaultScenarioTimeout is far above what a scenario needs.
const defaultScenarioTimeout = 2 * time.Minute

// DefaultSettle is how long a stored note may take to show.
const DefaultSettle = time.Second

// plan is a Config that was checked and completed.
type plan struct {
	Config
	keys      target.Keys
	endpoints map[clause.API]target.Endpoint
	scenarios []scenario.Scenario
	known     []string
	required  []string
	outdated  []string // what the facts name but the target does not know
}

// plan checks the Config. An error means a wrong call.
func (c Config) plan() (*plan, error) {
	p := &plan{Config: c}
	if p.Facts == nil {
		p.Facts = &facts.Facts{}
	}
	if p.BaseURL == "" {
		p.BaseURL = p.Facts.BaseURL
	}
	if p.ScenarioTimeout == 0 {
		p.ScenarioTimeout = defaultScenarioTimeout
	}
	if p.Settle == 0 {
		p.Settle = DefaultSettle
	}
	if err := p.checkWords(); err != nil {
		return nil, err
	}
	if err := p.locate(); err != nil {
		return nil, err
	}
	p.keys = allKeys(c.Keys, p.Facts)
	return p, p.choose()
}

// checkWords checks the fields that take one of a few words or a number.
func (p *plan) checkWords() error {
	switch {
	case !slices.Contains([]clause.API{"", clause.InboxOps, clause.AppHandoff}, p.API):
		return fmt.Errorf("unknown API %q; hint: inboxops or apphandoff", p.API)
	case !slices.Contains([]clause.Level{"", clause.Strict, clause.Lenient}, p.Level):
		return fmt.Errorf("unknown level %q; hint: strict or lenient", p.Level)
	case !slices.Contains([]string{"", "problem", "sample"}, p.ErrorFormat):
		return fmt.Errorf("unknown error format %q; hint: problem or sample", p.ErrorFormat)
	case p.RPS < 0 || p.Burst < 0 || p.MaxRequests < 0 || p.RequestTimeout < 0 || p.ScenarioTimeout < 0:
		return errors.New("a rate, number or time of the run is negative; hint: 0 means its default")
	case p.WriteTicket != "" && !survey.IsUUID(p.WriteTicket) && !isNumber(p.WriteTicket):
		return fmt.Errorf("the write ticket %q is no UUID and no number; hint: --write-ticket 1001", p.WriteTicket)
	}
	return nil
}

// isNumber reports whether a text may be the number of a ticket.
func isNumber(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && n > 0
}

// locate finds the base of each API.
func (p *plan) locate() error {
	origin, err := parseURL(p.BaseURL)
	if err != nil {
		return err
	}
	handoff := origin
	if p.AppHandoffURL != "" {
		if handoff, err = parseURL(p.AppHandoffURL); err != nil {
			return err
		}
	} else {
		handoff.Path = strings.TrimSuffix(origin.Path, "/api/v1")
	}
	if !strings.HasSuffix(origin.Path, "/api/v1") {
		origin.Path += "/api/v1"
	}
	if handoff.Path == "" || p.AppHandoffURL == "" {
		handoff.Path += "/api"
	}
	p.endpoints = map[clause.API]target.Endpoint{}
	for api, base := range map[clause.API]url.URL{clause.InboxOps: origin, clause.AppHandoff: handoff} {
		contract, err := openapi.Load(string(api))
		if err != nil {
			return err
		}
		p.endpoints[api] = target.Endpoint{Base: base.String(), Contract: contract}
	}
	return nil
}

// parseURL reads a base URL without its trailing slash.
func parseURL(text string) (url.URL, error) {
	if text == "" {
		return url.URL{}, errors.New("no URL to judge; hint: http://127.0.0.1:4010")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return url.URL{}, fmt.Errorf("%q is not a URL: %w; hint: %s", text, err, target.MeantURL(text))
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return url.URL{}, fmt.Errorf("%q is not the URL of a server; hint: %s", text, target.MeantURL(text))
	case u.User != nil:
		return url.URL{}, errors.New("the URL holds a user or password; hint: give keys with --key, they are not printed")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath, u.RawQuery, u.Fragment = "", "", ""
	return *u, nil
}

// allKeys are the keys of the call and those of the facts.
func allKeys(given target.Keys, f *facts.Facts) target.Keys {
	keys := target.Keys{}
	for _, k := range keykind.All {
		keys[target.Who(k.Caller)] = f.Secret(k.Service, k.Name)
	}
	for who, key := range given {
		if key != "" {
			keys[who] = strings.TrimSpace(key)
		}
	}
	maps.DeleteFunc(keys, func(_ target.Who, key string) bool { return key == "" })
	return keys
}

// choose selects the clauses of the run.
func (p *plan) choose() error {
	var err error
	if p.scenarios, err = (scenario.Choice{Only: p.Only, Skip: p.Skip, API: p.API, Level: p.Level}).Scenarios(); err != nil {
		return err
	}
	if len(p.scenarios) == 0 {
		return errors.New("no clause is left to judge: the API, the level and the patterns exclude all; hint: mockdesk check --list")
	}
	known, err := clause.Select(scenario.All(), p.KnownFailures)
	for _, c := range known {
		p.known = append(p.known, c.ID)
	}
	if err != nil {
		return fmt.Errorf("known failures: %w", err)
	}
	return p.require()
}

// require finds the clauses that must be judged. A pattern that matches no
// clause of the run is an error: it would require nothing.
func (p *plan) require() error {
	for _, pattern := range p.Require {
		wanted, err := clause.Select(scenario.All(), []string{pattern})
		if err != nil {
			return fmt.Errorf("require: %w", err)
		}
		before := len(p.required)
		for _, c := range wanted {
			if slices.ContainsFunc(p.scenarios, func(chosen scenario.Scenario) bool { return chosen.ID == c.ID }) {
				p.required = append(p.required, c.ID)
			}
		}
		if len(p.required) == before {
			return fmt.Errorf("require: pattern %q matches no clause of this run: the API, the level and the other patterns exclude all; hint: mockdesk check --list", pattern)
		}
	}
	return nil
}
