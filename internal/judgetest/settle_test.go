package judgetest_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// slowStore shows each note two seconds after it was stored.
func slowStore(now *func() time.Time) wrap {
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.Method != http.MethodGet || !isMessages(r) || w.Code != http.StatusOK {
			return
		}
		edit(w, func(body map[string]any) {
			body["data"] = slices.DeleteFunc(body["data"].([]any), func(row any) bool {
				at, err := time.Parse(time.RFC3339, row.(map[string]any)["created_at"].(string))
				return err == nil && at.After((*now)().Add(-2*time.Second))
			})
		})
	})
}

func TestSettle(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	for name, tc := range map[string]struct {
		settle time.Duration
		failed string
	}{
		"a store that is slower than it may be":  {0, "IO-POST-MSG-02"},
		"a store that may take that long":        {5 * time.Second, ""},
		"a store that has to show notes at once": {-1, "IO-POST-MSG-02"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now func() time.Time
			c := judgetest.New(t, mockserver.Config{}, slowStore(&now)).Config
			now, c.Settle, c.MaxRequests = c.Now, tc.settle, 1500
			r := judgetest.Run(t, c)
			if got := failed(r); !strings.Contains(got, tc.failed) || tc.failed == "" && got != "" {
				t.Errorf("failed: %q, want %q", got, tc.failed)
			}
			if said := strings.Contains(strings.Join(r.Notes, " "), "--settle"); said != (tc.failed == "") {
				t.Errorf("notes %q: one about --settle: %t", r.Notes, said)
			}
		})
	}
}

// A gateway may add a request id of its own.
func TestTwoRequestIDs(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	r := judgetest.Run(t, judgetest.New(t, mockserver.Config{}, judgetest.Change(nil, func(_ *http.Request, w *httptest.ResponseRecorder) {
		w.Header()["X-Request-Id"] = append([]string{"gateway-1"}, w.Header().Values("X-Request-Id")...)
	})).Config)
	if got := failed(r); got != "" {
		t.Errorf("failed: %s, want nothing", got)
	}
}

// Which tags a ticket has is known from the facts alone.
func TestTagsThatFindOtherTickets(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	var tags []string
	c := judgetest.New(t, mockserver.Config{}, judgetest.Change(func(r *http.Request) {
		q := r.URL.Query()
		asked := strings.Split(q.Get("tag_ids"), ",")
		for i, id := range asked {
			if at := slices.Index(tags, id); at >= 0 {
				asked[i] = tags[(at+1)%len(tags)]
			}
		}
		if q.Has("tag_ids") {
			q.Set("tag_ids", strings.Join(asked, ","))
			r.URL.RawQuery = q.Encode()
		}
	}, nil)).Config
	for _, tag := range c.Facts.InboxOps.Tags {
		tags = append(tags, tag.ID)
	}
	if got := failed(judgetest.Run(t, c)); got != "IO-LIST-TICKETS-31" {
		t.Errorf("failed: %q, want IO-LIST-TICKETS-31", got)
	}
}
