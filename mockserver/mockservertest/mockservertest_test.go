package mockservertest_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
)

func TestStart(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("answers while the test runs", func(t *testing.T) {
		fake := mockservertest.Start(t, mockserver.Config{Tickets: 30})
		gone = fake.URL
		for key, want := range map[string]int{
			fake.Keys.ReadWrite:  http.StatusOK,
			fake.Keys.ReadOnly:   http.StatusOK,
			fake.Keys.Revoked:    http.StatusUnauthorized,
			fake.Keys.Unentitled: http.StatusForbidden,
		} {
			request, err := http.NewRequest("GET", fake.URL+"/api/v1/tickets", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+key)
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Body.Close(); answer.StatusCode != want {
				t.Errorf("key %s: status %d, want %d", key, answer.StatusCode, want)
			}
		}
	})
	if answer, err := http.Get(gone + "/_mockdesk/healthz"); err == nil {
		answer.Body.Close()
		t.Error("the server outlives its test")
	}
}

func TestCloseCutsDelaysShort(t *testing.T) {
	t.Parallel()
	slept := make(chan struct{})
	fake := mockservertest.Start(t, mockserver.Config{Tickets: 30, Sleep: func(ctx context.Context, _ time.Duration) error {
		close(slept)
		<-ctx.Done()
		return ctx.Err()
	}})
	if _, err := fake.Workspace("").Inject(fault.Rule{Then: fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Minute)}}}); err != nil {
		t.Fatal(err)
	}
	status := make(chan int, 1)
	go func() {
		request, _ := http.NewRequest("GET", fake.URL+"/api/v1/tickets", nil)
		request.Header.Set("Authorization", "Bearer "+fake.Keys.ReadWrite)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			status <- 0
			return
		}
		answer.Body.Close()
		status <- answer.StatusCode
	}()
	<-slept
	fake.Close()
	if got := <-status; got != http.StatusOK {
		t.Errorf("status %d, want 200", got)
	}
}
