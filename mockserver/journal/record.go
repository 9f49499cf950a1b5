package journal

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Record is one exchange as the server hands it over when it has ended. The
// journal keeps the header maps, which must not be changed any more, and
// copies of the beginnings of the bodies.
type Record struct {
	RequestID string
	At        time.Time     // when the request came, on the workspace's clock
	Duration  time.Duration // on the machine's clock
	// Came and Left are the steady time of the workspace's clock, which is
	// never set back, when the request came and when its answer was ready. Zero
	// means At, and At plus Duration.
	Came, Left time.Time
	// Started is when the request came on the machine's clock, Connected when
	// its connection was made, and Peer the other end of the connection. They
	// may be unknown.
	Started, Connected time.Time
	Peer               string
	// Began is what Begin returned when the request came; zero means that all
	// exchanges before it had ended.
	Began     uint64
	Service   string // the contract's name, empty for an address of neither
	Operation string // its operationId, empty when there is none
	Method    string
	Scheme    string // https; empty means http
	Host      string // as the client addressed the server
	Path      string // escaped
	Query     string // raw
	Proto     string // such as HTTP/1.1
	Key       string // the secret of the key the request opened a workspace with
	KeyKind   string

	RequestHeader http.Header
	RequestBody   []byte // the part that was read
	RequestBytes  int64  // its whole length, -1 when that is unknown

	Status         int // 0 when the connection was broken before an answer
	ResponseHeader http.Header
	ResponseBody   []byte // the part that was sent
	ResponseBytes  int64  // its whole length, if ResponseBody is only a part
	// Why says in a sentence which key state, rule, limit or parameter made
	// the answer.
	Why  string
	Rule string // the id of the fault rule that fired
	// RuleName is what that rule was called.
	RuleName string
	// Seen is how many events of the workspace the answer shows, Rows the tickets
	// of a list when there are any. Rows are copied.
	Seen int
	Rows []uint32
	// Judged says that Violations are the verdict on the request. Otherwise it
	// is judged when somebody asks.
	Judged     bool
	Violations []Violation
	// AnswerViolations are the verdict on the answer of the server behind a
	// proxy; AnswerUnchecked is what that verdict leaves out, and why.
	AnswerViolations []Violation
	AnswerUnchecked  string
}

// exchange is a Record in the journal.
type exchange struct {
	Record
	journal       *Journal
	seq           uint64
	size          int
	responseBytes int

	once       sync.Once // guards the verdict
	violations []Violation
	allowed    []Violation // those that the request says are meant
	unused     []string    // what it allows but did not do
	unchecked  string

	bodies    []byte // the memory behind the kept bodies
	headerCut bool   // the header of the request was not kept whole

	// Guarded by the journal's lock.
	folded  bool // the verdict is in the tally, or adds nothing to it
	dropped bool // the exchange has left the ring
	read    bool // it was given to somebody
}

// What an exchange and its parts cost besides their texts, in bytes.
const (
	share     = 1024 // of an exchange
	lineShare = 48   // of a value of a header
	slotShare = 41   // of a place for a name of a header
	nameShare = 96   // of a violation
	rowShare  = 4    // of a row
)

// slack is how many unused bytes reused memory may have.
const slack = 128

// mostHeader is what the header of a request may cost and still be kept whole.
const mostHeader = 16 << 10

// fill makes x, which may be new or reused, the exchange of the record, and
// copies the beginnings of the bodies.
func (x *exchange) fill(j *Journal, r *Record) {
	request := r.RequestBody[:min(len(r.RequestBody), j.config.Limits.Body)]
	response := r.ResponseBody[:min(len(r.ResponseBody), j.config.Limits.Body)]
	bodies := x.bodies
	if n := len(request) + len(response); cap(bodies) < n || cap(bodies) > n+n/4+slack {
		bodies = make([]byte, 0, n)
	}
	bodies = append(append(bodies[:0], request...), response...)
	*x = exchange{Record: *r, journal: j, responseBytes: max(len(r.ResponseBody), int(r.ResponseBytes)), bodies: bodies}
	if x.Came.IsZero() {
		x.Came = x.At
	}
	if x.Left.IsZero() {
		x.Left = x.Came.Add(x.Duration)
	}
	x.Rows = slices.Clone(r.Rows)
	n := len(request)
	x.RequestBody, x.ResponseBody = bodies[:n:n], bodies[n:]
	if x.RequestBytes >= 0 {
		x.RequestBytes = max(x.RequestBytes, int64(len(r.RequestBody)))
	}
	if cost(x.RequestHeader) > mostHeader {
		x.RequestHeader, x.headerCut = beginningOf(x.RequestHeader), true
	}
	x.size = share + rowShare*len(x.Rows) + len(x.RequestID) + len(x.Method) + len(x.Path) + len(x.Query) + len(x.Host) + len(x.Why) +
		len(x.bodies) + cost(x.RequestHeader) + cost(x.ResponseHeader) + costOf(x.Record.Violations) +
		costOf(x.AnswerViolations) + len(x.AnswerUnchecked)
}

// cost returns what a header holds in memory, in bytes. net/http makes room for
// as many names as there are lines, although these may all have the same name.
func cost(h http.Header) int {
	text, lines := 0, 0
	for name, values := range h {
		text += len(name)
		lines += len(values)
		for _, value := range values {
			text += len(value)
		}
	}
	if lines == 0 {
		return 0
	}
	slots := 8
	for slots*7 < lines*8 {
		slots *= 2
	}
	return text + lines*lineShare + slots*slotShare
}

// costOf returns what violations hold in memory, in bytes.
func costOf(all []Violation) int {
	n := 0
	for _, v := range all {
		n += nameShare + len(v.Where) + len(v.Got) + len(v.Reason) + len(v.Hint)
	}
	return n
}

// telling are the header names that are kept in preference to others.
var telling = []string{AllowHeader, "Authorization", "Content-Type", "Content-Length", "Accept", "Prefer", "User-Agent", "X-Request-Id"}

// beginningOf copies as much of a header as may be kept: the first values of
// each name.
func beginningOf(h http.Header) http.Header {
	const each = 4
	kept, left := http.Header{}, mostHeader
	for _, name := range append(slices.Clone(telling), slices.Sorted(maps.Keys(h))...) {
		if _, done := kept[name]; done || len(h[name]) == 0 {
			continue
		}
		values := slices.Clone(h[name][:min(len(h[name]), each)])
		left -= len(name) + 2*slotShare
		for _, value := range values {
			left -= lineShare + len(value)
		}
		if left < 0 {
			break
		}
		kept[name] = values
	}
	return kept
}

// cut reports whether the request's body is not kept whole.
func (x *exchange) cut() bool {
	return x.RequestBytes < 0 || x.RequestBytes > int64(len(x.RequestBody))
}

// clean reports whether the verdict came with the record and says nothing that is
// counted.
func (x *exchange) clean() bool {
	return x.Judged && len(x.Violations) == 0 && len(x.AnswerViolations) == 0 && len(x.RequestHeader[AllowHeader]) == 0 && !x.cut()
}
