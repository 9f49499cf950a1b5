package casefile_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// example is the case that has every member.
func example(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "everything.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// world makes a world.
func world(config fixtures.Config) *fixtures.Dataset {
	data, err := fixtures.New(config)
	if err != nil {
		panic(err)
	}
	return data
}

// The worlds into which most cases are put; nothing changes them.
var (
	emptyWorld  = sync.OnceValue(func() *fixtures.Dataset { return world(fixtures.Config{Seed: 1, Empty: true}) })
	seededWorld = sync.OnceValue(func() *fixtures.Dataset { return world(fixtures.Config{Seed: 1, Tickets: 30}) })
)

// arrange puts a case into a world, both of which must be right.
func arrange(t testing.TB, data *fixtures.Dataset, texts ...string) *fixtures.Dataset {
	t.Helper()
	var all casefile.Case
	for _, text := range texts {
		all = all.And(casefile.MustParse(text))
	}
	data, err := all.Arrange(data, time.Time{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// empty says whether the world of a case is.
func empty(c casefile.Case, otherwise bool) bool {
	return c.World().Config(fixtures.Config{Empty: otherwise}).Empty
}

// tell spells out what a case has put into a world.
func tell(data *fixtures.Dataset) any {
	type ticket struct {
		fixtures.Ticket
		Fields   []fixtures.FieldValue
		Messages []fixtures.Message
	}
	all := map[string]any{"projects": data.AppHandoff.Projects}
	for name, i := range data.InboxOps.Arranged() {
		all[name] = ticket{data.InboxOps.Tickets[i], data.InboxOps.Fields(i), data.InboxOps.Messages(i)}
	}
	return all
}

func TestSettings(t *testing.T) {
	t.Parallel()
	noon := time.Date(2025, time.June, 2, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		text  string
		want  casefile.Settings
		empty bool
	}{
		"nothing":              {"{}", casefile.Settings{}, false},
		"null":                 {"null # nothing\n", casefile.Settings{}, false},
		"members without more": {"clock:\nkeys:\nfaults:\ninboxops:\n", casefile.Settings{}, false},
		"a clock":              {"clock: {frozen: 2025-06-02T14:00:00+02:00}", casefile.Settings{FrozenAt: noon}, false},
		"a limit":              {"rate_limit: 5/1m", casefile.Settings{RateLimit: &ratelimit.Limit{Max: 5, Window: time.Minute}}, false},
		"life":                 {"life: busy", casefile.Settings{Life: &life.Busy}, false},
		"life at a rate":       {"life: 5/1d", casefile.Settings{Life: &life.Rate{Events: 5, Period: 24 * time.Hour}}, false},
		"no life":              {"life: off", casefile.Settings{Life: &life.Rate{}}, false},
		"no limit":             {"rate_limit: off", casefile.Settings{RateLimit: &ratelimit.Limit{}}, false},
		"an empty world":       {"world: empty", casefile.Settings{}, true},
		"a seeded world":       {"world: seeded", casefile.Settings{}, false},
		"keys": {"keys: {read-write: {revoked: true}, apphandoff/revoked: {revoked: false}}", casefile.Settings{Keys: []casefile.KeyAccess{
			{Service: auth.InboxOps, Kind: auth.ReadWrite, Access: auth.Access{Revoked: true}},
			{Service: auth.AppHandoff, Kind: auth.Revoked},
		}}, false},
		"a key keeps what is not said": {"keys: {outsider: {reconnect: true}}", casefile.Settings{Keys: []casefile.KeyAccess{
			{Service: auth.AppHandoff, Kind: auth.Outsider, Access: auth.Access{Outsider: true, Reconnect: true}},
		}}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := casefile.MustParse(test.text)
			if diff := cmp.Diff(test.want, c.Settings()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := empty(c, false); got != test.empty {
				t.Errorf("the world is empty: %t", got)
			}
			if got := empty(c, true); got != (test.empty || test.text != "world: seeded") {
				t.Errorf("an empty world is empty: %t", got)
			}
		})
	}
}

// TestLaterOnesAdd joins two cases.
func TestLaterOnesAdd(t *testing.T) {
	t.Parallel()
	one := casefile.MustParse("{rate_limit: 5/1m, keys: {member: {revoked: true}}, inboxops: {tickets: [{name: a}]}, faults: [{then: {malformed: true}}]}")
	other := casefile.MustParse("{rate_limit: 6/1m, world: empty, keys: {outsider: {revoked: true}}, inboxops: {tickets: [{name: b}]}, faults: [{then: {malformed: true}}]}")
	both := one.And(other)
	data, err := both.Arrange(emptyWorld(), time.Time{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := both.Faults(fault.Scope{Operations: []fault.Operation{{Service: "inboxops", ID: "listTickets", Method: "GET", Path: "/api/v1/tickets"}}})
	if err != nil {
		t.Fatal(err)
	}
	if s := both.Settings(); len(s.Keys) != 2 || s.RateLimit.Max != 6 || !empty(both, false) || len(data.InboxOps.Tickets) != 2 || len(rules) != 2 {
		t.Errorf("%+v, %d tickets, %d rules", s, len(data.InboxOps.Tickets), len(rules))
	}
	if _, err := one.And(one).Arrange(emptyWorld(), time.Time{}, nil); err == nil || !strings.Contains(err.Error(), "a is the name of another ticket, on line 1 of case") {
		t.Errorf("a name that two cases have: %v", err)
	}
}

// TestLoad reads files.
func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a, b, bad := write("a.yaml", "inboxops: {tickets: [{name: a}]}"), write("b.json", `{"inboxops": {"tickets": [{"name": "b"}]}}`), write("bad.yaml", "\n wrld: empty")
	if c, err := casefile.Load(a, b); err != nil || c.IsZero() {
		t.Errorf("Load: %v", err)
	}
	for _, test := range []struct {
		files []string
		want  string
	}{
		{[]string{a, a}, "a is the name of another ticket"},
		{[]string{a, bad}, "bad.yaml: line 2, column 2: there is no member \"wrld\" (hint: did you mean world?)"},
		{[]string{filepath.Join(dir, "none")}, "no such file"},
	} {
		if _, err := casefile.Load(test.files...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Load(%v): %v, want %q", test.files, err, test.want)
		}
	}
}

// TestEverything reads the case with every member, and looks for it in the world.
func TestEverything(t *testing.T) {
	t.Parallel()
	for _, base := range []*fixtures.Dataset{emptyWorld(), seededWorld()} {
		data := arrange(t, base, example(t))
		w := &data.InboxOps
		i, ok := w.Arranged()["stuck"]
		if !ok {
			t.Fatalf("there is no stuck in %v", w.Arranged())
		}
		got := w.Tickets[i]
		if got.ID != fixtures.TicketID("stuck") || got.Subject != "Export never finishes" || w.Statuses[got.Status].Name != "Waiting on third party" ||
			w.Priorities[got.Priority].Level != "high" || w.Inboxes[got.Inbox].Name != "Enterprise" || got.Assignee != -1 ||
			w.Contacts[got.Contact].Email != "ada@example.com" || len(got.Tags) != 2 || !got.CreatedAt.Equal(data.At.AddDate(0, 0, -3)) ||
			!got.UpdatedAt.Equal(data.At.Add(-150*time.Minute)) {
			t.Errorf("the ticket is %+v", got)
		}
		if fields := w.Fields(i); len(fields) != 10 {
			t.Errorf("its fields are %+v", fields)
		}
		var bodies []string
		for _, m := range w.Messages(i) {
			bodies = append(bodies, m.Direction+" "+m.Type+" "+m.SendStatus+" "+m.BodyText)
		}
		want := []string{
			"inbound email  It has been running since Monday.", "outbound email failed Looking into it.", "outbound internal_note  Escalated.",
			"outbound email  never shown", "inbound email  Still running.", "outbound email sent See picture.",
		}
		if diff := cmp.Diff(want, bodies); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		project := data.AppHandoff.Projects[len(data.AppHandoff.Projects)-2]
		if project.ID != fixtures.ProjectID("checkout") || !project.Member || project.Tickets[0].ID != fixtures.HandoffID("checkout", "refunds") ||
			project.Tickets[0].Messages[1].Task != fixtures.TaskID("checkout", "refunds", "api") {
			t.Errorf("the project is %+v", project)
		}
	}
}

// TestOrderOfMembers writes the same case in other orders and forms.
func TestOrderOfMembers(t *testing.T) {
	t.Parallel()
	const a = `
inboxops:
  tickets:
  - name: a
    inbox: Enterprise
    custom_fields: {plan: Team, sla_tier: Gold}
    created_at: -3d
    tags: [billing, vip]
    messages: [{from: customer}, {from: agent, send_status: failed, send_error: full}]
  - {name: b, custom_fields: {sla_tier: Gold}}
apphandoff: {projects: [{name: p, tickets: [{name: t, tasks: [x], messages: [{author: human, task: x}]}]}]}
`
	const b = `{"apphandoff": {"projects": [{"tickets": [{"messages": [{"task": "x", "author": "human"}], "tasks": ["x"], "name": "t"}], "name": "p"}]},
"inboxops": {"tickets": [{"messages": [{"from": "customer", "text": null}, {"send_error": "full", "send_status": "failed", "from": "agent"}],
"tags": ["vip", "billing"], "created_at": "-72h", "custom_fields": {"sla_tier": "Gold", "plan": "Team"}, "inbox": "Enterprise", "name": "a"},
{"custom_fields": {"sla_tier": "Gold"}, "name": "b"}]}}`
	if diff := cmp.Diff(tell(arrange(t, emptyWorld(), a)), tell(arrange(t, emptyWorld(), b))); diff != "" {
		t.Errorf("(-yaml +json):\n%s", diff)
	}
}

// TestTheSameCase arranges a case twice, and as two.
func TestTheSameCase(t *testing.T) {
	t.Parallel()
	const a, b = "inboxops: {tickets: [{name: a}, {name: b, messages: [{}, {}, {}]}]}", "inboxops: {tickets: [{name: c, contact: {email: x@example.com}}]}"
	once, again := tell(arrange(t, emptyWorld(), a, b)), tell(arrange(t, emptyWorld(), a, b))
	if diff := cmp.Diff(once, again); diff != "" {
		t.Errorf("(-once +again):\n%s", diff)
	}
}

// TestBrief arranges a case that has let go of what it puts into a world.
func TestBrief(t *testing.T) {
	t.Parallel()
	whole := casefile.MustParse(example(t)).And(casefile.MustParse("null")).And(casefile.MustParse("inboxops: {tickets: [{}]}"))
	brief := whole.Brief().Brief()
	var told []any
	for _, c := range []casefile.Case{whole, brief, whole} {
		data, err := c.Arrange(emptyWorld(), time.Time{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, tell(data), c.Settings())
	}
	if diff := cmp.Diff(told[:2], told[2:4]); diff != "" {
		t.Errorf("(-whole +brief):\n%s", diff)
	}
	if whole.Tickets() != 6 {
		t.Errorf("it has %d tickets", whole.Tickets())
	}
}

// TestJSON reads a case that is part of JSON.
func TestJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"world": "empty"}`: "", `"world: empty"`: "",
		`{"world": "emty"}`: `case: line 1, column 11: world: "emty" is not one of seeded, empty (hint: did you mean empty?)`,
		`3`:                 `case: line 1, column 1: "3" is not a mapping`,
		`"a: b: c"`:         `case: line 1, column `,
	} {
		var c casefile.Case
		err := c.UnmarshalJSON([]byte(text))
		switch {
		case want == "" && (err != nil || !empty(c, false)):
			t.Errorf("%s: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestFaults reads the rules of a case.
func TestFaults(t *testing.T) {
	t.Parallel()
	scope := fault.Scope{Operations: []fault.Operation{{Service: "inboxops", ID: "listTickets", Method: "GET", Path: "/api/v1/tickets"}}}
	rules, err := casefile.MustParse("faults:\n- match: {operation: listTickets}\n  then: {status: {code: 429}}\n").Faults(scope)
	if err != nil || len(rules) != 1 || rules[0].Then.Status.Code != "429" {
		t.Errorf("%+v, %v", rules, err)
	}
	_, err = casefile.MustParse("faults:\n- match: {operation: listTicket}\n  then: {malformed: true}\n").Faults(scope)
	if err == nil || !strings.HasPrefix(err.Error(), "case: line 2: rule 1: ") || !hint.In(err) {
		t.Errorf("a wrong rule: %v", err)
	}
}
