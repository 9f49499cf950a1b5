package control

import (
	"context"
	"net/http"
	"sync"
)

// Servers knows which of the servers that requests came to are shutting down.
// Without it they would wait for streams, delays and stalls.
type Servers struct {
	mu  sync.Mutex
	all map[*http.Server]context.Context
}

// Running returns a Context that ends when the request's server shuts down.
func (s *Servers) Running(r *http.Request) context.Context {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return r.Context()
	}
	return s.Watch(server)
}

// Watch returns a Context that ends when a server shuts down. A shutdown before
// the first Watch is not noticed.
func (s *Servers) Watch(server *http.Server) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[server] == nil {
		ctx, cancel := context.WithCancel(context.Background())
		server.RegisterOnShutdown(cancel)
		if s.all == nil {
			s.all = map[*http.Server]context.Context{}
		}
		s.all[server] = ctx
	}
	return s.all[server]
}
