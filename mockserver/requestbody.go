package mockserver

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// bodyTap keeps the beginning of what a handler reads of a body.
type bodyTap struct {
	io.ReadCloser
	head  []byte
	bytes int64
	asked bool // somebody has read, or tried to
	ended bool // there is no more
}

// Read reads on and keeps what the journal will want.
func (t *bodyTap) Read(p []byte) (int, error) {
	t.asked = true
	n, err := t.ReadCloser.Read(p)
	t.note(p[:n], err)
	return n, err
}

// note keeps what the journal will want of what was read.
func (t *bodyTap) note(p []byte, err error) {
	t.bytes += int64(len(p))
	t.ended = t.ended || err == io.EOF
	if room := journal.DefaultBody + 1 - len(t.head); room > 0 {
		t.head = append(t.head, p[:min(len(p), room)]...)
	}
}

// peek returns the beginning of the request's body, or all of it if it is not
// too large, and leaves it to be read again.
func (x *exchange) peek() []byte {
	t, most := &x.tap, int64(x.server.config.Limits.BodyBytes)
	if t.ReadCloser == nil {
		return nil
	}
	if x.peeked == nil {
		body := t.ReadCloser
		x.peeked, _ = io.ReadAll(io.LimitReader(body, most+1)) // the error will come again
		t.ReadCloser = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(x.peeked), body), body}
	}
	return x.peeked
}

// length returns how long the body of the request is, -1 if that is not known.
func (t *bodyTap) length(r *http.Request) int64 {
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
	t, most := &x.tap, int64(x.server.config.Limits.BodyBytes)
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
