package mockserver

import (
	"math/rand/v2"
	"net/http"
	"sync/atomic"

	"github.com/mockdesk/mockdesk/fixtures"
)

// requestIDs makes ids for requests without one: the n-th id is the same in
// every run with the same seed.
type requestIDs struct {
	seed uint64
	made atomic.Uint64
}

// of returns the id of a request: the client's own when it is valid (choice
// A4).
func (ids *requestIDs) of(r *http.Request) string {
	if sent := r.Header["X-Request-Id"]; len(sent) == 1 && validID(sent[0]) {
		return sent[0]
	}
	stream := rand.NewPCG(ids.seed, ids.made.Add(1))
	return fixtures.RandomID(stream.Uint64(), stream.Uint64()).String()
}

// validID accepts 1 to 128 letters, digits, dots, underscores and dashes.
func validID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for _, c := range []byte(id) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
