package mockserver_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// trickling starts a server on which bodies come slowly.
func trickling(t *testing.T, sleep func(context.Context, time.Duration) error) *broken {
	t.Helper()
	fake, web := serve(t, mockserver.Config{Sleep: sleep}, nil)
	if _, err := fake.Workspace("").Inject(fault.Rule{ID: "slow", Then: fault.Then{Body: &fault.Body{BytesPerSecond: 100}}}); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	return &broken{t: t, fake: fake, web: web, url: web.URL, client: client}
}

// A slow body takes as long as it has bytes, and what is wrong with its request
// is told before.
func TestASlowBodyTakesItsTime(t *testing.T) {
	t.Parallel()
	var slept time.Duration
	b := trickling(t, func(_ context.Context, d time.Duration) error {
		slept += d
		return nil
	})
	got := b.send(t.Context(), http.MethodGet, "/api/v1/tickets?per_page=1&statsu=open", "")
	wantError(t, got.err, nil)
	if want := time.Duration(len(got.body)) * time.Second / 100; slept != want || len(got.body) == 0 {
		t.Errorf("%d bytes took %v, want %v", len(got.body), slept, want)
	}
	if breach := got.header.Get(mockserver.BreachHeader); !strings.Contains(breach, "statsu") {
		t.Errorf("%s: %q, want what is wrong", mockserver.BreachHeader, breach)
	}
	if e := b.entries(1)[0]; e.ResponseBytes != len(got.body) || len(e.Violations) != 1 || e.Why != "fault slow" {
		t.Errorf("journal: %d bytes, why %q, violations %v", e.ResponseBytes, e.Why, e.Violations)
	}
}

// The journal has what a client took that did not wait for the end.
func TestAClientThatLeavesASlowBody(t *testing.T) {
	t.Parallel()
	parts := 0
	b := trickling(t, func(ctx context.Context, _ time.Duration) error {
		if parts++; parts > 2 {
			<-ctx.Done()
		}
		return ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/api/v1/tickets?per_page=1", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+readWrite)
	response, err := b.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var twenty bytes.Buffer
	if _, err := io.CopyN(&twenty, response.Body, 20); err != nil {
		t.Fatal(err)
	}
	leave()
	if e := b.entries(1)[0]; e.ResponseBytes != 20 || e.Status != 200 || e.Why != "fault slow; the client left" {
		t.Errorf("journal: status %d, %d bytes, why %q", e.Status, e.ResponseBytes, e.Why)
	}
}

// What a rule reads of a body is still there for the operation.
func TestARuleThatLooksIntoTheBody(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	if _, err := f.Workspace("").Inject(fault.Rule{Match: fault.Match{Body: "lost"}, Then: fault.Then{Status: &fault.Status{Code: "500"}}}); err != nil {
		t.Fatal(err)
	}
	path := ticketsPath + "/1001/messages"
	f.post(readWrite, path, `{"type":"internal_note","body_text":"kept"}`).want(201)
	f.get(readWrite, path+"?types=internal_note").want(200).holds("kept")
	if a := f.post(readWrite, path, `{"type":"internal_note","body_text":"it is lost"}`); a.Status != 500 {
		t.Errorf("status %d, want 500", a.Status)
	}
	f.control("POST", "explain", `{"method":"POST","path":"`+path+`","service":"inboxops","key_kind":"read-write","body":{"type":"internal_note","body_text":"lost"}}`).want(200).holds(`"status":500`)
}
