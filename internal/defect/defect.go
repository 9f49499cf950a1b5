// Package defect breaks documented clauses at the level of HTTP, before any
// implementation: it rewrites requests on their way in or answers on their way
// out, and knows nothing of the server behind it.
package defect

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Defect is a server's way to break one clause.
type Defect struct {
	ID          string // of the clause
	Name        string // what is wrong, as a sentence
	Conditional bool   // it shows only in some cases
	Wrap        func(http.Handler) http.Handler
}

// All returns every defect, in the order of the files.
func All() []Defect {
	return slices.Concat(
		tickets(), searches(), pages(), rows(), fields(), messages(), messageShapes(), notes(),
		handoffs(), handoffPairs(), timelinePairs(), keys(), errors(), limits(), corners())
}

// step handles an exchange in place of the handler behind.
type step func(x *exchange) *reply

// always makes a defect that shows in the ordinary case; sometimes makes one
// that needs a condition.
func always(id, name string, s step) Defect    { return Defect{id, name, false, wrap(s)} }
func sometimes(id, name string, s step) Defect { return Defect{id, name, true, wrap(s)} }

// wrap puts a step before a handler; each has a memory of its own.
func wrap(s step) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		m := &memory{
			numbers: map[string]string{}, projects: map[string]bool{}, shapes: map[string]string{},
			limits: map[string]string{}, refused: map[string]bool{}, ghosts: map[string][]any{},
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			m.mu.Lock()
			defer m.mu.Unlock()
			x := newExchange(next, m, r, body)
			p := s(x)
			x.learn(p)
			p.write(w, r.Method)
		})
	}
}

// memory is what a wrapper has seen.
type memory struct {
	mu       sync.Mutex
	good     []string          // Authorization headers that were let in, the latest first
	numbers  map[string]string // ticket numbers to ids
	projects map[string]bool   // those with messages
	shapes   map[string]string // custom-field parameters to the shape of a value that was taken
	limits   map[string]string // Authorization headers to the limit that was last asked for
	refused  map[string]bool   // Authorization headers that were refused
	ghosts   map[string][]any  // rows to show in the timeline of a ticket
	written  []string          // tickets that got a note
	posts    int               // notes that were sent
	reads    int               // timelines that were read after a note
}

// The operations.
const (
	list     = "list"
	timeline = "timeline"
	post     = "post"
	thread   = "thread"
)

// exchange is a request on its way to the handler behind.
type exchange struct {
	next     http.Handler
	m        *memory
	r        *http.Request
	body     []byte
	op       string // "" for none of the four
	ticket   string // as the path names it
	project  string
	borrowed bool // the answer is to another key
}

func newExchange(next http.Handler, m *memory, r *http.Request, body []byte) *exchange {
	x := &exchange{next: next, m: m, r: r.Clone(r.Context()), body: body}
	s := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch n := len(s); {
	case n == 6 && s[1] == "projects":
		x.op, x.project, x.ticket = thread, s[2], s[4]
	case n == 3 && s[2] == "tickets":
		x.op = list
	case n == 5 && s[2] == "tickets" && s[4] == "messages":
		x.op, x.ticket = timeline, s[3]
		if r.Method == http.MethodPost {
			x.op = post
			m.posts++
		}
	}
	return x
}

// query returns the parameters; setQuery replaces them.
func (x *exchange) query() url.Values { return x.r.URL.Query() }

func (x *exchange) setQuery(q url.Values) {
	x.r.URL.RawQuery = q.Encode()
	x.r.RequestURI = x.r.URL.RequestURI()
}

func (x *exchange) get(name string) string { return x.query().Get(name) }

func (x *exchange) set(name, value string) {
	q := x.query()
	q.Set(name, value)
	x.setQuery(q)
}

func (x *exchange) drop(names ...string) {
	q := x.query()
	for _, name := range names {
		q.Del(name)
	}
	x.setQuery(q)
}

// send passes the request on as it is now.
func (x *exchange) send() *reply {
	r := x.r.Clone(x.r.Context())
	r.Body = io.NopCloser(bytes.NewReader(x.body))
	r.ContentLength = int64(len(x.body))
	if r.Header.Get("Content-Length") != "" {
		r.Header.Set("Content-Length", strconv.Itoa(len(x.body)))
	}
	p := &reply{header: http.Header{}}
	x.next.ServeHTTP(p, r)
	if p.status == 0 {
		p.status = http.StatusOK
	}
	return p
}

// other sends another request with the caller's key.
func (x *exchange) other(target string) *reply {
	u, err := url.Parse(target)
	if err != nil {
		return &reply{status: http.StatusBadRequest, header: http.Header{}}
	}
	r := x.r.Clone(x.r.Context())
	r.Method, r.URL, r.RequestURI = http.MethodGet, u, u.RequestURI()
	return (&exchange{next: x.next, m: x.m, r: r}).send()
}

// learn remembers what an answer reveals.
func (x *exchange) learn(p *reply) {
	if p.status >= 300 {
		return
	}
	if key := x.r.Header.Get("Authorization"); key != "" && !x.borrowed {
		x.m.good = slices.Insert(slices.DeleteFunc(x.m.good, func(k string) bool { return k == key }), 0, key)
	}
	switch x.op {
	case list:
		for _, row := range p.rows() {
			if o, ok := row.(object); ok {
				x.m.numbers[text(o["ticket_number"])] = text(o["id"])
			}
		}
		for name, values := range x.query() {
			if s := shapeOf(values[0]); strings.HasPrefix(name, fieldPrefix) && s != shapeEmpty {
				x.m.shapes[name] = s
			}
		}
	case thread:
		if len(p.rows()) > 0 { // not a refusal that a defect turned into a success
			x.m.projects[x.project] = true
		}
	case post:
		x.m.written = append(x.m.written, x.id())
	case timeline:
		if noted(x) {
			x.m.reads++
		}
	}
}

// id returns the id of the ticket in the path if it is known, else the text in
// the path.
func (x *exchange) id() string {
	if id := x.m.numbers[x.ticket]; id != "" {
		return strings.ToLower(id)
	}
	return strings.ToLower(x.ticket)
}
