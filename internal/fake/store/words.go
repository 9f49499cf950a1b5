package store

import (
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// words is the full-text index of a World. Each ticket is several documents,
// one after the other: its subject with the opening body, then each message
// that is not a draft. A ticket matches when one of its documents does.
type words struct {
	once  sync.Once
	built atomic.Bool
	index *search.Index
	first []uint32 // first[i] is the first document of ticket i, and the end

	readers sync.Pool // of *reader
}

// Index builds the full-text index unless it is there already, and waits
// for it.
func (w *World) Index() {
	w.words.once.Do(func() {
		w.words.first = make([]uint32, w.Len()+1)
		docs := uint32(0)
		for ticket := range w.Len() {
			w.words.first[ticket] = docs
			docs += uint32(1 + w.desk.Shown(ticket))
		}
		w.words.first[w.Len()] = docs
		w.words.index = search.Build(int(docs), runtime.GOMAXPROCS(0), w.document)
		w.words.built.Store(true)
	})
}

// Indexed reports whether the full-text index is there.
func (w *World) Indexed() bool {
	return w.words.built.Load()
}

// documents returns the texts of a ticket that a search looks at.
func (w *World) documents(ticket int) []string {
	return documentsOf(w.desk.Tickets[ticket].Subject, w.desk.Messages(ticket))
}

// documentsOf returns the texts of a subject and a thread: the subject with the
// opening mail, then each message that is not a draft.
func documentsOf(subject string, thread []fixtures.Message) []string {
	texts := []string{subject}
	for i := range thread {
		m := &thread[i]
		if m.Draft {
			continue
		}
		text := textOf(m)
		if len(texts) == 1 && m.Type == "email" {
			texts[0] += "\n" + text
		}
		texts = append(texts, text)
	}
	return texts
}

// found returns the seeded tickets that a search finds, as a set that must not be
// changed; nil for no search.
func (w *World) found(q *search.Query) *roaring.Bitmap {
	if q == nil {
		return nil
	}
	w.Index()
	return w.searches.of([]byte(q.String()), func() *roaring.Bitmap {
		tickets, ticket := newDense(w.Len()), uint32(0)
		for _, doc := range w.words.index.Search(*q, w.document) {
			ticket = w.ticketOf(doc, ticket)
			tickets.add(ticket)
		}
		return tickets.bitmap()
	})
}

// ticketOf returns the ticket of a document. It starts looking at a ticket that
// does not come after it, because documents mostly come in ascending order.
func (w *World) ticketOf(doc, ticket uint32) uint32 {
	first := w.words.first[ticket+1:]
	for ahead := range min(8, len(first)) {
		if first[ahead] > doc {
			return ticket + uint32(ahead)
		}
	}
	return ticket + uint32(sort.Search(len(first), func(i int) bool { return first[i] > doc }))
}

// reader makes the documents of a ticket once and serves successive requests
// for them.
type reader struct {
	ticket uint32
	texts  []string
}

func (w *World) document(doc uint32) string {
	r, _ := w.words.readers.Get().(*reader)
	if r == nil {
		r = &reader{}
	}
	defer w.words.readers.Put(r)
	first := w.words.first
	if r.texts == nil || doc < first[r.ticket] || doc >= first[r.ticket+1] {
		from := r.ticket
		if doc < first[from] {
			from = 0
		}
		r.ticket = w.ticketOf(doc, from)
		r.texts = w.documents(int(r.ticket))
	}
	return r.texts[doc-first[r.ticket]]
}
