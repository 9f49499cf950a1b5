package mockserver

import (
	"context"
	"net"
	"net/http"
	"time"
)

// How long a connection may take. A header has no time of its own; its
// connection has readTimeout. Within writeTimeout an answer has to be taken,
// however long it was waited for: a delay of a minute that was asked for, or
// the index that the first search of a large world builds. A client that does
// not read is cut off by it.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 10 * time.Minute
	idleTimeout  = 2 * time.Minute
)

// mostStreams is how many requests of a connection of HTTP/2 are under way at once;
// its client keeps the others back. Each that a client does not read holds its
// answer: 100 connections with the usual 250 took 3.5 GB.
const mostStreams = 64

// HTTP returns a web server that answers with s and keeps to its limits. The
// caller serves listeners with it and ends it with Shutdown, which cuts delays,
// stalls and streams short; Close waits for nothing and tells them nothing.
func (s *Server) HTTP() *http.Server {
	web := &http.Server{
		Handler:        s,
		ReadTimeout:    readTimeout,
		WriteTimeout:   writeTimeout,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: s.config.Limits.HeaderBytes,
		HTTP2:          &http.HTTP2Config{MaxConcurrentStreams: mostStreams},
		ConnContext:    s.connect,
		ErrorLog:       s.errors,
	}
	s.servers.Watch(web) // a request may ask for the first time while it shuts down
	return web
}

// connectionKey is what the context of a connection keeps its connection under.
type connectionKey struct{}

// connection is what is known of the connection of a request.
type connection struct {
	made time.Time
	tcp  *overheard // nil for one with TLS, or by a listener that is not of Listen
}

// connect notes when a connection is made.
func (s *Server) connect(ctx context.Context, c net.Conn) context.Context {
	tcp, _ := c.(*overheard)
	return context.WithValue(ctx, connectionKey{}, &connection{s.config.Now(), tcp})
}

// connected returns the connection of a request; nothing is known of one that
// came to a web server of somebody else.
func connected(r *http.Request) connection {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		return *c
	}
	return connection{}
}
