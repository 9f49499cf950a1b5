package conformance_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Keys of the stub.
const (
	stubKey      = "ixk_stub_readwrite"
	stubReadOnly = "ixk_stub_readonly"
	stubRevoked  = "ixk_stub_revoked"
	stubNoAccess = "ixk_stub_unentitled"
)

// stub is a very small InboxOps: three tickets, no filters but those that are
// refused. Its fields break it.
type stub struct {
	mu    sync.Mutex
	notes []map[string]any

	openList    bool // GET /tickets needs no key
	plainErrors bool // errors are text
	bareErrors  bool // errors are objects of no form that is known
	storesAll   bool // refused notes are stored
	forgets     int  // ticket lists that are answered as if the key were unknown
}

const stubTicket = "11111111-1111-4111-8111-11111111111"

// ServeHTTP answers like InboxOps.
func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := r.URL.Path == "/api/v1/tickets"
	key, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	known := bearer && (key == stubKey || key == stubReadOnly || key == stubNoAccess)
	if list && s.forgets > 0 && r.Header.Get("Authorization") == "" {
		s.forgets--
		known = true
	}
	switch {
	case !known && (!list || !s.openList):
		if r.Method == http.MethodPost && s.storesAll {
			s.store(r)
		}
		s.problem(w, http.StatusUnauthorized, "unauthorized")
	case key == stubNoAccess:
		s.problem(w, http.StatusForbidden, "forbidden")
	case r.Method == http.MethodPost && key == stubReadOnly:
		s.problem(w, http.StatusForbidden, "insufficient_scope")
	case list:
		s.list(w, r)
	default:
		s.messages(w, r)
	}
}

func (s *stub) list(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("created_after") == "not-a-date" || strings.Contains(r.URL.RawQuery, "custom_field_") {
		s.problem(w, http.StatusBadRequest, "bad_request")
		return
	}
	rows := []any{}
	for i := range 3 {
		rows = append(rows, map[string]any{
			"id": fmt.Sprintf("%s%d", stubTicket, i), "ticket_number": i + 1, "subject": "Hello", "status": "open", "priority": "low",
			"created_at": fmt.Sprintf("2025-01-0%dT10:00:00Z", i+1), "updated_at": "2025-02-01T10:00:00Z",
		})
	}
	if r.URL.Query().Get("page") == "2" {
		rows = []any{}
	}
	answer(w, http.StatusOK, "application/json", map[string]any{"data": rows, "meta": map[string]any{"page": 1, "per_page": 100, "total": 3}})
}

func (s *stub) messages(w http.ResponseWriter, r *http.Request) {
	switch {
	case !strings.HasPrefix(r.URL.Path, "/api/v1/tickets/"+stubTicket):
		s.problem(w, http.StatusNotFound, "not_found")
	case r.URL.Query().Get("types") == "bogus":
		s.problem(w, http.StatusBadRequest, "bad_request")
	case r.Method == http.MethodPost:
		if s.store(r)["type"] != "internal_note" {
			s.notes = s.notes[:len(s.notes)-1]
			s.problem(w, http.StatusBadRequest, "bad_request")
			return
		}
		answer(w, http.StatusCreated, "application/json", map[string]any{})
	default:
		answer(w, http.StatusOK, "application/json", map[string]any{"data": append([]map[string]any{}, s.notes...)})
	}
}

func (s *stub) store(r *http.Request) map[string]any {
	note := map[string]any{}
	text, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(text, &note)
	note["id"] = fmt.Sprintf("22222222-2222-4222-8222-2222222222%02d", len(s.notes))
	note["created_at"] = "2025-03-01T10:00:00Z"
	s.notes = append(s.notes, note)
	return note
}

func (s *stub) problem(w http.ResponseWriter, status int, code string) {
	if s.plainErrors {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(status)
		fmt.Fprint(w, code)
		return
	}
	if s.bareErrors {
		answer(w, status, "application/json", map[string]any{"reason": code})
		return
	}
	answer(w, status, "application/problem+json", map[string]any{
		"type": "https://docs.inboxops.app/api/problems/" + code, "title": code, "status": status, "detail": code, "code": code,
	})
}

func answer(w http.ResponseWriter, status int, media string, v any) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Request-Id", "stub")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
