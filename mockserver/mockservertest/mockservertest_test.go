package mockservertest_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
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
	fake.Workspace("").Inject(fault.Rule{Then: fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Minute)}}})
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

// Whatever a client is at, Close ends well before what it waits for.
func TestCloseWaitsForNobody(t *testing.T) {
	t.Parallel()
	after := 10
	delay, stall := fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Minute)}}, fault.Then{Body: &fault.Body{StallAfter: &after}}
	const (
		list = "GET /api/v1/tickets?per_page=100 HTTP/1.1\r\n"
		note = "POST /api/v1/tickets/1/messages HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
	)
	tests := map[string]struct {
		then    fault.Then
		asks    string
		forever bool // it goes on asking and reads nothing
	}{
		"a delay":                     {delay, list, false},
		"a stall":                     {stall, list, false},
		"a delay of an unread body":   {delay, note, false},
		"a stall with an unread body": {stall, note, false},
		"a body that is never sent":   {fault.Then{}, note, false},
		"answers that nobody takes":   {fault.Then{}, list, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := mockservertest.Start(t, mockserver.Config{Tickets: 100})
			w := fake.Workspace("")
			if test.then != (fault.Then{}) {
				w.Inject(fault.Rule{Then: test.then})
			}
			connection, err := net.Dial("tcp", strings.TrimPrefix(fake.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close()
			request := test.asks + "Host: a\r\nAuthorization: Bearer " + fake.Keys.ReadWrite + "\r\n\r\n"
			for err == nil {
				_ = connection.SetWriteDeadline(clock.Machine().Add(time.Second))
				if _, err = io.WriteString(connection, request); !test.forever {
					break
				}
			}
			for test.then != (fault.Then{}) && w.Faults.List()[0].Fired == 0 {
				runtime.Gosched()
			}
			began := clock.Machine()
			fake.Close()
			const busy = 15 * time.Second // it takes half a second, or a machine has other things to do
			if took := clock.Machine().Sub(began); took > busy {
				t.Errorf("it took %v", took)
			}
		})
	}
}
