package mockserver

import (
	"context"
	"net"
	"net/http"
	"time"
)

// How long a connection may take. A header has no timeout of its own;
// readTimeout applies to the whole request. An answer has to be received within
// writeTimeout, which includes the time until it begins: a requested delay of a
// minute, or the index that the first search in a large world builds. A client
// that does not read is cut off by it.
const (
	readTimeout  = 30 * time.Second
	writeTimeout = 10 * time.Minute
	idleTimeout  = 2 * time.Minute
)

// mostStreams is how many requests on an HTTP/2 connection are under way at
// once; the client holds the others back. An answer that a client does not read
// stays in memory: 100 connections with the usual 250 streams took 3.5 GB.
const mostStreams = 64

// HTTP returns a web server that answers with s and keeps to its limits. The
// caller serves listeners with it and ends it with Shutdown, which cuts delays,
// stalls and streams short. Close does not wait and does not end them.
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
	s.servers.Watch(web) // the first request may come while the server shuts down
	return web
}

// connectionKey is the key of the connection in its context.
type connectionKey struct{}

// connection is what is known of the connection of a request.
type connection struct {
	made time.Time
	tcp  *overheard // nil with TLS, or if the listener is not from Listen
}

// connect notes when a connection is made.
func (s *Server) connect(ctx context.Context, c net.Conn) context.Context {
	tcp, _ := c.(*overheard)
	return context.WithValue(ctx, connectionKey{}, &connection{s.config.Now(), tcp})
}

// connected returns the connection of a request; it is zero for a request that
// came to somebody else's web server.
func connected(r *http.Request) connection {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		return *c
	}
	return connection{}
}
