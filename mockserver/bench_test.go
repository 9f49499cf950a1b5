package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// sink is a ResponseWriter that keeps nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkHandler measures the handler without a network.
func BenchmarkHandler(b *testing.B) {
	server, err := mockserver.New(complete(mockserver.Config{Tickets: 10_000}))
	if err != nil {
		b.Fatal(err)
	}
	benchmarks := map[string]string{
		"first_page":  "/api/v1/tickets?status=open&sort=created_at&order=desc",
		"unfiltered":  "/api/v1/tickets",
		"last_page":   "/api/v1/tickets?page=400",
		"five":        "/api/v1/tickets?status=open,closed&priority=normal&created_after=2024-01-01T00:00:00Z&sort=updated_at&query=login&updated_before=2025-05-01T00:00:00Z",
		"common_word": "/api/v1/tickets?query=login",
		"rare_phrase": "/api/v1/tickets?query=%22ERR_LOGIN_500%22",
		"timeline":    "/api/v1/tickets/1001/messages",
		"handoff":     "/api/projects/x/tickets/y/messages",
	}
	for name, path := range benchmarks {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", path, strings.NewReader(""))
			r.Body = http.NoBody
			r.Header.Set("Authorization", "Bearer "+readWrite)
			b.ReportAllocs()
			for b.Loop() {
				server.ServeHTTP(&sink{header: http.Header{}}, r)
			}
		})
	}
}
