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

// patience is how long a connection is given to bring the body of a request:
// once the request was answered without it, or the server is shutting down.
const patience = 250 * time.Millisecond

// keepable is the size in bytes up to which a connection is kept for the
// requests to come although a body is still on its way.
const keepable = 256 << 10

// upload is a request with a body over HTTP/1, both as the body and as the
// ResponseWriter. net/http by itself takes what is left of a body before it
// sends an answer that did not need it, for as long as the client takes to
// send it.
type upload struct {
	http.ResponseWriter
	body       io.ReadCloser
	length     int64 // -1 when the client does not say
	controller *http.ResponseController
	ended      atomic.Bool // a delay reads ahead in a goroutine of its own
}

// receive serves a request with a body so that its answer does not wait for
// what the body lacks.
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
	mine := *r // net/http looks at the type of the Body of its own
	mine.Body = u
	s.answer(u, &mine)
	answered = true
	u.leave()
}

// Unwrap lets an http.ResponseController do what it does.
func (u *upload) Unwrap() http.ResponseWriter {
	return u.ResponseWriter
}

// WriteHeader says so when the connection will not be kept.
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

// leave sends the answer off and takes the rest of the body, so that the
// connection can be used again. It ends a connection that does not bring it.
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

// part ends the connection: first what is written, for a peer that sends into
// a closed connection may lose the answer.
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
