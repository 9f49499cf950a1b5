package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// TestTheCaseChoosesTheWorld lets a case say which world it is, over the Config and
// under a workspace's own wish.
func TestTheCaseChoosesTheWorld(t *testing.T) {
	t.Parallel()
	later := fixtures.DefaultAt.AddDate(0, 1, 0)
	tests := map[string]struct {
		config  mockserver.Config
		spec    control.Spec
		seed    uint64
		tickets int
		at      time.Time
	}{
		"a seed":                           {mockserver.Config{Case: casefile.MustParse("world: {seed: 7}")}, control.Spec{}, 7, 200, fixtures.DefaultAt},
		"a number and an instant":          {mockserver.Config{Seed: 3, Case: casefile.MustParse("world: {tickets: 40, at: 2025-07-02T09:00:00Z}")}, control.Spec{}, 3, 40, later},
		"none, and the rest by the Config": {mockserver.Config{Seed: 3, Tickets: 50, At: later, Case: casefile.MustParse("world: {empty: true}")}, control.Spec{}, 3, 0, later},
		"0 tickets":                        {mockserver.Config{Case: casefile.MustParse("world: {tickets: 0}")}, control.Spec{}, 1, 0, fixtures.DefaultAt},
		"the same twice":                   {mockserver.Config{Seed: 7, Tickets: 40, At: later, Case: casefile.MustParse("world: {seed: 7, tickets: 40, at: 2025-07-02T09:00:00Z}")}, control.Spec{}, 7, 40, later},
		"a workspace's own case":           {mockserver.Config{Case: casefile.MustParse("world: {seed: 7}")}, control.Spec{Case: casefile.MustParse("world: {tickets: 40}")}, 1, 40, fixtures.DefaultAt},
		"a workspace's own wish":           {mockserver.Config{Case: casefile.MustParse("world: {seed: 7, tickets: 40}")}, control.Spec{Seed: 8}, 8, 40, fixtures.DefaultAt},
		"tickets in an empty server":       {mockserver.Config{Empty: true}, control.Spec{Tickets: 40}, 1, 40, fixtures.DefaultAt},
		"a file behind another":            {mockserver.Config{Case: casefile.MustParse("world: {seed: 7, tickets: 40}").And(casefile.MustParse("world: {seed: 8}"))}, control.Spec{}, 8, 40, fixtures.DefaultAt},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := mockserver.New(test.config)
			if err != nil {
				t.Fatal(err)
			}
			test.spec.Name = "other"
			w, err := server.CreateWorkspace(test.spec)
			if err != nil {
				t.Fatal(err)
			}
			if data := w.Store.World().Data; data.Seed != test.seed || len(data.InboxOps.Tickets) != test.tickets || !data.At.Equal(test.at) {
				t.Errorf("seed %d, %d tickets, %s", data.Seed, len(data.InboxOps.Tickets), data.At)
			}
		})
	}
}

// TestTheCaseAndTheConfigDisagree says two things of one world.
func TestTheCaseAndTheConfigDisagree(t *testing.T) {
	t.Parallel()
	said := casefile.MustParse("world: {seed: 7, tickets: 40, at: 2025-07-02T09:00:00Z}")
	for want, config := range map[string]mockserver.Config{
		"the case says seed 7, and seed 8 is asked for":       {Seed: 8},
		"the case says 40 tickets, and 50 are asked for":      {Tickets: 50},
		"the case says 40 tickets, and 0 are asked for":       {Empty: true},
		"the case says the instant 2025-07-02T09:00:00Z, and": {At: fixtures.DefaultAt},
	} {
		config.Case = said
		if _, err := mockserver.New(config); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "hint: leave one of them out") {
			t.Errorf("%v, want %s", err, want)
		}
	}
	f := start(t, mockserver.Config{})
	f.post("", "/_mockdesk/workspaces", `{"name": "a", "seed": 8, "case": {"world": {"seed": 7}}}`).want(400).holds("the case says seed 7, and seed 8 is asked for")
}

// TestExportAndImport takes the state of a workspace to an empty server and back.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 40, Case: casefile.MustParse(stuck).And(casefile.MustParse("inboxops: {tickets: [{seeded: 1003, status: closed}], deleted: [no-fields]}"))})
	f.send("POST", "", "/_mockdesk/clock/advance", `{"by": "2h"}`).want(200)
	f.send("PATCH", "", "/_mockdesk/keys/inboxops/read-write", `{"read_only": true}`).want(200)
	text := f.get("", "/_mockdesk/case.yaml").want(200).Body
	other := start(t, mockserver.Config{Empty: true, Seed: 9})
	list := func(f *fake) string {
		return f.get(readWrite, "/api/v1/tickets?per_page=100").want(200).Body + f.get("", "/_mockdesk/keys").Body + f.get("", "/_mockdesk/clock").Body + f.get("", "/_mockdesk/catalog").Body
	}
	other.send("PUT", "", "/_mockdesk/case.yaml", text).want(200)
	if diff := cmp.Diff(text, other.get("", "/_mockdesk/case.yaml").want(200).Body); diff != "" {
		t.Errorf("exported again (-once +again):\n%s", diff)
	}
	if diff := cmp.Diff(list(f), list(other)); diff != "" {
		t.Errorf("the state (-there +here):\n%s", diff)
	}
	f.get("", "/_mockdesk/case.yaml?workspace=none").want(404)
	for body, want := range map[string]string{
		"": "the body is empty", "wrld: empty": "case: line 1, column 1: there is no member", "inboxops: {tickets: [{status: wating}]}": "did you mean waiting?",
		"faults: [{match: {operation: x}}]": "rule 1", "clock: {frozen: 9500-01-01T00:00:00Z}": "9500",
	} {
		other.send("PUT", "", "/_mockdesk/case.yaml", body).want(400).holds(want)
	}
	after, _, _ := strings.Cut(other.get("", "/_mockdesk/case.yaml").want(200).Body, "requests:")
	if diff := cmp.Diff(text, after); diff != "" {
		t.Errorf("after wrong ones (-before +after):\n%s", diff)
	}
}
