package judgetest_test

import (
	"flag"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/defect"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/internal/stranger"
	"github.com/mockdesk/mockdesk/mockserver"
)

// drawn reports whether a name is one of so many that a run asks for: always the
// same ones, whatever others there are.
func drawn(name string, some uint32) bool { return crc32.ChecksumIEEE([]byte(name))%some == 0 }

// everyDefect has each defect judged on both servers, which takes minutes.
var everyDefect = flag.Bool("every-defect", false, "judge every defect before both servers")

// server is what makes a Config that judges a server as wrap changes it.
type server func(t *testing.T, wrap wrap) conformance.Config

// servers are what a defect is put before: the fake, and the second
// implementation in both dialects of errors, as some defects show in one alone.
var servers = map[string][]server{
	"fake": {func(t *testing.T, wrap wrap) conformance.Config {
		return judgetest.New(t, mockserver.Config{}, wrap).Config
	}},
	"stranger": {limitedStranger(stranger.Options{}), limitedStranger(stranger.Options{Dialect: "sample"})},
}

// wrapOf is the defect with the name.
func wrapOf(t *testing.T, name string) wrap {
	t.Helper()
	for _, d := range defect.All() {
		if d.Name == name {
			return d.Wrap
		}
	}
	t.Fatalf("there is no defect %q", name)
	return nil
}

// unchanged changes nothing.
func unchanged(server http.Handler) http.Handler { return server }

// limitedStranger judges the second implementation with a key of a workspace
// that may be driven into its limit, of five requests unless the options say another.
func limitedStranger(o stranger.Options) server {
	return func(t *testing.T, wrap wrap) conformance.Config {
		t.Helper()
		keys := target.Keys{}
		o.Seed = 1
		c := strange(t, o, func(next http.Handler) http.Handler {
			s := next.(*stranger.Server)
			keys[target.Limited], keys[target.MemberLimited] = s.Key("limited"), s.Key("member-limited")
			return wrap(next)
		})
		c.Keys, c.Burst = keys, 8
		return c
	}
}

func TestEveryDefectIsSeenOnBothServers(t *testing.T) {
	t.Parallel()
	const some = 48 // a run judges one of so many
	for _, d := range defect.All() {
		if !*everyDefect && (race.Enabled || !drawn(d.ID+d.Name, some)) {
			continue
		}
		for name, configs := range servers {
			t.Run(d.ID+" "+d.Name+", "+name, func(t *testing.T) {
				t.Parallel()
				why := unseen[name][d.ID+" "+d.Name]
				if why != "" && !*everyDefect {
					t.Skip("it is not seen: " + why)
				}
				seen := slices.ContainsFunc(configs, func(config server) bool {
					c := config(t, d.Wrap)
					if !*everyDefect {
						c.MaxRequests = 1200 // the rest of the plan is for the whole set
					}
					return judgetest.Run(t, c).Counts.Fail > 0
				})
				if seen == (why != "") {
					t.Errorf("a clause fails: %t; why it is not seen: %q", seen, why)
				}
			})
		}
	}
}

// What is not seen has to be there, or a defect that was renamed would be
// left out.
func TestWhatIsNotSeenIsADefect(t *testing.T) {
	t.Parallel()
	for server, names := range unseen {
		for name := range names {
			if !slices.ContainsFunc(defect.All(), func(d defect.Defect) bool { return d.ID+" "+d.Name == name }) {
				t.Errorf("%s: there is no defect %q", server, name)
			}
		}
	}
}

// Planned questions come late, when few requests are left: what they find has
// to be found again for all that.
func TestWhatIsFoundLateIsNotLetGo(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for _, d := range defect.All() {
		if d.ID != "IO-TICKET-18" || !d.Conditional {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			if got := failed(judgetest.Run(t, servers["stranger"][0](t, d.Wrap))); !strings.Contains(got, d.ID) {
				t.Errorf("failed: %q, want %s among them", got, d.ID)
			}
		})
	}
}

// A meta that is wrong is one failure, and no reason to ask nothing further.
func TestAWrongMetaDoesNotEndThePlan(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	wrap := judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.URL.Path == list && w.Code == http.StatusOK {
			edit(w, func(body map[string]any) { body["meta"].(map[string]any)["per_page"] = 7 })
		}
	})
	c := judgetest.New(t, mockserver.Config{}, wrap).Config
	c.MaxRequests = 1100 // what failed is asked again
	r := judgetest.Run(t, c)
	if got := failed(r); got != "IO-LIST-TICKETS-52" {
		t.Errorf("failed: %q, want IO-LIST-TICKETS-52", got)
	}
	for _, result := range r.Results {
		if result.Outcome == scenario.Skip {
			t.Errorf("%s is skipped: %s", result.Clause.ID, result.Reason)
		}
	}
}
