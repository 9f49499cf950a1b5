package mockserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// serve puts a fake behind a port until the test ends.
func serve(t *testing.T, cfg mockserver.Config, change func(*http.Server)) (*fake, *httptest.Server) {
	t.Helper()
	f := start(t, cfg)
	web := httptest.NewUnstartedServer(f)
	if change != nil {
		change(web.Config)
	}
	web.Start()
	t.Cleanup(web.Close) // blocks as long as a stream is open
	return f, web
}

// follow opens a stream of requests.
func follow(t *testing.T, web *httptest.Server, query string, headers ...string) (events *bufio.Reader, leave func()) {
	t.Helper()
	return followAt(t, web, "requests/stream"+query, headers...)
}

// followAt opens a stream.
func followAt(t *testing.T, web *httptest.Server, path string, headers ...string) (events *bufio.Reader, leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, "GET", web.URL+"/_mockdesk/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %s", a.StatusCode, a.Header)
	}
	leave = func() {
		cancel()
		_ = a.Body.Close() // it was cut off
	}
	t.Cleanup(leave)
	return bufio.NewReader(a.Body), leave
}

// readEvent reads one event, or a comment, which has a name alone.
func readEvent(t *testing.T, events *bufio.Reader) (id, name, data string) {
	t.Helper()
	for {
		line, err := events.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case field == "" && value == "":
			return id, name, data
		case field == "", field == "event": // the one is a comment
			name = value
		case field == "id":
			id = value
		case field == "data":
			data = value
		}
	}
}

// next reads one event, or a comment, as its name and what matters of it.
func next(t *testing.T, events *bufio.Reader) string {
	t.Helper()
	id, name, data := readEvent(t, events)
	if name == "request" {
		var entry journal.Entry
		if err := json.Unmarshal([]byte(data), &entry); err != nil || fmt.Sprint(entry.Seq) != id {
			t.Fatalf("event %s has %s: %v", id, data, err)
		}
		data = entry.URL
	}
	return strings.TrimSpace(strings.Join([]string{name, id, data}, " "))
}

// want reads events and compares them.
func want(t *testing.T, events *bufio.Reader, wanted ...string) {
	t.Helper()
	for _, event := range wanted {
		if diff := cmp.Diff(event, next(t, events)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// idle never says that it is time for a keep-alive.
func idle(ctx context.Context, _ time.Duration) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestStream(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 100, Sleep: idle}, nil)
	f.control("POST", "workspaces", `{"name":"other"}`).want(201)
	ask := func(key string, page int) { f.get(key, fmt.Sprintf("/api/v1/tickets?per_page=1&page=%d", page)) }
	request := func(seq, page int) string {
		return fmt.Sprintf("request %d /api/v1/tickets?per_page=1&page=%d", seq, page)
	}
	ask(readWrite, 1)
	ask(readWrite, 0)

	fresh, leave := follow(t, web, "")
	all, _ := follow(t, web, "?after=0")
	wrong, _ := follow(t, web, "?after=0&status=400")
	resumed, _ := follow(t, web, "?after=0", "Last-Event-ID: 1")
	ahead, _ := follow(t, web, "", "Last-Event-ID: 4711")
	other, _ := follow(t, web, "?workspace=other")

	ask(readWrite, 3)
	ask("ixk_other_readwrite", 4)
	want(t, fresh, request(3, 3))
	want(t, all, request(1, 1), request(2, 0), request(3, 3))
	want(t, wrong, request(2, 0))
	want(t, resumed, request(2, 0), request(3, 3))
	want(t, ahead, request(3, 3))
	want(t, other, request(1, 4))

	leave() // and the others go on
	ask(readWrite, 5)
	want(t, all, request(4, 5))
	f.control("DELETE", "requests", "").want(204)
	ask(readWrite, 6)
	want(t, all, request(5, 6))
}

func TestStreamSaysWhatItMissed(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 100, Sleep: idle}, nil)
	for range journal.DefaultEntries + 7 {
		f.Workspace("").Journal.Add(journal.Record{Method: "GET", Path: "/"})
	}
	events, _ := follow(t, web, "?after=2")
	want(t, events, `dropped  {"count":5}`, "request 8 /", "request 9 /")
}

func TestStreamKeepsAlive(t *testing.T) {
	t.Parallel()
	tick, asked := make(chan struct{}), make(chan time.Duration, 10)
	sleep := func(ctx context.Context, d time.Duration) error {
		asked <- d
		select {
		case <-tick:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, web := serve(t, mockserver.Config{Tickets: 100, Sleep: sleep}, nil)
	events, _ := follow(t, web, "")
	for range 3 {
		if d := <-asked; d != 15*time.Second {
			t.Errorf("it waits for %v", d)
		}
		tick <- struct{}{}
		want(t, events, "keep-alive")
	}
}

// The time a connection may take is for answers that end.
func TestStreamOutlivesTheDeadlines(t *testing.T) {
	t.Parallel()
	const limit, times = 400 * time.Millisecond, 4
	short := func(ctx context.Context, _ time.Duration) error { return clock.Sleep(ctx, limit/2) }
	_, web := serve(t, mockserver.Config{Tickets: 100, Sleep: short}, func(s *http.Server) {
		s.ReadTimeout, s.WriteTimeout = limit, limit
	})
	events, _ := follow(t, web, "")
	for range times {
		want(t, events, "keep-alive")
	}
}

func TestStreamEndsWhenTheServerShutsDown(t *testing.T) {
	t.Parallel()
	f, web := serve(t, mockserver.Config{Tickets: 100, Sleep: idle}, nil)
	events, _ := follow(t, web, "")
	again, _ := follow(t, web, "?after=0")
	f.get(readWrite, "/api/v1/tickets?page=0").want(400)
	streams := []*bufio.Reader{events, again}
	begun := make([]string, len(streams)) // a stream on which nothing came would end without a body
	for i, stream := range streams {
		line, err := stream.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		begun[i] = line
	}
	if err := web.Config.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, stream := range streams {
		rest, err := io.ReadAll(stream)
		if err != nil {
			t.Errorf("the stream breaks off: %v", err)
		}
		text := begun[i] + string(rest)
		r := httptest.NewRequest("GET", "/_mockdesk/requests/stream", nil)
		a := &http.Response{
			StatusCode: 200, Header: http.Header{"Content-Type": {"text/event-stream"}},
			Body: io.NopCloser(strings.NewReader(text)),
		}
		if found := verdict.OnResponse(f.contract(openapi.Control), r, a); len(found) > 0 {
			t.Errorf("%s: %v", text, found)
		}
	}
}

func TestStreamNeedsANumber(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	a := f.control("GET", "requests/stream", "", "Last-Event-ID: latest").want(400)
	if !strings.Contains(a.Body, `"hint":"Last-Event-ID: 17"`) {
		t.Errorf("%s does not teach", a.Body)
	}
}
