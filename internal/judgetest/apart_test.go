package judgetest_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// TestFailuresShowWhatDiffers has a target whose rows have another color on a
// second page. A row is longer than what a failure shows of it.
func TestFailuresShowWhatDiffers(t *testing.T) {
	race.Sequential(t)
	t.Parallel()
	wrap := judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if r.URL.Path == list && r.URL.Query().Get("sort") == "priority" {
			body := bytes.ReplaceAll(w.Body.Bytes(), []byte(`"status_color":"#`), []byte(`"status_color":"#0`))
			w.Body.Reset()
			w.Body.Write(body)
		}
	})
	c := judgetest.New(t, mockserver.Config{}, wrap).Config
	c.Only = []string{"IO-TICKET-18"}
	var told []string
	for _, result := range judgetest.Run(t, c).Results {
		for _, f := range result.Failures {
			told = append(told, f.Expected+" "+f.Actual)
			if !strings.HasPrefix(f.Expected, `{"status_color":"#`) || !strings.HasPrefix(f.Actual, `{"status_color":"#0`) {
				t.Errorf("expected %s, actual %s", f.Expected, f.Actual)
			}
		}
	}
	if len(told) == 0 {
		t.Error("nothing fails")
	}
}
