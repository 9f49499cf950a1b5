package journal

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Ledger is what came of all requests to a server. Each one is judged as it
// comes, and emptying or removing a journal does not empty the Ledger. It is
// safe for concurrent use.
type Ledger struct {
	uses []*use

	mu    sync.Mutex
	books []*Journal // of the journals in use, in order of their first exchange
	past  Totals     // what the others have come to
}

// use counts what an allowance covers.
type use struct {
	Allowance
	count atomic.Uint64
}

// NewLedger returns an empty Ledger that does not count allowed violations as
// breaches.
func NewLedger(allowed ...Allowance) *Ledger {
	l := &Ledger{past: Totals{Workspaces: []Visits{}, EarlyRetries: []EarlyAt{}}}
	l.past.Operations, l.past.Violations, l.past.Unused = []Count{}, []Group{}, []Unused{}
	for _, a := range allowed {
		l.uses = append(l.uses, &use{Allowance: a})
	}
	return l
}

// Totals is what a Ledger holds.
type Totals struct {
	Summary
	// Workspaces are in order of their first request; workspaces with the same
	// name count as one.
	Workspaces []Visits `json:"workspaces"`
	// MoreRequests is how many came to further workspaces.
	MoreRequests uint64 `json:"more_requests"`
	// Allowances are those the Ledger was made with.
	Allowances []Use `json:"allowances"`
	// EarlyRetries are requests that came back before Retry-After had passed;
	// MoreEarly is how many more there are.
	EarlyRetries []EarlyAt `json:"early_retries"`
	MoreEarly    uint64    `json:"more_early_retries"`
	// Waited is how many came back in time.
	Waited uint64 `json:"waited"`
	// Unclear is how many either came too early or came from another client.
	Unclear uint64 `json:"unclear"`
	// Unwatched is how many requests could not be checked for waiting because
	// there were too many.
	Unwatched uint64 `json:"unwatched"`
}

// Visits is how many requests came to a workspace.
type Visits struct {
	Workspace string `json:"workspace"`
	Requests  uint64 `json:"requests"`
}

// Use is how many violations an Allowance covered.
type Use struct {
	Allowance
	Used uint64 `json:"used"`
}

// EarlyAt is an EarlyRetry in a workspace.
type EarlyAt struct {
	Workspace string `json:"workspace"`
	EarlyRetry
}

// maxVisits bounds the workspaces that are counted apart.
const maxVisits = 1000

// What a book keeps of a journal in order to check retries. The verdicts stay
// in any case.
const (
	bookEntries = 20_000
	bookBytes   = 64 << 20
)

// keep puts an exchange into the book of the journal and returns what has to
// be judged, nil when there is no Ledger. The lock is held, so that both number
// the exchanges alike.
func (j *Journal) keep(r *Record) *exchange {
	if j.config.Ledger == nil {
		return nil
	}
	if j.book == nil {
		j.book = j.config.Ledger.open(j)
	}
	j.book.mu.Lock()
	defer j.book.mu.Unlock()
	return j.book.add(r)
}

// open returns a new book for a journal.
func (l *Ledger) open(j *Journal) *Journal {
	config := j.config
	config.Ledger = nil
	config.Limits = Limits{Entries: max(config.Limits.Entries, bookEntries), Bytes: max(config.Limits.Bytes, bookBytes), Body: config.Limits.Body}
	book := New(config)
	book.ledger = l
	book.newest.Store(j.newest.Load())
	book.cleared = j.newest.Load()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.books = append(l.books, book)
	return book
}

// Close says that no more exchanges will come, so that the Ledger can summarise
// what it knows of them.
func (j *Journal) Close() {
	j.mu.Lock()
	book := j.book
	j.book = nil
	j.mu.Unlock()
	if book == nil {
		return
	}
	l := j.config.Ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	l.past.add(book)
	l.books = slices.DeleteFunc(l.books, func(b *Journal) bool { return b == book })
}

// covers reports whether a violation is allowed, and counts that.
func (l *Ledger) covers(v Violation) bool {
	if l == nil {
		return false
	}
	meant := false
	for _, use := range l.uses {
		if use.covers(v) {
			use.count.Add(1)
			meant = true
		}
	}
	return meant
}

// Totals returns what came of all requests until now.
func (l *Ledger) Totals() Totals {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.past
	t.Operations, t.Violations, t.Unused = slices.Clone(t.Operations), slices.Clone(t.Violations), slices.Clone(t.Unused)
	t.AnswerViolations = slices.Clone(t.AnswerViolations)
	t.Workspaces, t.EarlyRetries = slices.Clone(t.Workspaces), slices.Clone(t.EarlyRetries)
	for _, book := range l.books {
		t.add(book)
	}
	t.Allowances = []Use{}
	for _, use := range l.uses {
		t.Allowances = append(t.Allowances, Use{use.Allowance, use.count.Load()})
	}
	return t
}

// Totals returns what came of the requests since the journal was made or cleared.
func (j *Journal) Totals() Totals {
	t := NewLedger().Totals()
	t.add(j)
	return t
}

func (t *Totals) add(book *Journal) {
	s := book.Summary()
	t.Requests += s.Requests
	t.More += s.More
	t.MoreAnswers += s.MoreAnswers
	t.Unjudged += s.Unjudged
	t.Unread += s.Unread
	t.Allowed += s.Allowed
	t.visit(book.config.Workspace, s.Requests)
	for _, c := range s.Operations {
		i := slices.IndexFunc(t.Operations, func(known Count) bool {
			return known.Service == c.Service && known.Operation == c.Operation && known.Status == c.Status
		})
		if i < 0 {
			t.Operations = append(t.Operations, c)
		} else {
			t.Operations[i].Count += c.Count
		}
	}
	slices.SortFunc(t.Operations, Count.compare)
	for _, group := range s.Violations {
		group.Workspace = book.config.Workspace
		t.Violations = joined(t.Violations, group, &t.More)
	}
	for _, group := range s.AnswerViolations {
		group.Workspace = book.config.Workspace
		t.AnswerViolations = joined(t.AnswerViolations, group, &t.MoreAnswers)
	}
	for _, u := range s.Unused {
		i := slices.IndexFunc(t.Unused, func(known Unused) bool { return known.Allowance == u.Allowance })
		if i >= 0 {
			t.Unused[i].Count += u.Count
		} else if len(t.Unused) < maxGroups {
			t.Unused = append(t.Unused, u)
		}
	}
	t.retries(book)
}

// joined returns groups with one more group; more counts violations for which
// there is no room.
func joined(all []Group, group Group, more *uint64) []Group {
	i := slices.IndexFunc(all, func(known Group) bool { return known.Rule == group.Rule && known.Where == group.Where })
	switch {
	case i >= 0:
		all[i].Count += group.Count
	case len(all) < maxGroups:
		return append(all, group)
	default:
		*more += group.Count
	}
	return all
}

// visit adds the requests to a workspace.
func (t *Totals) visit(name string, requests uint64) {
	i := slices.IndexFunc(t.Workspaces, func(v Visits) bool { return v.Workspace == name })
	switch {
	case i >= 0:
		t.Workspaces[i].Requests += requests
	case len(t.Workspaces) < maxVisits:
		t.Workspaces = append(t.Workspaces, Visits{name, requests})
	default:
		t.MoreRequests += requests
	}
}

func (t *Totals) retries(book *Journal) {
	r := book.Retries()
	t.Waited += uint64(r.Waited)
	t.Unclear += uint64(r.Unclear)
	t.Unwatched += r.Missing
	for _, early := range r.Early {
		if len(t.EarlyRetries) < maxGroups {
			t.EarlyRetries = append(t.EarlyRetries, EarlyAt{book.config.Workspace, early})
		} else {
			t.MoreEarly++
		}
	}
}
