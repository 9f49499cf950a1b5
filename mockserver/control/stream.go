package control

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// keepAlive is how often a stream shows that it is alive; patience is how long
// it waits for a client to read.
const (
	keepAlive = 15 * time.Second
	patience  = time.Minute
)

// streamRequests answers with the entries to come as server-sent events.
func (a *API) streamRequests(w *workspace.Workspace, r *http.Request) (any, error) {
	filter, err := readFilter(w, r)
	if err != nil {
		return nil, err
	}
	after := w.Journal.Newest()
	if r.URL.Query().Has("after") {
		after = filter.After
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		if after, err = strconv.ParseUint(last, 10, 64); err != nil {
			return nil, invalid(hint.Errorf("Last-Event-ID: 17", "the header Last-Event-ID %s is not the number of a request", quoted(last)))
		}
	}
	filter.After = 0
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		a.stream(out, r, func(ctx context.Context) iter.Seq[string] {
			return func(yield func(string) bool) {
				for event := range w.Journal.Subscribe(ctx, after, filter) {
					if !yield(dropped(event.Dropped) + told(event.Entry.Seq, "request", event.Entry)) {
						return
					}
				}
			}
		})
	}), nil
}

// dropped says how much was dropped unseen, "" for nothing.
func dropped(count uint64) string {
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("event: dropped\ndata: {\"count\":%d}\n\n", count)
}

// told is an event of a stream.
func told(id uint64, event string, data any) string {
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", id, event, service.AppendJSON(nil, data))
}

// stream writes events until there are no more to come, the client leaves or the
// server shuts down.
func (a *API) stream(w http.ResponseWriter, r *http.Request, subscribe func(context.Context) iter.Seq[string]) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(a.config.Servers.Running(r), cancel)()
	s := sink{writer: w, controller: http.NewResponseController(w), now: a.config.Now}
	s.open()
	if r.Method == http.MethodHead {
		return
	}
	var alive sync.WaitGroup
	defer alive.Wait()
	defer cancel() // before waiting
	alive.Go(func() {
		for a.config.Sleep(ctx, keepAlive) == nil && s.write(": keep-alive\n\n") {
		}
		cancel()
	})
	for event := range subscribe(ctx) {
		if !s.write(event) {
			return
		}
	}
}

// sink is where a stream goes. Two goroutines write to it.
type sink struct {
	mu         sync.Mutex
	writer     http.ResponseWriter
	controller *http.ResponseController
	now        func() time.Time
}

func (s *sink) open() {
	s.wait()
	s.writer.Header().Set("Content-Type", "text/event-stream")
	s.writer.Header().Set("Cache-Control", "no-store")
	s.writer.WriteHeader(http.StatusOK)
	_ = s.controller.Flush() // a client that has left is noticed at the next write
}

// wait extends the deadline for writing, which is meant for answers that end.
// There is always another write before it passes.
func (s *sink) wait() {
	_ = s.controller.SetWriteDeadline(s.now().Add(patience)) // without a deadline there is nothing to extend
}

// write sends a text and reports whether the client is still there.
func (s *sink) write(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait()
	_, err := s.writer.Write([]byte(text))
	return err == nil && s.controller.Flush() == nil
}
