package conformance_test

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// outcomes counts the results of an API by outcome.
func outcomes(r conformance.Report, api clause.API) map[scenario.Outcome]int {
	n := map[scenario.Outcome]int{}
	for _, result := range r.Results {
		if result.Clause.API == api {
			n[result.Outcome]++
		}
	}
	return n
}

// after calls then when so many requests have come, and hands all on.
func after(requests int, then func(), h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests--; requests == 0 {
			then()
		}
		h.ServeHTTP(w, r)
	})
}

func TestARunThatIsCutShortIsNotGreen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stub     *stub
		requests int  // that may be sent
		stop     int  // the request at which the run is stopped
		late     bool // it is the time that is over then
		want     string
		exit     int
	}{
		"in the first request":          {&stub{}, 0, 1, false, "the run was stopped", 3},
		"in the middle":                 {&stub{}, 0, 8, false, "the run was stopped", 3},
		"when its time is over":         {&stub{}, 0, 8, true, "the time for the run was over", 3},
		"when its requests are used":    {&stub{}, 8, 0, false, "all 8 requests of the run are used; hint: --max-requests " + strconv.Itoa(target.DefaultMaxRequests), 3},
		"after a failure":               {&stub{openList: true}, 0, 8, false, "the run was stopped", 1},
		"before a failure was repeated": {&stub{openList: true}, 8, 0, false, "all 8 requests of the run are used; hint: --max-requests " + strconv.Itoa(target.DefaultMaxRequests), 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			if tc.late {
				late, end := context.WithDeadline(t.Context(), time.Unix(0, 0))
				defer end()
				ctx = turned{ctx, late}
			}
			c := stubConfig(after(tc.stop, stop, tc.stub))
			c.MaxRequests = tc.requests
			r, err := conformance.Run(ctx, c)
			if err != nil || r.CutShort != tc.want || r.ExitCode() != tc.exit {
				t.Errorf("%v, cut short %q, want %q, exit code %d, want %d, %+v", err, r.CutShort, tc.want, r.ExitCode(), tc.exit, r.Counts)
			}
			if r.Counts.NotRun == 0 || r.Unjudged() != "cut short: "+tc.want {
				t.Errorf("%d not run, %q", r.Counts.NotRun, r.Unjudged())
			}
		})
	}
}

// TestTheLastRequestIsNotOneTooFew allows what a run needs and no more.
func TestTheLastRequestIsNotOneTooFew(t *testing.T) {
	t.Parallel()
	c := stubConfig(&stub{})
	c.MaxRequests = run(t, c).Requests
	c.Transport = target.Handler(&stub{})
	if r := run(t, c); r.CutShort != "" || r.ExitCode() != conformance.ExitOK {
		t.Errorf("cut short %q, exit code %d", r.CutShort, r.ExitCode())
	}
}

// turned is a context that ends like another once it is done.
type turned struct {
	context.Context
	like context.Context
}

func (c turned) Err() error {
	if c.Context.Err() == nil {
		return nil
	}
	return c.like.Err()
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// TestTheOtherServiceIsNotThere judges an InboxOps that is well beside an
// AppHandoff whose key was given and that is not.
func TestTheOtherServiceIsNotThere(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handoff http.HandlerFunc // nil answers nothing
		words   string           // a part of the headline
		exit    int
		fail    int // clauses of AppHandoff
	}{
		"nobody listens": {nil, "does not answer", 3, 0},
		"a page instead": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, "there is no AppHandoff: ", 1, 1},
		"broken inside":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, "AppHandoff does not work: ", 1, 1},
		"another world": {
			func(w http.ResponseWriter, _ *http.Request) { answer(w, 404, "application/json", map[string]any{}) },
			"AppHandoff does not know the ticket of the facts: ", 1, 1,
		},
		"the key is refused": {
			func(w http.ResponseWriter, _ *http.Request) { answer(w, 401, "application/json", map[string]any{}) },
			"the target refuses the key $MOCKDESK_APPHANDOFF_KEY: ", 1, 1,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inboxOps := &stub{}
			c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Host != "handoff.test" && r.Host != "handoff.test":
					inboxOps.ServeHTTP(w, r)
				case tc.handoff == nil:
					panic(http.ErrAbortHandler)
				default:
					tc.handoff(w, r)
				}
			}))
			c.AppHandoffURL = "http://handoff.test"
			c.Keys[target.Member] = "ah_k_member"
			c.Only = []string{"IO-AUTH-0[1-3]", "AH-LIST-*"}
			c.Facts = &facts.Facts{AppHandoff: facts.AppHandoff{Projects: []facts.Project{{ID: "p", Tickets: []facts.Handoff{{ID: "1"}}}}}}
			r := run(t, c)
			got := outcomes(r, clause.AppHandoff)
			if r.ExitCode() != tc.exit || !strings.Contains(r.Headline, tc.words) || got[scenario.Fail] != tc.fail || got[scenario.Skip] > 0 {
				t.Errorf("exit code %d, want %d; AppHandoff %v; %s", r.ExitCode(), tc.exit, got, r.Headline)
			}
			if got := outcomes(r, clause.InboxOps); got[scenario.Pass] != 3 {
				t.Errorf("InboxOps %v", got)
			}
		})
	}
}

// TestWithoutFactsTheOtherServiceIsThereAllTheSame judges an InboxOps that is
// well beside something whose key was given, with no ticket of it.
func TestWithoutFactsTheOtherServiceIsThereAllTheSame(t *testing.T) {
	t.Parallel()
	says := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	fails := map[scenario.Outcome]int{scenario.Fail: 1, scenario.NotRun: 1}
	skips := map[scenario.Outcome]int{scenario.Skip: 2}
	tests := map[string]struct {
		handoff http.HandlerFunc
		words   string // the beginning of the headline
		want    map[scenario.Outcome]int
		exit    int
	}{
		"it knows no such ticket":          {says(404, `{"error":"no such project"}`), "", skips, 0},
		"it keeps the key out":             {says(403, `{"error":"not a member"}`), "", skips, 0},
		"it has such a ticket":             {says(200, `{"messages":[]}`), "", skips, 0},
		"it refuses the key":               {says(401, `{"error":"who?"}`), "the target refuses the key $MOCKDESK_APPHANDOFF_KEY: GET http://handoff.test/api/projects/", fails, 1},
		"a page instead":                   {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, "there is no AppHandoff: ", fails, 1},
		"another protocol":                 {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(101) }, "there is no AppHandoff: ", fails, 1},
		"broken inside":                    {says(500, `{"error":"x"}`), "AppHandoff does not work: ", fails, 1},
		"a 404 of somebody else":           {says(404, `{}`), "there is no AppHandoff: ", fails, 1},
		"a 404 that is no JSON":            {http.NotFound, "there is no AppHandoff: ", fails, 1},
		"a 403 of somebody else":           {says(403, `{"error":null}`), "there is no AppHandoff: ", fails, 1},
		"a list of something else":         {says(200, `[]`), "there is no AppHandoff: ", fails, 1},
		"an object of something else":      {says(200, `{"error":"x"}`), "there is no AppHandoff: ", fails, 1},
		"a refusal for some other reason":  {says(402, `{"error":"x"}`), "there is no AppHandoff: ", fails, 1},
		"nobody answers, which is no fail": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "http://handoff.test/api does not answer: ", map[scenario.Outcome]int{scenario.NotRun: 2}, 3},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inboxOps := &stub{}
			c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Host == "stub.test" {
					inboxOps.ServeHTTP(w, r)
					return
				}
				tc.handoff(w, r)
			}))
			c.AppHandoffURL, c.Keys[target.Member] = "http://handoff.test", "ah_k_member"
			c.Only = []string{"IO-AUTH-0[1-3]", "AH-LIST-MSG-0[1-2]"}
			r := run(t, c)
			if d := cmp.Diff(tc.want, outcomes(r, clause.AppHandoff)); d != "" || r.ExitCode() != tc.exit {
				t.Errorf("exit code %d, want %d; AppHandoff (-want +got):\n%s", r.ExitCode(), tc.exit, d)
			}
			if !strings.HasPrefix(r.Headline, tc.words) || tc.words == "" && r.Headline != "" {
				t.Errorf("headline %q, want %q", r.Headline, tc.words)
			}
		})
	}
}

// TestWhatLacksTheListIsNotTheService has a target that keeps all the selected
// clauses, and whose list is none.
func TestWhatLacksTheListIsNotTheService(t *testing.T) {
	t.Parallel()
	c := stubConfig(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusUnauthorized
		if r.Header.Get("Authorization") == "Bearer "+stubKey {
			status = http.StatusOK
		}
		answer(w, status, "application/json", map[string]any{})
	}))
	c.Only = []string{"IO-AUTH-0[1-3]", "IO-TICKET-*"}
	r := run(t, c)
	if r.ExitCode() != conformance.ExitFailed || r.Counts.Fail != 1 || r.Results[0].Outcome != scenario.Fail {
		t.Errorf("exit code %d, %+v, %+v", r.ExitCode(), r.Counts, r.Results[0])
	}
}

func TestWhatIsRequiredHasToBeJudged(t *testing.T) {
	t.Parallel()
	untried := strings.Fields("IO-AUTH-10 IO-AUTH-11 IO-AUTH-12 IO-AUTH-13 IO-AUTH-14 IO-AUTH-15 IO-AUTH-16 IO-AUTH-17 IO-AUTH-18 IO-AUTH-19")
	tests := map[string]struct {
		require []string
		change  func(*conformance.Config)
		want    string
		exit    int
	}{
		"what was judged":        {[]string{"IO-AUTH-01", "io-auth-0[2-3]"}, nil, "", 0},
		"what was skipped":       {[]string{"IO-AUTH-*", "IO-ERR-*"}, nil, "required but not judged: IO-ERR-05", 1},
		"what was not run":       {[]string{"IO-AUTH-1*"}, func(c *conformance.Config) { c.MaxRequests = 14 }, "required but not judged: " + strings.Join(untried, " "), 1},
		"nobody is there":        {[]string{"IO-AUTH-01"}, func(c *conformance.Config) { c.BaseURL, c.Transport = nobody(t), nil }, "required but not judged: IO-AUTH-01", 1},
		"what failed was judged": {[]string{"IO-AUTH-02"}, func(c *conformance.Config) { c.Transport = target.Handler(&stub{openList: true}) }, "8 clauses failed", 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := stubConfig(&stub{})
			c.Require = tc.require
			if tc.change != nil {
				tc.change(&c)
			}
			r := run(t, c)
			if r.Failed() != tc.want || r.ExitCode() != tc.exit {
				t.Errorf("%q, want %q; exit code %d, want %d", r.Failed(), tc.want, r.ExitCode(), tc.exit)
			}
		})
	}
}

func TestGapsNameTheGroupsThatWereNotJudged(t *testing.T) {
	t.Parallel()
	c := stubConfig(&stub{})
	c.Write, c.Only = false, []string{"IO-AUTH-*", "IO-RATE-*", "IO-ERR-0[1-4]"}
	got := run(t, c).Gaps()
	if len(got) != 2 || got[0].NotJudged == 0 || got[0].NotJudged >= got[0].Of || strings.Join(got[0].Unlock, "; ") != "--write" ||
		got[1].NotJudged != got[1].Of || !strings.Contains(strings.Join(got[1].Unlock, "; "), "--burst") {
		t.Errorf("got %+v", got)
	}
}
