package journal

import (
	"net/http"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/openapi"
)

// Record is one exchange as the server hands it over when it has ended. The
// journal keeps the header maps, which must not be changed any more, and
// copies of the beginnings of the bodies.
type Record struct {
	RequestID string
	At        time.Time     // when the request came, on the workspace's clock
	Duration  time.Duration // on the machine's clock
	// Came and Left are the steady time of the workspace's clock, which is never
	// set back, when the request came and when its answer was ready; zero means
	// At, and so much later as Duration says.
	Came, Left time.Time
	// Started is when the request came on the machine's clock, Connected when
	// its connection was made, Peer the other end of that. They may be unknown.
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
	RequestBody   []byte // what was read of it
	RequestBytes  int64  // its whole length, -1 when that is unknown

	Status         int // 0 when the connection was broken before an answer
	ResponseHeader http.Header
	ResponseBody   []byte // what was sent of it
	// Why says in a sentence which key state, rule, limit or parameter made
	// the answer.
	Why  string
	Rule string // the id of the fault rule that fired
}

// exchange is a Record in the journal.
type exchange struct {
	Record
	journal       *Journal
	seq           uint64
	size          int
	responseBytes int

	once       sync.Once // guards the verdict
	violations []openapi.Violation
	unchecked  string

	bodies []byte // the memory behind the kept bodies

	// Guarded by the journal's lock.
	folded  bool // the verdict is in the ledger
	dropped bool // the exchange has left the ring
	read    bool // somebody was given it
}

// share is what each exchange counts towards Limits.Bytes besides its texts.
const share = 512

// fill makes x, new or used, the exchange of the record and copies the
// beginnings of the bodies.
func (x *exchange) fill(j *Journal, r *Record) {
	request := r.RequestBody[:min(len(r.RequestBody), j.config.Limits.Body)]
	response := r.ResponseBody[:min(len(r.ResponseBody), j.config.Limits.Body)]
	bodies := append(append(x.bodies[:0], request...), response...)
	*x = exchange{Record: *r, journal: j, responseBytes: len(r.ResponseBody), bodies: bodies}
	if x.Came.IsZero() {
		x.Came = x.At
	}
	if x.Left.IsZero() {
		x.Left = x.Came.Add(x.Duration)
	}
	n := len(request)
	x.RequestBody, x.ResponseBody = bodies[:n:n], bodies[n:]
	if x.RequestBytes >= 0 {
		x.RequestBytes = max(x.RequestBytes, int64(len(r.RequestBody)))
	}
	x.size = share + len(x.RequestID) + len(x.Path) + len(x.Query) + len(x.Host) + len(x.Why) +
		len(x.RequestBody) + len(x.ResponseBody) + length(x.RequestHeader) + length(x.ResponseHeader)
}

// length returns the bytes of a header's names and values.
func length(h http.Header) int {
	n := 0
	for name, values := range h {
		n += len(name)
		for _, value := range values {
			n += len(value)
		}
	}
	return n
}

// cut says that the request's body is not kept whole.
func (x *exchange) cut() bool {
	return x.RequestBytes < 0 || x.RequestBytes > int64(len(x.RequestBody))
}
