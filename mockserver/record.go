package mockserver

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// taken keeps the beginning of what a handler reads of a body.
type taken struct {
	io.ReadCloser
	head  []byte
	bytes int64
	asked bool // somebody has read, or tried to
	ended bool // there is no more
}

// Read reads on and keeps what the journal will want.
func (t *taken) Read(p []byte) (int, error) {
	t.asked = true
	n, err := t.ReadCloser.Read(p)
	t.note(p[:n], err)
	return n, err
}

// note keeps what the journal will want of what was read.
func (t *taken) note(p []byte, err error) {
	t.bytes += int64(len(p))
	t.ended = t.ended || err == io.EOF
	if room := journal.DefaultBody + 1 - len(t.head); room > 0 {
		t.head = append(t.head, p[:min(len(p), room)]...)
	}
}

// peek returns the beginning of the request's body, all of one that is not too
// large, and leaves it to be read.
func (x *exchange) peek() []byte {
	t, most := &x.taken, int64(x.server.config.Limits.BodyBytes)
	if t.ReadCloser == nil {
		return nil
	}
	if x.peeked == nil {
		body := t.ReadCloser
		x.peeked, _ = io.ReadAll(io.LimitReader(body, most+1)) // an error comes again
		t.ReadCloser = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(x.peeked), body), body}
	}
	return x.peeked
}

// length returns how long the body of the request is, -1 when nobody knows.
func (t *taken) length(r *http.Request) int64 {
	if t.bytes == 0 && !t.ended {
		return r.ContentLength
	}
	return max(r.ContentLength, t.bytes)
}

// earshot is how long a refusal that needs no body waits for it, so that the
// body is judged as well: most clients send it together with the header.
const earshot = 100 * time.Millisecond

// overhear reads the body of a request that is refused without it.
func (x *exchange) overhear() {
	t, most := &x.taken, int64(x.server.config.Limits.BodyBytes)
	if t.ReadCloser == nil || t.asked || x.op == nil || x.op.Method != http.MethodPost ||
		x.request.ContentLength > most || x.request.Header.Get("Expect") != "" {
		return
	}
	a := readAhead(t.ReadCloser, most+1)
	t.ReadCloser = a
	ctx, cancel := context.WithTimeout(x.request.Context(), earshot)
	defer cancel()
	select {
	case <-a.read:
		_, _ = io.Copy(io.Discard, io.LimitReader(t, most+1)) // what cannot be read is not judged
	case <-ctx.Done():
	}
}

// record puts the exchange into the journal of the workspace that the key
// opened, or of the default one when no key did, and returns how its request
// breaks the contract.
func (x *exchange) record(took time.Duration) journal.Breach {
	w := x.call.Workspace
	if w == nil {
		w = x.server.workspaces.Get(workspace.Default)
		x.call.Now = w.Clock.Now()
		x.came = w.Clock.Steady(x.call.Now)
	}
	record := x.entry(w)
	record.Duration = took
	var breach journal.Breach
	if x.passage != nil {
		breach = x.passage.complete(&record)
	} else {
		breach = x.breach(w.Journal, &record)
	}
	if p := x.passage; p != nil && p.header != nil && x.server.target.record != nil && x.effect.Rule == "" && !x.preferred {
		x.server.target.record.Add(record, p.whole)
	}
	w.Journal.Add(record)
	return breach
}

// entry returns the exchange as the journal of a workspace wants it, without the
// verdict.
func (x *exchange) entry(w *workspace.Workspace) journal.Record {
	r := x.request
	record := journal.Record{
		RequestID: x.call.RequestID, At: x.call.Now, Began: x.began,
		Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Proto: r.Proto,
		Came: x.came, Left: w.Clock.Steady(w.Clock.Now()), Started: x.started, Connected: connected(r).made, Peer: r.RemoteAddr,
		RequestHeader: r.Header, RequestBody: x.taken.head, RequestBytes: x.taken.length(r),
		Status: x.status, ResponseHeader: x.Header(), ResponseBody: x.body[:x.sent],
		Why: x.why, Rule: x.effect.Rule, RuleName: x.effect.Name, Seen: x.call.Seen, Rows: x.call.Rows,
	}
	if r.TLS != nil {
		record.Scheme = "https"
	}
	if p := x.passage; p != nil && p.header != nil {
		record.ResponseHeader, record.ResponseBytes = p.header, p.bytes
	}
	if x.call.Key != nil && x.passage == nil { // a token that is passed on is masked without that
		record.Key, record.KeyKind = x.call.Key.Secret, string(x.call.Key.Kind)
	}
	if x.op != nil {
		record.Service, record.Operation = x.op.Face.Service(), x.op.ID
	}
	if record.Why == "" && x.effect.Rule != "" {
		record.Why = "fault " + x.effect.Rule
	}
	if len(r.RequestURI) > len(record.Path)+len(record.Query)+1 {
		detach(&record)
	}
	return record
}

// detach copies what net/http cuts from the request line, for one that has
// more than that, such as the name of a user, which would be kept with it.
func detach(r *journal.Record) {
	for _, part := range []*string{&r.Method, &r.Host, &r.Path, &r.Query, &r.Proto} {
		*part = strings.Clone(*part)
	}
}

// breach judges the request, which costs a plain one next to nothing, and says
// in the answer's header what is wrong with it.
func (x *exchange) breach(j *journal.Journal, r *journal.Record) journal.Breach {
	if x.op != nil && x.op.Plain.Fits(x.call.Request) {
		r.Judged = true
		return journal.Breach{}
	}
	b := j.Check(r)
	if b.Words != "" {
		x.Header()[BreachHeader] = []string{b.Words}
	}
	return b
}

// why returns what made a refusal, for the kinds that say nothing themselves.
func why(e *problem.Error) string {
	if e.Why == "" {
		return string(e.Kind)
	}
	return e.Why
}
