package mockdesk_test

import (
	"net/http"
	"testing"

	"github.com/testcontainers/testcontainers-go"

	mockdesk "github.com/mockdesk/mockdesk/deploy/testcontainers"
)

// TestThrottled throttles the first list, as a client's own test would: the
// client is net/http here.
func TestThrottled(t *testing.T) {
	testcontainers.SkipIfProviderIsNotHealthy(t)
	fake, err := mockdesk.Run(t.Context(), mockdesk.Image)
	testcontainers.CleanupContainer(t, fake)
	if err != nil {
		t.Fatal(err)
	}
	rule := `{"match": {"operation": "listTickets"}, "when": {"nth": 1}, "then": {"status": {"code": 429, "retry_after": 1}}}`
	if _, err := fake.Control(t.Context(), http.MethodPost, "faults", rule); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{http.StatusTooManyRequests, http.StatusOK} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fake.URL+"/api/v1/tickets", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer ixk_test_readwrite")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("want %d, got %s", want, response.Status)
		}
	}
}
