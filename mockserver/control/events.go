package control

import (
	"context"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// readEventFilter reads the filter of a query on the events of a workspace.
func readEventFilter(r *http.Request) (f desk.Filter, err error) {
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		value := query.Get(name)
		if value == "" {
			return f, invalid(hint.Errorf("leave it out", "filter %s is empty", name))
		}
		switch name {
		case "after":
			f.After, err = readCount(name, value, 0)
		case "limit":
			f.Limit, err = readCount(name, value, 1)
		case "service":
			f.Service, err = oneOf(name, value, []string{"inboxops", "apphandoff"})
		case "event":
			f.Event, err = oneOf(name, value, store.Kinds())
		case "by":
			f.By, err = oneOf(name, value, store.Actors())
		case "ticket":
			f.Ticket = value
		case "since":
			f.Since, err = readInstant(name, value)
		case "until":
			f.Until, err = readInstant(name, value)
		}
		if err != nil {
			return f, err
		}
	}
	if !f.Until.IsZero() && f.Until.Before(f.Since) {
		return f, invalid(hint.Errorf("change the two round", "filter until is before since"))
	}
	return f, nil
}

// readCount reads a number of at least least.
func readCount(name, value string, least int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < least {
		return 0, invalid(hint.Errorf(name+"=17", "filter %s %s is not a whole number of at least %d", name, quoted(value), least))
	}
	return n, nil
}

// oneOf reads one of some words.
func oneOf(name, value string, known []string) (string, error) {
	if !slices.Contains(known, value) {
		return "", invalid(hint.Errorf(suggest.Hint(value, known, name+"="+known[0]), "filter %s %s is not one of %s", name, quoted(value), strings.Join(known, ", ")))
	}
	return value, nil
}

// readInstant reads an instant.
func readInstant(name, value string) (time.Time, error) {
	at, ok := service.ParseInstant(value)
	if !ok || len(value) == len(time.DateOnly) {
		return at, invalid(hint.Errorf(name+"=2025-06-02T12:00:00Z", "filter %s %s is no instant", name, quoted(value)))
	}
	return at, nil
}

// listEvents answers with the events that the query selects.
func (a *API) listEvents(w *workspace.Workspace, r *http.Request) (any, error) {
	filter, err := readEventFilter(r)
	if err != nil {
		return nil, err
	}
	events, err := desk.RawOf(w).Events(filter)
	return map[string]any{"events": events}, refused(err)
}

// streamEvents answers with the events to come as server-sent events.
func (a *API) streamEvents(w *workspace.Workspace, r *http.Request) (any, error) {
	filter, err := readEventFilter(r)
	if err != nil {
		return nil, err
	}
	after := w.Store.Happened()
	if r.URL.Query().Has("after") {
		after = filter.After
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		if after, err = strconv.Atoi(last); err != nil || after < 0 {
			return nil, invalid(hint.Errorf("Last-Event-ID: 17", "the header Last-Event-ID %s is not the number of an event", quoted(last)))
		}
	}
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		a.stream(out, r, func(ctx context.Context) iter.Seq[string] { return tell(w.Store.Follow(ctx, after), filter) })
	}), nil
}

// tell turns the steps that a filter selects into messages of a stream.
func tell(steps iter.Seq[store.Step], filter desk.Filter) iter.Seq[string] {
	return func(yield func(string) bool) {
		missed := 0
		for step := range steps {
			missed += step.Dropped
			switch {
			case step.Turned:
				if missed = 0; !yield(told(uint64(step.From), "reset", map[string]int{"seq": step.From})) {
					return
				}
			case filter.Matches(&step.Event):
				if !yield(dropped(uint64(missed)) + told(uint64(step.Event.Seq), "event", step.Event)) {
					return
				}
				missed = 0
			}
		}
	}
}
