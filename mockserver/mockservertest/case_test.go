package mockservertest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
)

// TestCase reads a failed mail that the test has arranged, in the default
// workspace and in one of its own.
func TestCase(t *testing.T) {
	t.Parallel()
	fake := mockservertest.Start(t, mockservertest.Config{Case: casefile.MustParse(`
world: empty
inboxops:
  tickets:
  - name: stuck
    messages:
    - {from: customer, text: It hangs.}
    - {from: agent, send_status: failed, send_error: mailbox full}
`)})
	for _, key := range []string{fake.Keys.ReadWrite, fake.Workspace("own").Keys.ReadWrite} {
		request, _ := http.NewRequest("GET", fake.URL+"/api/v1/tickets/"+fixtures.TicketID("stuck").String()+"/messages", nil)
		request.Header.Set("Authorization", "Bearer "+key)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var timeline struct {
			Data []struct {
				SendError string `json:"send_error"`
			}
		}
		err = json.NewDecoder(answer.Body).Decode(&timeline)
		answer.Body.Close()
		if err != nil || len(timeline.Data) != 2 || timeline.Data[1].SendError != "mailbox full" {
			t.Errorf("%+v, %v", timeline, err)
		}
	}
}
