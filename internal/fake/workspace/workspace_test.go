package workspace_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// world is shared by all workspaces under test: it does not change.
var world = sync.OnceValue(func() *store.World {
	data, err := fixtures.New(fixtures.Config{Seed: 1, Tickets: 30})
	if err != nil {
		panic(err)
	}
	return store.NewWorld(data, inboxops.Encoder{})
})

var (
	noon  = time.Date(2025, time.June, 2, 12, 0, 0, 0, time.UTC)
	eve   = time.Date(2024, time.December, 24, 18, 0, 0, 0, time.UTC)
	limit = ratelimit.Limit{Max: 3, Window: time.Minute}
)

// create returns a workspace that must be possible; it is noon in it.
func create(t *testing.T, cfg workspace.Config) *workspace.Workspace {
	t.Helper()
	cfg.World = world()
	if cfg.Name == "" {
		cfg.Name = workspace.Default
	}
	if cfg.Now == nil {
		cfg.Now = func() time.Time { return noon }
	}
	w, err := workspace.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// state is what can be seen of a workspace.
type state struct {
	Notes  int
	Time   time.Time
	Clock  clock.State
	Access map[string]auth.Access
	Limit  ratelimit.Limit
	Used   map[string]int // requests in the window of each key
}

// look returns the present state.
func look(w *workspace.Workspace) state {
	s := state{
		Notes: w.Store.Notes(), Time: w.Clock.Now(), Clock: w.Clock.State(), Limit: w.RateLimit(),
		Access: map[string]auth.Access{}, Used: map[string]int{},
	}
	for _, key := range w.Keys {
		s.Access[key.Secret], s.Used[key.Secret] = key.Access(), key.Window.State(w.Clock.Now()).Used
	}
	return s
}

// disturb changes all that a tester can change of a workspace.
func disturb(t *testing.T, w *workspace.Workspace) {
	t.Helper()
	before := look(w)
	if _, _, err := w.Store.AddNote("1004", noon, "note", ""); err != nil {
		t.Fatal(err)
	}
	w.Clock.Freeze(eve.Add(time.Hour))
	w.Key(auth.InboxOps, auth.ReadWrite).SetAccess(auth.Access{Revoked: true})
	w.Key(auth.AppHandoff, auth.Outsider).SetAccess(auth.Access{})
	w.SetRateLimit(ratelimit.Limit{Max: 1, Window: time.Hour})
	for _, key := range w.Keys {
		key.Window.Take(w.Clock.Now())
	}
	after := look(w)
	if after.Notes == before.Notes || after.Clock == before.Clock || after.Limit == before.Limit ||
		cmp.Equal(after.Access, before.Access) || cmp.Equal(after.Used, before.Used) {
		t.Fatalf("not everything has changed: before %+v, after %+v", before, after)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{Name: "acme-1", RateLimit: limit})
	got := look(w)
	if got.Notes != 0 || got.Time != noon || got.Clock != (clock.State{}) || got.Limit != limit {
		t.Errorf("a new workspace is %+v", got)
	}
	for secret, used := range got.Used {
		if used != 0 || !strings.Contains(secret, "_acme-1_") {
			t.Errorf("key %s has used %d requests", secret, used)
		}
	}
	if len(w.Keys) == 0 || w.Store.World() != world() || w.Name != "acme-1" {
		t.Errorf("workspace %s has %d keys", w.Name, len(w.Keys))
	}
	if w.ErrorFormat != workspace.FormatProblem {
		t.Errorf("errors are of the format %q, want %q", w.ErrorFormat, workspace.FormatProblem)
	}
}

func TestNewOnTheMachinesTime(t *testing.T) {
	t.Parallel()
	w, err := workspace.New(workspace.Config{Name: "test", World: world()})
	if err != nil {
		t.Fatal(err)
	}
	before := clock.Machine()
	if now := w.Clock.Now(); now.Before(before.Truncate(time.Millisecond)) || w.Clock.State().Frozen {
		t.Errorf("it is %v in the workspace after %v on the machine", now, before)
	}
}

func TestNewWithAFrozenClock(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{FrozenAt: eve})
	if w.Clock.Now() != eve || !w.Clock.State().Frozen {
		t.Errorf("it is %v, want %v", w.Clock.Now(), eve)
	}
	w.Clock.Advance(time.Hour)
	w.Reset()
	if w.Clock.Now() != eve || !w.Clock.State().Frozen {
		t.Errorf("it is %v after Reset, want %v", w.Clock.Now(), eve)
	}
}

func TestNewWithFewNotes(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{Limits: workspace.Limits{Notes: 1}})
	if _, _, err := w.Store.AddNote("1004", noon, "one", ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Store.AddNote("1004", noon, "two", ""); err == nil {
		t.Error("more notes were stored than may be")
	}
}

func TestNewNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name string
		ok   bool
	}{
		"letters":                 {"test", true},
		"one letter":              {"a", true},
		"digits and dashes":       {"1-a-2", true},
		"a dash at the end":       {"a-", true},
		"forty letters":           {strings.Repeat("a", 40), true},
		"forty-one letters":       {strings.Repeat("a", 41), false},
		"no letter":               {"", false},
		"a dash at the beginning": {"-a", false},
		"upper case":              {"Test", false},
		"an underscore":           {"a_b", false}, // it separates the name in a key
		"a blank":                 {"a b", false},
		"a slash":                 {"a/b", false},
		"a line break":            {"a\n", false},
		"letters beyond ASCII":    {"bücher", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := workspace.New(workspace.Config{Name: test.name, World: world()})
			if (err == nil) != test.ok {
				t.Errorf("New(%q): %v, want ok = %v", test.name, err, test.ok)
			}
			if err != nil && !strings.Contains(err.Error(), "hint: acme-1") {
				t.Errorf("%q gives no hint", err)
			}
		})
	}
}

func TestNewErrorFormat(t *testing.T) {
	t.Parallel()
	if w := create(t, workspace.Config{ErrorFormat: workspace.FormatSample}); w.ErrorFormat != workspace.FormatSample {
		t.Errorf("errors are of the format %q", w.ErrorFormat)
	}
	_, err := workspace.New(workspace.Config{Name: "test", World: world(), ErrorFormat: "xml"})
	if err == nil || !strings.Contains(err.Error(), `"xml" is not problem or sample`) {
		t.Errorf("New = %v", err)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{RateLimit: limit})
	fresh := look(w)
	disturb(t, w)
	w.Reset()
	if diff := cmp.Diff(fresh, look(w)); diff != "" {
		t.Errorf("after Reset (-fresh +reset):\n%s", diff)
	}
}

// Reset brings back the rules that the workspace was started with, fresh, and
// no others.
func TestResetBringsBackTheFirstRules(t *testing.T) {
	t.Parallel()
	w, err := workspace.New(workspace.Config{
		Name: "test", World: world(), FrozenAt: eve, Operations: []fault.Operation{{Service: "inboxops", ID: "listTickets", Method: "GET", Path: "/api/v1/tickets"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	first, err := w.Start(outage, fault.Rule{Then: fault.Then{Malformed: true}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Start(outage); err == nil {
		t.Error("a rule was started twice")
	}
	isOut(w)
	w.Clock.Advance(time.Minute)
	if err := w.Faults.Delete("fault-2"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Inject(fault.Rule{Then: fault.Then{Malformed: true}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		w.Reset()
		var got []fault.Rule
		for _, rule := range w.Faults.List() {
			if got = append(got, rule.Rule); rule.Matched != 0 || rule.Fired != 0 || !rule.Since.Equal(eve) {
				t.Errorf("%s is not fresh: %+v", rule.ID, rule)
			}
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("after Reset (-want +got):\n%s", diff)
		}
		if !isOut(w) {
			t.Error("the outage does not begin again")
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{})
	tests := map[string]struct {
		service string
		kind    auth.Kind
		want    string
	}{
		"a key of InboxOps":              {auth.InboxOps, auth.ReadOnly, "ixk_test_readonly"},
		"a key of AppHandoff":            {auth.AppHandoff, auth.Member, "ah_k_test_member"},
		"a kind that both have, the one": {auth.InboxOps, auth.Revoked, "ixk_test_revoked"},
		"and the other":                  {auth.AppHandoff, auth.Revoked, "ah_k_test_revoked"},
		"a kind of the other service":    {auth.AppHandoff, auth.ReadOnly, ""},
		"an unknown service":             {"mailroom", auth.Member, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if key := w.Key(test.service, test.kind); key != nil {
				got = key.Secret
			}
			if got != test.want {
				t.Errorf("Key(%s, %s) = %q, want %q", test.service, test.kind, got, test.want)
			}
		})
	}
}

func TestSetRateLimit(t *testing.T) {
	t.Parallel()
	w := create(t, workspace.Config{RateLimit: ratelimit.Limit{Max: 1, Window: time.Hour}})
	for _, key := range w.Keys {
		key.Window.Take(noon)
	}
	w.SetRateLimit(limit)
	if w.RateLimit() != limit {
		t.Errorf("RateLimit() = %v, want %v", w.RateLimit(), limit)
	}
	for _, key := range w.Keys {
		if s := key.Window.State(noon); s.Limit != limit || s.Used != 0 {
			t.Errorf("%s has the window %+v, want an empty one of %v", key.Secret, s, limit)
		}
	}
}

func TestWorkspacesAreIsolated(t *testing.T) {
	t.Parallel()
	one, other := create(t, workspace.Config{Name: "one", RateLimit: limit}), create(t, workspace.Config{Name: "other", RateLimit: limit})
	before := look(other)
	disturb(t, one)
	if diff := cmp.Diff(before, look(other)); diff != "" {
		t.Errorf("what happened to one shows in the other (-before +after):\n%s", diff)
	}
}
