package fault_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

func TestParsePrefer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		want    fault.Prefer
		applied string
	}{
		"no header asks for nothing":         {nil, fault.Prefer{}, ""},
		"an empty header asks for nothing":   {[]string{""}, fault.Prefer{}, ""},
		"a status":                           {[]string{"code=429"}, fault.Prefer{Code: "429"}, "code=429"},
		"a problem code":                     {[]string{"code=insufficient_scope"}, fault.Prefer{Code: "insufficient_scope"}, "code=insufficient_scope"},
		"a status and how long to wait":      {[]string{"code=429, retry-after=3"}, fault.Prefer{Code: "429", RetryAfter: 3}, "code=429, retry-after=3"},
		"the wait may come first":            {[]string{"retry-after=3,code=429"}, fault.Prefer{Code: "429", RetryAfter: 3}, "retry-after=3, code=429"},
		"the longest wait":                   {[]string{"code=429, retry-after=86400"}, fault.Prefer{Code: "429", RetryAfter: 86400}, "code=429, retry-after=86400"},
		"a delay":                            {[]string{"delay=250ms"}, fault.Prefer{Delay: 250 * time.Millisecond}, "delay=250ms"},
		"no delay":                           {[]string{"delay=0s"}, fault.Prefer{}, "delay=0s"},
		"the longest delay":                  {[]string{"delay=1m"}, fault.Prefer{Delay: time.Minute}, "delay=1m"},
		"the samples' dialect":               {[]string{"error-format=sample"}, fault.Prefer{ErrorFormat: "sample"}, "error-format=sample"},
		"the prose's dialect":                {[]string{"error-format=problem"}, fault.Prefer{ErrorFormat: "problem"}, "error-format=problem"},
		"several headers are one list":       {[]string{"code=503", "delay=1s"}, fault.Prefer{Code: "503", Delay: time.Second}, "code=503, delay=1s"},
		"names have no case":                 {[]string{"Code=500, DELAY=1s"}, fault.Prefer{Code: "500", Delay: time.Second}, "code=500, delay=1s"},
		"blanks around a name and value":     {[]string{" code = 404 , delay = 1s "}, fault.Prefer{Code: "404", Delay: time.Second}, "code=404, delay=1s"},
		"a quoted value":                     {[]string{`code="404"`}, fault.Prefer{Code: "404"}, "code=404"},
		"parameters of a preference":         {[]string{"code=404; foo=bar"}, fault.Prefer{Code: "404"}, "code=404"},
		"unknown preferences are ignored":    {[]string{"respond-async, wait=10, code=500, return=minimal"}, fault.Prefer{Code: "500"}, "code=500"},
		"only unknown preferences":           {[]string{"respond-async"}, fault.Prefer{}, ""},
		"empty items":                        {[]string{",, code=500,,"}, fault.Prefer{Code: "500"}, "code=500"},
		"a word that only starts like a one": {[]string{"codex=500"}, fault.Prefer{}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refusal := fault.ParsePrefer(test.headers)
			if refusal != nil {
				t.Fatalf("ParsePrefer(%q): %v", test.headers, refusal)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(fault.Prefer{})); diff != "" {
				t.Errorf("ParsePrefer(%q) (-want +got):\n%s", test.headers, diff)
			}
			if got.Applied() != test.applied {
				t.Errorf("Applied() = %q, want %q", got.Applied(), test.applied)
			}
		})
	}
}

func TestParsePreferRefuses(t *testing.T) {
	t.Parallel()
	const seconds = "is not a whole number of seconds from 0 to 86400"
	const duration = "is not a duration from 0s to 1m0s, such as 250ms"
	tests := map[string]struct {
		header string
		want   []string // messages, in order
	}{
		"an empty code":               {"code=", []string{"code=: is empty; give a status or a problem code, such as code=429"}},
		"a code without a value":      {"code", []string{"code=: is empty; give a status or a problem code, such as code=429"}},
		"a wait below zero":           {"code=429, retry-after=-1", []string{"retry-after=-1: " + seconds}},
		"a negative wait":             {"code=429, retry-after=-1", []string{"retry-after=-1: " + seconds}},
		"a wait of over a day":        {"code=429, retry-after=86401", []string{"retry-after=86401: " + seconds}},
		"a wait that is no number":    {"code=429, retry-after=soon", []string{"retry-after=soon: " + seconds}},
		"a wait with a unit":          {"code=429, retry-after=3s", []string{"retry-after=3s: " + seconds}},
		"a wait without a code":       {"retry-after=3", []string{"retry-after needs a code, such as: code=429, retry-after=3"}},
		"a delay without a unit":      {"delay=3", []string{"delay=3: " + duration}},
		"an empty delay":              {"delay=", []string{"delay=: " + duration}},
		"a negative delay":            {"delay=-1s", []string{"delay=-1s: " + duration}},
		"a delay of over a minute":    {"delay=1m1ms", []string{"delay=1m1ms: " + duration}},
		"an unknown dialect":          {"error-format=xml", []string{"error-format=xml: is not a format; give problem or sample"}},
		"all that is wrong, in order": {"delay=x, retry-after=y", []string{"delay=x: " + duration, "retry-after=y: " + seconds}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, refusal := fault.ParsePrefer([]string{test.header})
			if refusal == nil {
				t.Fatalf("ParsePrefer(%q) refused nothing", test.header)
			}
			if refusal.Kind != problem.BadRequest {
				t.Errorf("refused with %s, want %s", refusal.Kind, problem.BadRequest)
			}
			var got []string
			for _, field := range refusal.Fields {
				if field.Name != "Prefer" {
					t.Errorf("the refusal names %q, want Prefer", field.Name)
				}
				got = append(got, field.Message)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

// generic is a vendor whose words are the kinds.
type generic struct{}

func (generic) Code(kind problem.Kind) string { return string(kind) }

// A vendor's own words can be asked for and are those that are listed, but the
// kinds can be asked for too.
func TestPreferEffectInTheWordsOfTheVendor(t *testing.T) {
	t.Parallel()
	listed := []problem.Kind{problem.Unauthorized, problem.RateLimited}
	for _, code := range []string{"401", "UNAUTHENTICATED", "401-UNAUTHENTICATED", "unauthorized", "401-unauthorized"} {
		effect, refusal := parse(t, "code="+code).Effect(listed, apphandoff.Service{})
		if refusal != nil || effect.Refuse.Kind != problem.Unauthorized {
			t.Errorf("code=%s: %+v, %v", code, effect, refusal)
		}
	}
	for _, code := range []string{"UNAUTHORIZED", "429-UNAUTHENTICATED", "NOT_FOUND"} {
		_, refusal := parse(t, "code="+code).Effect(listed, apphandoff.Service{})
		want := "Prefer: code=" + code + " is not an answer this operation lists; it lists 401 (UNAUTHENTICATED), 429 (RATE_LIMITED)"
		if refusal == nil || refusal.Detail != want {
			t.Errorf("got  %v\nwant %s", refusal, want)
		}
	}
}

func TestPreferDrop(t *testing.T) {
	t.Parallel()
	prefer := parse(t, "error-format=sample, delay=1s")
	prefer.Drop("error-format")
	if got := prefer.Applied(); got != "delay=1s" {
		t.Errorf("applied %q without error-format", got)
	}
}

func TestPreferEffect(t *testing.T) {
	t.Parallel()
	all := problem.Kinds()
	asked := func(code string) []problem.Field {
		return []problem.Field{{Name: "Prefer", Message: "code=" + code + " was asked for"}}
	}
	refusal := func(kind problem.Kind, code string, retryAfter int, fields []problem.Field) *problem.Error {
		detail := kind.Detail()
		if len(fields) > 0 {
			detail = fields[0].Name + ": " + fields[0].Message
		}
		var wait *int
		if retryAfter >= 0 {
			wait = &retryAfter
		}
		return &problem.Error{Kind: kind, Detail: detail, RetryAfter: wait, Fields: fields, Why: "Prefer: code=" + code}
	}
	tests := map[string]struct {
		prefer string
		listed []problem.Kind
		want   fault.Effect
	}{
		"nothing asked for, nothing done": {"", all, fault.Effect{}},
		"a delay alone lets the request pass": {
			"delay=250ms", all, fault.Effect{Delay: 250 * time.Millisecond},
		},
		"a delay needs no listed answer": {
			"delay=1s", nil, fault.Effect{Delay: time.Second},
		},
		"a delay comes before a refusal": {
			"delay=1s, code=404", all, fault.Effect{Delay: time.Second, Refuse: refusal(problem.NotFound, "404", -1, nil)},
		},
		"a wait of no time": {
			"code=429, retry-after=0", all, fault.Effect{Refuse: refusal(problem.RateLimited, "429", 0, nil)},
		},
		"a 429 without a wait gets the documented one": {
			"code=429", all, fault.Effect{Refuse: refusal(problem.RateLimited, "429", 60, nil)},
		},
		"a 429 gets the wait asked for": {
			"code=429, retry-after=3", all, fault.Effect{Refuse: refusal(problem.RateLimited, "429", 3, nil)},
		},
		"a 503 waits only when asked": {
			"code=503", all, fault.Effect{Refuse: refusal(problem.Unavailable, "503", -1, nil)},
		},
		"a 503 gets the wait asked for": {
			"code=503, retry-after=7", all, fault.Effect{Refuse: refusal(problem.Unavailable, "503", 7, nil)},
		},
		"a 400 names the header": {
			"code=400", all, fault.Effect{Refuse: refusal(problem.BadRequest, "400", -1, asked("400"))},
		},
		"a bare status is its usual kind": {
			"code=403", all, fault.Effect{Refuse: refusal(problem.Forbidden, "403", -1, nil)},
		},
		"a bare status is the first listed kind of it": {
			"code=403",
			[]problem.Kind{problem.NotFound, problem.InsufficientScope},
			fault.Effect{Refuse: refusal(problem.InsufficientScope, "403", -1, nil)},
		},
		"a problem code selects its kind": {
			"code=insufficient_scope", all, fault.Effect{Refuse: refusal(problem.InsufficientScope, "insufficient_scope", -1, nil)},
		},
		"a status with a problem code selects its kind": {
			"code=403-insufficient_scope", all,
			fault.Effect{Refuse: refusal(problem.InsufficientScope, "403-insufficient_scope", -1, nil)},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refusal := parse(t, test.prefer).Effect(test.listed, generic{})
			if refusal != nil {
				t.Fatalf("Effect: %v", refusal)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Effect (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPreferEffectRefusesWhatIsNotListed(t *testing.T) {
	t.Parallel()
	listed := []problem.Kind{problem.Unauthorized, problem.RateLimited}
	for name, code := range map[string]string{
		"a status that is not listed":       "404",
		"a kind that is not listed":         "not_found",
		"a status that does not exist":      "999",
		"a kind under another status":       "429-unauthorized",
		"a success":                         "200",
		"a kind in upper case":              "UNAUTHORIZED",
		"a status with a kind and one more": "401-unauthorized-x",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			effect, refusal := parse(t, "delay=1s, code="+code).Effect(listed, generic{})
			want := problem.Invalid(problem.Field{
				Name:    "Prefer",
				Message: "code=" + code + " is not an answer this operation lists; it lists 401 (unauthorized), 429 (rate_limit_exceeded)",
			})
			if diff := cmp.Diff(want, refusal); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(fault.Effect{}, effect); diff != "" {
				t.Errorf("effect beside the refusal (-want +got):\n%s", diff)
			}
		})
	}
}

// parse reads one header that must be right.
func parse(t *testing.T, header string) fault.Prefer {
	t.Helper()
	prefer, refusal := fault.ParsePrefer([]string{header})
	if refusal != nil {
		t.Fatalf("ParsePrefer(%q): %v", header, refusal)
	}
	return prefer
}

func ExampleParsePrefer() {
	prefer, refusal := fault.ParsePrefer([]string{"code=429, retry-after=3", "respond-async"})
	if refusal != nil {
		panic(refusal)
	}
	effect, refusal := prefer.Effect([]problem.Kind{problem.Unauthorized, problem.RateLimited}, inboxops.Service{})
	if refusal != nil {
		panic(refusal)
	}
	fmt.Println(effect.Refuse.Kind.Status(), *effect.Refuse.RetryAfter)
	fmt.Println(prefer.Applied())
	// Output:
	// 429 3
	// code=429, retry-after=3
}

func FuzzParsePrefer(f *testing.F) {
	for _, seed := range []string{
		"", "code=429, retry-after=3", `code="403-insufficient_scope"; a=b`, "delay=500ms,error-format=sample",
		"respond-async, wait=10", "retry-after=3", "code=,delay=1h,error-format=xml", "CODE = not_found ,,;=\"",
	} {
		f.Add(seed, "")
	}
	f.Add("code=500", "delay=1s")
	f.Fuzz(func(t *testing.T, one, two string) {
		prefer, refusal := fault.ParsePrefer([]string{one, two})
		if refusal != nil {
			checkInvalid(t, refusal)
			return
		}
		if prefer.Delay < 0 || prefer.Delay > fault.MaxDelay {
			t.Errorf("delay %v was let through", prefer.Delay)
		}
		if prefer.RetryAfter < fault.NoWait || prefer.RetryAfter > fault.MaxRetryAfter {
			t.Errorf("retry-after %d was let through", prefer.RetryAfter)
		}
		if prefer.RetryAfter != 0 && prefer.Code == "" {
			t.Error("retry-after without a code was let through")
		}
		effect, refusal := prefer.Effect(problem.Kinds(), generic{})
		switch {
		case refusal != nil:
			checkInvalid(t, refusal)
		case (effect.Refuse != nil) != (prefer.Code != ""):
			t.Errorf("code %q has the effect %v", prefer.Code, effect.Refuse)
		case effect.Refuse != nil && effect.Refuse.Kind == problem.RateLimited && effect.Refuse.RetryAfter == nil:
			t.Error("a 429 without a wait")
		}
	})
}

// checkInvalid holds a refusal to naming the header.
func checkInvalid(t *testing.T, refusal *problem.Error) {
	t.Helper()
	if refusal.Kind != problem.BadRequest || len(refusal.Fields) == 0 {
		t.Fatalf("refused with %+v, want a bad request that names a field", refusal)
	}
	for _, field := range refusal.Fields {
		if field.Name != "Prefer" || strings.TrimSpace(field.Message) == "" {
			t.Errorf("the refusal says %+v", field)
		}
	}
}
