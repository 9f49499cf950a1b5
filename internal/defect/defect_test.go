package defect_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/defect"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/internal/stranger"
)

// run sends the calls to a server, which next may stand before, and hands each answer to see until that says no.
func run(o stranger.Options, list, thread bool, before func(http.Handler) http.Handler, see func(i int, c call, a answer) bool) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	o.Tickets = 30
	o.Now = func() time.Time { return now }
	s := stranger.New(o)
	w, err := facts.Parse(s.Facts())
	if err != nil {
		panic(err)
	}
	calls := requests(s, w, list, thread)
	h := before(s)
	for i, c := range calls {
		if c.line == "wait" {
			now = now.Add(time.Minute)
			continue
		}
		method, target, _ := strings.Cut(c.line, " ")
		r := httptest.NewRequest(method, target, strings.NewReader(c.body))
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/json")
		}
		if c.media != "" {
			r.Header.Set("Content-Type", c.media)
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if !see(i, c, read(rec)) {
			return
		}
	}
}

// answer is what a client can tell apart.
type answer struct {
	status, kind, retry, allow, body string
}

func read(w *httptest.ResponseRecorder) answer {
	h := w.Header()
	return answer{fmt.Sprint(w.Code), h.Get("Content-Type"), h.Get("Retry-After"), h.Get("Allow"), w.Body.String()}
}

// equal reports whether two answers say the same; white space and the order of members say nothing.
func equal(a, b answer) bool {
	if a == b {
		return true
	}
	one, isJSON := decode(a.body)
	two, alsoJSON := decode(b.body)
	a.body, b.body = "", ""
	return a == b && isJSON && alsoJSON && reflect.DeepEqual(one, two)
}

func decode(text string) (value any, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	err := d.Decode(&value)
	return value, err == nil
}

func nothing(next http.Handler) http.Handler { return next }

// runs are the servers the defects are put before: a plain one, one with the samples' errors, one with a limit.
var runs = []struct {
	options      stranger.Options
	list, thread bool
}{
	{stranger.Options{}, false, false},
	{stranger.Options{}, true, false},
	{stranger.Options{}, false, true},
	{stranger.Options{Dialect: "sample", FieldsInRows: true, EmptyIsNone: true}, false, false},
	{stranger.Options{Limit: 9}, false, true},
}

// answers are those of each run without a defect.
func answers(t *testing.T) [][]answer {
	t.Helper()
	all := make([][]answer, len(runs))
	for n, r := range runs {
		run(r.options, r.list, r.thread, nothing, func(i int, _ call, a answer) bool {
			for len(all[n]) <= i {
				all[n] = append(all[n], answer{})
			}
			all[n][i] = a
			return true
		})
	}
	return all
}

// share is how many defects one stands for under the race detector.
const share = 40

// Every defect shows: with it, one request of the runs gets another answer.
func TestEveryDefectShows(t *testing.T) {
	t.Parallel()
	want := answers(t)
	for i, d := range defect.All() {
		if race.Enabled && i%share != 0 {
			continue
		}
		t.Run(d.ID+" "+d.Name, func(t *testing.T) {
			t.Parallel()
			if shows(d, want) == "" {
				t.Error("no request shows it")
			}
		})
	}
}

// shows returns the first request whose answer the defect changes.
func shows(d defect.Defect, want [][]answer) string {
	found := ""
	for n, r := range runs {
		isList := strings.HasPrefix(d.ID, "IO-LIST-TICKETS") || strings.HasPrefix(d.ID, "IO-CF") || strings.HasPrefix(d.ID, "IO-TICKET")
		if found != "" || isList != r.list || r.thread != strings.HasPrefix(d.ID, "AH-") {
			continue
		}
		run(r.options, r.list, r.thread, d.Wrap, func(i int, c call, a answer) bool {
			if !equal(a, want[n][i]) {
				found = fmt.Sprintf("run %d: %s %s", n, c.line, c.body)
			}
			return found == ""
		})
	}
	return found
}

// A defect changes nothing of the other service, whose answers are written anew all the same.
func TestTheOtherServiceIsLeftAlone(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	want := answers(t)
	for _, name := range []string{"the newest message is first", "a refused note is stored"} {
		for _, d := range defect.All() {
			for n, r := range runs {
				if d.Name != name || r.thread == strings.HasPrefix(d.ID, "AH-") {
					continue
				}
				run(r.options, r.list, r.thread, d.Wrap, func(i int, c call, a answer) bool {
					if !equal(a, want[n][i]) {
						t.Errorf("%s: run %d: %s %s", name, n, c.line, c.body)
					}
					return !t.Failed()
				})
			}
		}
	}
}

// The catalogue is large enough, half of it conditional, and each entry is itself.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	conditional := 0
	for _, d := range defect.All() {
		if key := d.ID + d.Name; seen[key] {
			t.Errorf("%s %s stands twice", d.ID, d.Name)
		} else {
			seen[key] = true
		}
		if d.Conditional {
			conditional++
		}
	}
	if len(seen) < 300 || conditional*2 < len(seen) {
		t.Errorf("%d defects, %d conditional", len(seen), conditional)
	}
}

// What a defect rewrites keeps numbers to the last digit, and the length it states is the length it has.
func TestNumbersAndLengths(t *testing.T) {
	t.Parallel()
	inner := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"data": [{"ticket_number": 9007199254740993, "subject": "<&>"}], "meta": {"page": 1, "per_page": 20, "total": 1}}`))
	})
	for _, d := range defect.All() {
		if d.Name != "priority is null" {
			continue
		}
		w := httptest.NewRecorder()
		d.Wrap(inner).ServeHTTP(w, httptest.NewRequest("GET", tickets, nil))
		if got := w.Body.String(); !strings.Contains(got, "9007199254740993") || !strings.Contains(got, "<&>") || !strings.Contains(got, `"priority":null`) {
			t.Errorf("the body is %s", got)
		}
		if got := w.Header().Get("Content-Length"); got != fmt.Sprint(w.Body.Len()) {
			t.Errorf("Content-Length is %s of %d", got, w.Body.Len())
		}
		return
	}
	t.Error("the defect is missing")
}
