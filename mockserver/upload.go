package mockserver

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
)

// patience is how long a connection is given to send the rest of a request's
// body once the request was answered without it, or the server is shutting
// down.
const patience = 250 * time.Millisecond

// keepable is the size in bytes of an unread body up to which its connection is
// kept for further requests.
const keepable = 256 << 10

// upload is a request with a body over HTTP/1, both as the body and as the
// ResponseWriter. By itself, net/http reads the rest of a body before it sends
// an answer that did not need it, however long the client takes to send it.
type upload struct {
	http.ResponseWriter
	body       io.ReadCloser
	length     int64 // -1 when the client does not say
	controller *http.ResponseController
	ended      atomic.Bool // a delay reads ahead in a goroutine of its own
}

// receive serves a request with a body so that its answer does not wait for the
// rest of the body.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	u := &upload{ResponseWriter: w, body: r.Body, length: r.ContentLength, controller: http.NewResponseController(w)}
	if r.ProtoMajor != 1 || u.controller.EnableFullDuplex() != nil {
		s.answer(w, r) // HTTP/2 ends a stream without waiting; a recorder has all of the body
		return
	}
	defer context.AfterFunc(s.servers.Running(r), u.hurry)()
	answered := false
	defer func() {
		if !answered && !u.ended.Load() { // a fault aborts; net/http would wait for the body, for ever
			u.part()
		}
	}()
	mine := *r // net/http looks at the type of its own request's Body
	mine.Body = u
	s.answer(u, &mine)
	answered = true
	u.leave()
}

// Unwrap lets an http.ResponseController do what it does.
func (u *upload) Unwrap() http.ResponseWriter {
	return u.ResponseWriter
}

// WriteHeader adds Connection: close if the connection will not be kept.
func (u *upload) WriteHeader(status int) {
	if u.length > keepable && !u.ended.Load() {
		u.Header().Set("Connection", "close")
	}
	u.ResponseWriter.WriteHeader(status)
}

// Read reads the body.
func (u *upload) Read(p []byte) (int, error) {
	n, err := u.body.Read(p)
	if err == io.EOF {
		u.ended.Store(true)
	}
	return n, err
}

// Close closes the body.
func (u *upload) Close() error {
	return u.body.Close()
}

// hurry gives the rest of the body little time.
func (u *upload) hurry() {
	if u.ended.Load() {
		return // the deadline would be that of the next request
	}
	_ = u.controller.SetReadDeadline(clock.Machine().Add(patience)) // net/http's connections have one
}

// leave sends the answer and reads the rest of the body, so that the connection
// can be reused. It ends the connection if the rest does not come.
func (u *upload) leave() {
	if u.ended.Load() {
		return
	}
	_ = u.controller.Flush() // a client that has left needs no answer
	u.hurry()
	if _, err := io.Copy(io.Discard, u.body); err == nil {
		return
	}
	u.part()
}

// part ends the connection, the writing side first, because a peer that sends
// into a closed connection may lose the answer.
func (u *upload) part() {
	connection, _, err := u.controller.Hijack()
	if err != nil {
		return // a fault has closed it
	}
	defer connection.Close()
	if half, ok := connection.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		drain(connection)
	}
}

// drain reads what still comes, for a moment.
func drain(connection net.Conn) {
	_ = connection.SetReadDeadline(clock.Machine().Add(patience))
	_, _ = io.Copy(io.Discard, connection) // it ends with the deadline
}
