package stranger_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/internal/stranger"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

const nobody = "00000000-0000-4000-8000-000000000000"

// known returns what the facts of a server say.
func known(t *testing.T, s *stranger.Server) *facts.Facts {
	t.Helper()
	f, err := facts.Parse(s.Facts())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// ask sends METHOD TARGET with a key of the kind and, for a POST, a body.
func ask(s http.Handler, key, line, body string) *httptest.ResponseRecorder {
	method, target, _ := strings.Cut(line, " ")
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// row is a ticket, a message or a post.
type row = map[string]any

type list struct {
	Data, Messages []row
	Meta           struct {
		Page, Total int
		PerPage     int `json:"per_page"`
	}
}

// get reads a list that must be 200.
func get(t *testing.T, s http.Handler, key, target string) (l list) {
	t.Helper()
	w := ask(s, key, "GET "+target, "")
	d := json.NewDecoder(w.Body)
	d.UseNumber()
	if err := d.Decode(&l); err != nil || w.Code != 200 {
		t.Fatalf("GET %s: %d %v", target, w.Code, err)
	}
	return l
}

const (
	tickets = "/api/v1/tickets"
	note    = `{"type": "internal_note", "body_html": "<p>Grüße 🙂</p>", "body_text": "Grüße 🙂"}`
)

// broad is requests of every kind, good and bad.
func broad(f *facts.Facts) []string {
	at := "/api/projects/" + nobody + "/tickets/" + nobody + "/messages"
	good := "/api/projects/" + f.AppHandoff.Projects[0].ID + "/tickets/"
	var all []string
	for _, q := range []string{
		"", "query=printer", "q=naïve+or+支払い", "query=%22error+code%22+-invoice", "query=%22", "query=%00", "query=+&q=refund", "query=-+or+or",
		"status=open,closed", "status=bogus", "status=open,bogus", "status=", "inbox_id=" + nobody, "inbox_id=x", "assignee_id=__unassigned__",
		"assignee_id=x", "assignee_id=" + nobody, "priority=urgent", "priority=bogus", "priority=low,high", "tag_ids=" + nobody, "tag_ids=x",
		"created_after=2025-08-20T00:00:00Z&created_before=2025-08-25T12:00:00%2B02:00", "updated_after=yesterday", "created_after=2025-08-20",
		"created_before=2024-01-01T00:00:00Z&created_after=2025-01-01T00:00:00Z", "sort=priority&order=asc", "sort=bogus", "order=bogus",
		"page=2&per_page=3", "page=0", "page=99999999999999999999999", "per_page=0", "per_page=1000", "page=999", "status=open&status=closed",
		"custom_field_product=__empty__", "custom_field_product=Printer", "custom_field_product=" + nobody, "custom_field_=x",
		"custom_field_nothing=x", "custom_field_purchase_date=2025-03-15", "custom_field_purchase_date=2024-02-30", "custom_field_quantity=x",
		"custom_field_callback_at=2025-03-15T10:00:00%2B01:00", "custom_field_callback_at=x", "custom_field_quantity=1&custom_field_quantity=2",
		"unknown=1", "%zz",
	} {
		all = append(all, "GET "+tickets+"?"+q)
	}
	for _, id := range []string{"4", nobody, "x", "00", "999999999999999999999999", "%23"} {
		all = append(all, "GET "+tickets+"/"+id+"/messages", "POST "+tickets+"/"+id+"/messages")
	}
	for _, q := range []string{"types=email", "types=bogus", "types=", "types=email,%20internal_note"} {
		all = append(all, "GET "+tickets+"/4/messages?"+q)
	}
	all = append(all, "GET "+at, "HEAD "+tickets, "GET /api/v1/nothing", "GET /nothing", "DELETE "+tickets, "POST "+at, "GET "+good+nobody+"/messages",
		"GET /api/projects/x/tickets/x/messages", "GET /api/projects/"+f.AppHandoff.InaccessibleProjects[0].ID+"/tickets/"+nobody+"/messages")
	for _, ticket := range f.AppHandoff.Projects[0].Tickets {
		for _, q := range []string{
			"", "limit=200", "limit=201", "limit=0", "limit=x", "since=2025-09-24T00:00:00.123Z", "since=x", "task_id=" + nobody, "task_id=x", "u=1",
		} {
			all = append(all, "GET "+good+ticket.ID+"/messages?"+q)
		}
	}
	return all
}

// bodies of notes; each is posted to the fourth ticket.
var bodies = []string{
	note, `{"type": "email"}`, `{"type": "internal_note"}`, `[]`, `5`, `{`, `null`, `{"type": "internal_note", "body_text": 5}`,
	`{"type": "internal_note", "body_text": "x", "more": 1}`, `{"type": "internal_note", "body_html": "<p onclick='x'>y</p>"}`, `{} {}`, note + "}",
}

// tolerated reports whether the choices allow what the documents do not list.
func tolerated(v openapi.Violation, status int) bool {
	switch {
	case v.Rule == openapi.RuleUndocumentedField, // A22
		v.Rule == openapi.RuleUndocumentedStatus && slices.Contains([]int{404, 405, 410, 415, 422}, status), // B21, C20, C31, D5
		v.Where == "header.Retry-After": // A13
		return true
	}
	return false
}

// share is how many variants one stands for under the race detector.
const share = 12

// Every answer of every variant is within the documents.
func TestAnswersFitTheDocuments(t *testing.T) {
	t.Parallel()
	for i, variant := range stranger.Variants() {
		if race.Enabled && i%share != 0 {
			continue
		}
		t.Run(variant.Name, func(t *testing.T) {
			t.Parallel()
			o := variant.Options
			plain := known(t, stranger.New(stranger.Options{Seed: o.Seed, Tickets: min(0, o.Tickets), UpperCase: o.UpperCase}))
			o.Tickets = small(o.Tickets)
			s := stranger.New(o)
			for i, line := range broad(plain) {
				method, target, _ := strings.Cut(line, " ")
				kind := "read-write"
				if strings.Contains(target, "/projects/") {
					kind = "member"
				}
				if i%9 == 8 {
					kind = []string{"revoked", "unentitled", "read-only", "outsider", ""}[i/9%5]
				}
				checkAnswer(t, s, method, target, s.Key(kind), note)
			}
			for _, body := range bodies {
				checkAnswer(t, s, "POST", tickets+"/4/messages", s.Key("read-write"), body)
			}
		})
	}
}

func checkAnswer(t *testing.T, s *stranger.Server, method, target, key, body string) {
	t.Helper()
	name := openapi.InboxOps
	if strings.HasPrefix(target, "/api/projects/") {
		name = openapi.AppHandoff
	}
	contract, err := openapi.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	if method != "POST" {
		body = ""
	}
	answer := ask(s, key, method+" "+target, body).Result()
	for _, v := range verdict.OnResponse(contract, httptest.NewRequest(method, target, nil), answer) {
		if !tolerated(v, answer.StatusCode) {
			t.Errorf("%s %s: %d: %v", method, target, answer.StatusCode, v)
		}
	}
	if answer.StatusCode >= 500 {
		t.Errorf("%s %s: %d", method, target, answer.StatusCode)
	}
}

// Names of variants are sentences of their own.
func TestVariantsAreDistinct(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, v := range stranger.Variants() {
		if seen[v.Name] {
			t.Errorf("%q stands twice", v.Name)
		}
		seen[v.Name] = true
	}
	if len(seen) < 70 {
		t.Errorf("%d variants", len(seen))
	}
}

// The same seed gives the same bytes, another seed others.
func TestSeed(t *testing.T) {
	t.Parallel()
	read := func(seed uint64) string {
		s := stranger.New(stranger.Options{Seed: seed})
		posted := ask(s, s.Key("read-write"), "POST "+tickets+"/4/messages", note).Body.String()
		return string(s.Facts()) + posted + ask(s, s.Key("read-write"), "GET "+tickets+"?per_page=500", "").Body.String()
	}
	if first, again := read(5), read(5); first != again {
		t.Error("one seed gives two worlds")
	}
	if read(5) == read(6) {
		t.Error("two seeds give one world")
	}
}
