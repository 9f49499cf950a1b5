// Package stranger is a second, plain implementation of the four documented
// operations, written from the contract alone, to try the judge on. Options
// decide what the contract leaves open.
package stranger

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// object is a JSON object.
type object map[string]any

// Server answers the four operations over one world. It is safe for concurrent use.
type Server struct {
	o        Options
	mu       sync.Mutex
	w        *world
	keys     []key
	limiters map[string]*limiter
	chance   *rand.Rand // ids of requests and notes
	ticks    int
}

// New returns a server over a new world.
func New(o Options) *Server {
	s := &Server{o: o, w: newWorld(o), keys: allKeys(), limiters: map[string]*limiter{}}
	s.chance = rand.New(rand.NewPCG(o.Seed, 99))
	return s
}

// call is one request on its way.
type call struct {
	r      *http.Request
	args   url.Values
	now    time.Time
	id     string   // what X-Request-Id says, "" without
	segs   []string // of the path
	other  bool     // AppHandoff
	caller string   // the kind of the key
}

// answer is what a request gets.
type answer struct {
	status int
	kind   string // media type
	body   any    // nil is none
	header map[string]string
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	c := s.begin(r)
	a := s.answer(c)
	s.mu.Unlock()
	if c.id != "" {
		w.Header().Set("X-Request-Id", c.id)
		if s.o.RequestID == "twice" {
			w.Header().Add("X-Request-Id", "edge-"+c.id)
		}
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	kind := a.kind
	if s.o.CapitalMedia {
		kind = strings.Replace(kind, "application/", "Application/", 1)
	}
	if s.o.Charset {
		kind += "; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(s.encode(a.body))
	}
}

// begin reads the clock and gives the request its id.
func (s *Server) begin(r *http.Request) *call {
	s.ticks++
	c := &call{r: r, now: anchor.Add(time.Duration(s.ticks) * time.Millisecond)}
	if s.o.Now != nil {
		c.now = s.o.Now()
	}
	sent := r.Header.Get("X-Request-Id")
	if len(sent) > 128 || strings.ContainsFunc(sent, func(c rune) bool { return c <= ' ' || c > '~' }) {
		sent = ""
	}
	switch {
	case s.o.RequestID == "replaced", s.o.RequestID != "" && sent == "":
		c.id = uuid(s.chance)
	default:
		c.id = sent
	}
	path := r.URL.Path
	if s.o.LooseSlash {
		path = strings.TrimSuffix(path, "/")
	}
	c.segs = strings.Split(strings.TrimPrefix(path, "/"), "/")
	c.other = strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/api/v1")
	return c
}

func (s *Server) answer(c *call) answer {
	a, f := s.route(c)
	if f != nil {
		return s.refusal(c, f)
	}
	return a
}

// route finds the operation. The order of checks: path, method, query, key, access, limit, the operation (A5).
func (s *Server) route(c *call) (answer, *failure) {
	var handle func(*call) (answer, *failure)
	var known []string
	read := c.r.Method == http.MethodGet || c.r.Method == http.MethodHead && cmp.Or(s.o.Head, 200) == 200
	p, inbox, allow := c.segs, s.o.Service != "apphandoff", "GET"
	switch {
	case inbox && len(p) == 3 && p[0] == "api" && p[1] == "v1" && p[2] == "tickets":
		handle, known = s.listTickets, listArgs
	case inbox && len(p) == 5 && p[0] == "api" && p[1] == "v1" && p[2] == "tickets" && p[4] == "messages":
		handle, known, allow = s.timeline, []string{"types"}, "GET, POST"
		if c.r.Method == http.MethodPost {
			handle, known, read = s.addNote, nil, true
		}
	case s.o.Service != "inboxops" && len(p) == 6 && p[0] == "api" && p[1] == "projects" && p[3] == "tickets" && p[5] == "messages":
		handle, known = s.thread, []string{"task_id", "since", "limit"}
	default:
		return answer{}, &failure{status: 404, detail: "there is nothing at this path"}
	}
	if !read {
		return answer{}, &failure{status: cmp.Or(s.o.Method, 405), detail: "the method is not offered here", allow: allow}
	}
	args, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return answer{}, bad("query", "the query string cannot be read")
	}
	c.args = args
	unknown := s.unknownArg(args, known)
	if unknown != nil && s.o.ArgsFirst {
		return answer{}, unknown
	}
	return s.admitted(c, func() (answer, *failure) {
		if unknown != nil {
			return answer{}, unknown
		}
		return handle(c)
	})
}

// listArgs are the parameters of the list; what begins with the last is a custom field.
var listArgs = []string{
	"query", "q", "status", "inbox_id", "assignee_id", "priority", "tag_ids", "created_after", "created_before", "updated_after",
	"updated_before", "sort", "order", "page", "per_page", fieldPrefix,
}

// unknownArg refuses a parameter that the operation does not have, if the options do.
func (s *Server) unknownArg(args url.Values, known []string) *failure {
	for name := range args {
		isField := slices.Contains(known, fieldPrefix) && strings.HasPrefix(name, fieldPrefix)
		if s.o.UnknownArg == 400 && !isField && !slices.Contains(known, name) {
			return bad(name, "there is no such parameter")
		}
	}
	return nil
}

// encode writes a body in the form the options ask for.
func (s *Server) encode(body any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if s.o.Indent {
		e.SetIndent("", "  ")
	}
	if err := e.Encode(body); err != nil {
		return []byte(`{}`) // not reached: bodies are objects of plain values
	}
	if !s.o.ASCII {
		return b.Bytes()
	}
	var out bytes.Buffer
	for _, r := range b.String() {
		switch {
		case r < 128:
			out.WriteByte(byte(r))
		case r < 0x10000:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		}
	}
	return out.Bytes()
}

// put sets a member; a value that is not there becomes null, absent or, where it is a text, "".
func (s *Server) put(o object, name string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			value = nil
		}
	case *time.Time:
		value = nil
		if v != nil {
			value = s.stamp(*v)
		}
	}
	switch {
	case value != nil:
		o[name] = value
	case !s.o.Absent:
		o[name] = nil
	}
}

// stamp writes a time of InboxOps.
func (s *Server) stamp(t time.Time) string { return s.write(t, s.o.Fraction) }

func (s *Server) write(t time.Time, digits int) string {
	layout := "2006-01-02T15:04:05"
	if digits > 0 {
		layout += "." + strings.Repeat("0", digits)
	}
	text := t.In(time.FixedZone("", s.o.Offset*60)).Format(layout + "Z07:00")
	if s.o.LowerT {
		text = strings.ToLower(text)
	}
	return text
}

// show writes a UUID; "" stays "".
func (s *Server) show(id string) string {
	if s.o.UpperCase {
		return strings.ToUpper(id)
	}
	return id
}
