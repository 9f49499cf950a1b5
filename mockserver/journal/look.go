package journal

import (
	"net/http"
	"net/url"
	"slices"
)

// Look is a request for rows of a workspace, with what its answer showed.
type Look struct {
	Ref
	Path    string // escaped
	Query   url.Values
	Raw     string // the query as it was sent
	KeyKind string
	Peer    string   // the address it came from
	Rule    string   // the fault rule that affected the answer
	Seen    int      // events that the answer shows, of those there are
	Kept    bool     // there were events when it was answered, and Rows are what it showed
	Rows    []uint32 // tickets of a list
}

// turn is a point at which the events were replaced by others.
type turn struct {
	after  uint64 // the newest exchange
	events int    // how many there were then; -1 for another world
}

// Turn tells the journal that the workspace went back to the given number of
// events, although earlier answers may have shown more; -1 means that it is
// another world, which no answer has shown yet.
func (j *Journal) Turn(events int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	after, oldest := j.newest.Load(), j.oldest()
	j.turns = slices.DeleteFunc(j.turns, func(t turn) bool { return t.after < oldest })
	if last := len(j.turns) - 1; last >= 0 && j.turns[last].after == after && events >= 0 && j.turns[last].events >= 0 {
		j.turns[last].events = min(j.turns[last].events, events)
		return
	}
	if events < 0 {
		j.turns = nil
	}
	j.turns = append(j.turns, turn{after, events})
}

// Looks returns the requests to an operation of a service that are kept, in order.
func (j *Journal) Looks(service, operation string) []Look {
	j.mu.Lock()
	kept, turns := j.all(), j.turns
	j.mu.Unlock()
	var looks []Look
	for _, x := range kept {
		if x.Service != service || x.Operation != operation || x.Method == http.MethodHead {
			continue
		}
		seen, there := x.Seen, true
		for _, t := range turns {
			if x.seq <= t.after {
				seen, there = min(seen, t.events), there && t.events >= 0
			}
		}
		if !there {
			continue
		}
		query, _ := url.ParseQuery(x.Query) // what can be read of it
		looks = append(looks, Look{
			Ref: x.ref(), Path: x.Path, Query: query, Raw: x.Query, KeyKind: x.KeyKind, Peer: x.Peer, Rule: x.Rule,
			Seen: seen, Kept: x.Seen > 0, Rows: x.Rows,
		})
	}
	return looks
}

// Forgotten returns how many exchanges have left the journal.
func (j *Journal) Forgotten() uint64 {
	_, missing := j.scope(Filter{})
	return missing
}
