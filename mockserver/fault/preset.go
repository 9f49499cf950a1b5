package fault

import (
	"fmt"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/suggest"
)

// Preset is a scene that testers ask for by name.
type Preset struct {
	Name string `json:"name"`
	// About says what the client sees.
	About string `json:"about"`
	Rules []Rule `json:"rules"`
}

// presets are in the order help lists them.
var presets = []Preset{
	{
		Name:  "rate-limit-burst",
		About: "The next 3 requests are 429 with Retry-After 1; then all is well again.",
		Rules: []Rule{{
			Name: "a burst of 429", When: When{Times: 3},
			Then: Then{Status: &Status{Code: "429", RetryAfter: 1}},
		}},
	},
	{
		Name:  "revoked-mid-session",
		About: "The first 5 requests are answered, then every key is 401, as if revoked.",
		Rules: []Rule{{
			Name: "revoked after 5 requests", When: When{After: 5},
			Then: Then{Status: &Status{Code: "401", Detail: "This API key is revoked."}},
		}},
	},
	{
		Name:  "read-only-key",
		About: "Reading works; adding a note is 403 insufficient_scope.",
		Rules: []Rule{{
			Name: "every key is read-only", Match: Match{Service: "inboxops", Method: "POST"},
			Then: Then{Status: &Status{Code: "insufficient_scope"}},
		}},
	},
	{
		Name:  "no-entitlement",
		About: "Every InboxOps request is 403 forbidden, as in a workspace without API access.",
		Rules: []Rule{{
			Name: "no API access", Match: Match{Service: "inboxops"},
			Then: Then{Status: &Status{Code: "forbidden"}},
		}},
	},
	{
		Name:  "flaky-5xx",
		About: "About 1 request in 5 is 500 and 1 in 5 is 503; which ones depends on the seed.",
		Rules: []Rule{
			{Name: "sometimes 500", When: When{Probability: 0.2}, Then: Then{Status: &Status{Code: "500"}}},
			{Name: "sometimes 503", When: When{Probability: 0.25}, Then: Then{Status: &Status{Code: "503"}}},
		},
	},
	{
		Name:  "slow",
		About: "Every answer takes around 0.8 s, now and then much longer.",
		Rules: []Rule{
			{
				Name: "now and then very slow", When: When{Every: 10},
				Then: Then{Latency: &Latency{Min: Duration(2 * time.Second), Max: Duration(4 * time.Second)}},
			},
			{
				Name: "slow",
				Then: Then{Latency: &Latency{Mean: Duration(800 * time.Millisecond), Deviation: Duration(200 * time.Millisecond)}},
			},
		},
	},
	{
		Name:  "broken-connection",
		About: "Of every 3 requests one is reset and one breaks off in the middle of its body.",
		Rules: []Rule{
			{Name: "connection reset", When: When{Every: 3}, Then: Then{Connection: Reset}},
			{Name: "body cut", When: When{Every: 2}, Then: Then{Body: &Body{CutAfter: new(20)}}},
		},
	},
	{
		Name:  "recovering-outage",
		About: "For 30 s of the workspace's clock every request is 503 with Retry-After 5; then all is well again.",
		Rules: []Rule{{
			Name: "outage", When: When{For: Duration(30 * time.Second)},
			Then: Then{Status: &Status{Code: "503", RetryAfter: 5}},
		}},
	},
}

// Presets returns the presets in the order help lists them.
func Presets() []Preset { return slices.Clone(presets) }

// FindPreset returns the preset of a name.
func FindPreset(name string) (Preset, error) {
	var names []string
	for _, p := range presets {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return Preset{}, instead(fmt.Sprintf("there is no preset %q", name), suggest.Word(name, names), "presets", names)
}
