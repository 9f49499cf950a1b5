//go:build !race

// The race detector lets pools forget at random, which allocates.

package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// TestFirstPageAllocates holds what a request costs in memory, whatever the
// size of the page and of the world.
func TestFirstPageAllocates(t *testing.T) { // not parallel: others would be counted
	const budget = 12
	server, err := mockserver.New(complete(mockserver.Config{Tickets: 1000}))
	if err != nil {
		t.Fatal(err)
	}
	for _, perPage := range []string{"25", "100"} {
		r := httptest.NewRequest("GET", "/api/v1/tickets?status=open&sort=created_at&order=desc&per_page="+perPage, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+readWrite)
		answer := func() { server.ServeHTTP(&sink{header: http.Header{}}, r) }
		for range 2000 { // until the journal is full and uses its memory again
			answer()
		}
		if got := testing.AllocsPerRun(1000, answer); got > budget {
			t.Errorf("a page of %s allocates %.0f times, want at most %d", perPage, got, budget)
		}
	}
}
