package auth_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
)

// find returns the key of a service and kind among the keys of a workspace.
func find(t *testing.T, keys []*auth.Key, service string, kind auth.Kind) *auth.Key {
	t.Helper()
	i := slices.IndexFunc(keys, func(k *auth.Key) bool { return k.Service == service && k.Kind == kind })
	if i < 0 {
		t.Fatalf("no %s key of kind %s", service, kind)
	}
	return keys[i]
}

func TestNewKeys(t *testing.T) {
	t.Parallel()
	want := map[string][2]string{ // the keys that documentation and tests may quote
		"ixk_test_readwrite":  {auth.InboxOps, "read-write"},
		"ixk_test_readonly":   {auth.InboxOps, "read-only"},
		"ixk_test_revoked":    {auth.InboxOps, "revoked"},
		"ixk_test_unentitled": {auth.InboxOps, "unentitled"},
		"ah_k_test_member":    {auth.AppHandoff, "member"},
		"ah_k_test_outsider":  {auth.AppHandoff, "outsider"},
		"ah_k_test_revoked":   {auth.AppHandoff, "revoked"},
		"ah_k_test_reconnect": {auth.AppHandoff, "reconnect"},
	}
	got := map[string][2]string{}
	for _, key := range auth.NewKeys("test", ratelimit.Limit{}) {
		if _, quoted := want[key.Secret]; quoted { // others may be added
			got[key.Secret] = [2]string{key.Service, string(key.Kind)}
		}
		if key.About == "" {
			t.Errorf("nothing is said about %s", key.Secret)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestKeysOfWorkspacesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[auth.Digest]string{}
	for _, workspace := range []string{"test", "test-2", "a", "b"} {
		for _, key := range auth.NewKeys(workspace, ratelimit.Limit{}) {
			if other, twice := seen[key.Digest()]; twice {
				t.Errorf("%s and %s have the same digest", key.Secret, other)
			}
			seen[key.Digest()] = key.Secret
			if !strings.Contains(key.Secret, "_"+workspace+"_") {
				t.Errorf("%s does not name its workspace %s", key.Secret, workspace)
			}
		}
	}
}

func TestKeysShareWindows(t *testing.T) {
	t.Parallel()
	keys := auth.NewKeys("test", ratelimit.Limit{Max: 1, Window: time.Minute})
	now := time.Date(2025, time.June, 2, 9, 0, 0, 0, time.UTC)
	take := func(service string, kind auth.Kind) bool {
		ok, _ := find(t, keys, service, kind).Window.Take(now)
		return ok
	}
	if !take(auth.InboxOps, auth.ReadWrite) {
		t.Error("the first request of the workspace was refused")
	}
	if take(auth.InboxOps, auth.ReadOnly) {
		t.Error("the InboxOps keys of a workspace do not share a window")
	}
	if !take(auth.AppHandoff, auth.Member) {
		t.Error("an AppHandoff key counts against the window of InboxOps")
	}
	if !take(auth.AppHandoff, auth.Outsider) {
		t.Error("two AppHandoff keys share a window")
	}
	if take(auth.AppHandoff, auth.Member) {
		t.Error("an AppHandoff key has no limit")
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	const missing, scheme, empty = "is missing", "is not Bearer", "no key after Bearer"
	tests := map[string]struct {
		header string
		says   string // empty when the key is found
	}{
		"a bearer key":                 {"Bearer ixk_test_readwrite", ""},
		"the scheme in lower case":     {"bearer ixk_test_readwrite", ""},
		"the scheme in upper case":     {"BEARER ixk_test_readwrite", ""},
		"several spaces":               {"Bearer    ixk_test_readwrite", ""},
		"spaces behind the key":        {"Bearer ixk_test_readwrite  ", ""},
		"no header":                    {"", missing},
		"a blank header":               {"  ", missing},
		"another scheme":               {"Basic ixk_test_readwrite", scheme},
		"a key without a scheme":       {"ixk_test_readwrite", scheme},
		"a scheme that starts alike":   {"Bearerx ixk_test_readwrite", scheme},
		"a colon behind the scheme":    {"Bearer: ixk_test_readwrite", scheme},
		"a tab behind the scheme":      {"Bearer\tixk_test_readwrite", scheme},
		"a scheme without a key":       {"Bearer", empty},
		"a scheme and spaces":          {"Bearer   ", empty},
		"the scheme twice is no key":   {"Bearer Bearer ixk_test_readwrite", "-"},
		"the key in upper case":        {"Bearer IXK_TEST_READWRITE", "-"},
		"a key in quotes is not it":    {`Bearer "ixk_test_readwrite"`, "-"},
		"the key and one letter more":  {"Bearer ixk_test_readwritex", "-"},
		"the key but for its last one": {"Bearer ixk_test_readwrit", "-"},
	}
	want := find(t, auth.NewKeys("test", ratelimit.Limit{}), auth.InboxOps, auth.ReadWrite).Digest()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refusal := auth.Token(test.header)
			switch test.says {
			case "":
				if refusal != nil || got != want {
					t.Errorf("Token(%q) = %x, %v, want %x", test.header, got, refusal, want)
				}
			case "-": // well formed, and no key of ours
				if refusal != nil || got == want {
					t.Errorf("Token(%q) = %x, %v, want another digest", test.header, got, refusal)
				}
			default:
				checkRefusal(t, refusal, problem.Unauthorized, test.says)
				if refusal != nil && !strings.Contains(refusal.Detail, "send Authorization: Bearer <key>") {
					t.Errorf("%q does not say what to send", refusal.Detail)
				}
			}
		})
	}
}

// checkRefusal holds a refusal against its kind and words; an empty kind
// means that none is wanted.
func checkRefusal(t *testing.T, got *problem.Error, kind problem.Kind, says string) {
	t.Helper()
	if kind == "" {
		if got != nil {
			t.Errorf("refused with %v, want no refusal", got)
		}
		return
	}
	if got == nil {
		t.Errorf("no refusal, want %s: %s", kind, says)
		return
	}
	if got.Kind != kind || !strings.Contains(got.Detail, says) {
		t.Errorf("refused with %v, want %s: ...%s...", got, kind, says)
	}
	if got.Why == "" {
		t.Errorf("%v does not say why", got)
	}
}

func TestKeyRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		service      string
		kind         auth.Kind
		authenticate problem.Kind
		get, post    problem.Kind // of Authorize; HEAD is as GET
		reconnect    bool
	}{
		"a read-write key may do all":           {service: auth.InboxOps, kind: auth.ReadWrite},
		"a read-only key may not write":         {service: auth.InboxOps, kind: auth.ReadOnly, post: problem.InsufficientScope},
		"a revoked key is unauthorized":         {service: auth.InboxOps, kind: auth.Revoked, authenticate: problem.Unauthorized},
		"an unentitled key may do nothing":      {service: auth.InboxOps, kind: auth.Unentitled, get: problem.Forbidden, post: problem.Forbidden},
		"a member may read":                     {service: auth.AppHandoff, kind: auth.Member},
		"an outsider is refused by the project": {service: auth.AppHandoff, kind: auth.Outsider},
		"a revoked member is unauthorized":      {service: auth.AppHandoff, kind: auth.Revoked, authenticate: problem.Unauthorized},
		"a lost link asks to reconnect":         {service: auth.AppHandoff, kind: auth.Reconnect, authenticate: problem.Unauthorized, reconnect: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := find(t, auth.NewKeys("test", ratelimit.Limit{}), test.service, test.kind)
			refusal := key.Authenticate()
			checkRefusal(t, refusal, test.authenticate, "")
			if refusal != nil && refusal.Reconnect != test.reconnect {
				t.Errorf("reconnect = %v, want %v", refusal.Reconnect, test.reconnect)
			}
			checkRefusal(t, key.Authorize("GET"), test.get, "")
			checkRefusal(t, key.Authorize("HEAD"), test.get, "")
			checkRefusal(t, key.Authorize("POST"), test.post, "")
		})
	}
}

func TestOutsiderAccess(t *testing.T) {
	t.Parallel()
	keys := auth.NewKeys("test", ratelimit.Limit{})
	if !find(t, keys, auth.AppHandoff, auth.Outsider).Access().Outsider {
		t.Error("the outsider is none")
	}
	if find(t, keys, auth.AppHandoff, auth.Member).Access().Outsider {
		t.Error("the member is an outsider")
	}
}

func TestKeyAccessChanges(t *testing.T) {
	t.Parallel()
	keys := auth.NewKeys("test", ratelimit.Limit{})
	key := find(t, keys, auth.InboxOps, auth.ReadOnly)
	key.SetAccess(auth.Access{Revoked: true, Unentitled: true})
	checkRefusal(t, key.Authenticate(), problem.Unauthorized, "revoked")
	checkRefusal(t, key.Authorize("GET"), problem.Forbidden, "no API access")
	checkRefusal(t, find(t, keys, auth.InboxOps, auth.ReadWrite).Authenticate(), "", "")
	key.SetAccess(auth.Access{})
	checkRefusal(t, key.Authenticate(), "", "")
	checkRefusal(t, key.Authorize("POST"), "", "")
	key.Reset()
	if diff := cmp.Diff(auth.Access{ReadOnly: true}, key.Access()); diff != "" {
		t.Errorf("access after Reset (-want +got):\n%s", diff)
	}
}

func ExampleToken() {
	_, refusal := auth.Token("Basic dXNlcjpwYXNz")
	fmt.Println(refusal.Kind.Status(), refusal.Detail)
	// Output: 401 The Authorization scheme is not Bearer; send Authorization: Bearer <key>.
}

func TestMask(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]string{
		"":                   "…",
		"ixk_test_a1":        "…",
		"ixk_test_a12":       "ixk_…12",
		"ixk_test_readwrite": "ixk_…te",
		"ключ_тест_один":     "ключ…ин",
		"ключ_тест":          "…", // counted in characters, not bytes
	} {
		if got := auth.Mask(secret); got != want {
			t.Errorf("Mask(%q) = %q, want %q", secret, got, want)
		}
	}
}

// A member of Access that Rights lacks could not be changed, saved or loaded.
func TestRightsAreTheMembersOfAccess(t *testing.T) {
	t.Parallel()
	access := auth.Access{}
	members := reflect.TypeOf(access)
	if members.NumField() != len(auth.Rights) {
		t.Fatalf("%d members, %d rights", members.NumField(), len(auth.Rights))
	}
	for i, right := range auth.Rights {
		if tag := members.Field(i).Tag.Get("json"); tag != right.Name {
			t.Errorf("right %s is member %s", right.Name, tag)
		}
		if *right.Of(&access) = true; !reflect.ValueOf(access).Field(i).Bool() {
			t.Errorf("right %s is another member", right.Name)
		}
	}
}
