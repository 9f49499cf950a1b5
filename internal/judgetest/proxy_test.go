package judgetest_test

import (
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mockdesk/mockdesk/internal/defect"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

var updateSeen = flag.Bool("update-proxy", false, "rewrite testdata/proxy_sees.txt, with -every-defect")

// fronted is a fake with a proxy before it.
type fronted struct {
	judgetest.Fake
	proxy *mockserver.Server
}

// front puts a proxy before a fake, which wrap changes for it.
func front(t *testing.T, wrap wrap) fronted {
	t.Helper()
	var f fronted
	f.Fake = judgetest.New(t, mockserver.Config{}, func(fake http.Handler) http.Handler {
		var err error
		f.proxy, err = mockserver.New(mockserver.Config{Verdict: verdict.OnRequest, Target: &mockserver.Target{
			InboxOps: "http://target.test", Verdict: verdict.OnResponse, Transport: target.Handler(wrap(fake)),
		}})
		if err != nil {
			t.Fatal(err)
		}
		return f.proxy
	})
	return f
}

// Through a proxy the judge finds what it finds without one.
func TestTheJudgeDoesNotMindAProxy(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	f := front(t, unchanged)
	r := judgetest.Run(t, f.Config)
	if r.Counts.Pass != len(scenario.All()) || r.Counts.Pass < 258 {
		t.Errorf("%+v", r.Counts)
	}
	tell(t, r)
	w := f.proxy.Workspace("")
	if n := w.Journal.AnswerViolations(); n > 0 {
		t.Errorf("the proxy finds %d violations in the answers of the fake: %+v", n, w.Journal.Summary().AnswerViolations)
	}
}

// seenFile lists the defects that the proxy sees, a quarter of all, while the judge asks
// about their clauses: those whose answer, by itself, is none that the documents
// have. The others it cannot see, for one of three
// reasons: the rows or their order are those of another query (filters, searches,
// sorts and pages: only a second answer tells); the status and the body are
// documented, but not for this request (a key let in or refused, 404 for what is
// there, a limit); or a text of the right form is not the true one.
const seenFile = "testdata/proxy_sees.txt"

func TestAProxySeesDefectsOfOneExchange(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(seenFile)
	if err != nil && !*updateSeen {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	var mu sync.Mutex
	var seen []string
	t.Run("defects", func(t *testing.T) {
		const some = 16 // a run asks for one of so many
		for _, d := range defect.All() {
			if !*everyDefect && (race.Enabled || !drawn(d.ID+d.Name, some)) {
				continue
			}
			name := d.ID + " " + d.Name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f := front(t, d.Wrap)
				f.Config.Only = []string{d.ID}
				judgetest.Run(t, f.Config)
				sees := f.proxy.Workspace("").Journal.AnswerViolations() > 0
				if listed := slices.Contains(want, name); listed != sees && !*updateSeen {
					t.Errorf("the proxy sees it: %t; it is in %s: %t", sees, seenFile, listed)
				}
				if sees {
					mu.Lock()
					defer mu.Unlock()
					seen = append(seen, name)
				}
			})
		}
	})
	if slices.Sort(seen); *updateSeen && *everyDefect {
		if err := os.WriteFile(seenFile, []byte(strings.Join(seen, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
