package record_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/record"
)

const (
	row      = `{"data":[{"id":"5c0f1a2b-3d4e-4f60-8172-93a4b5c6d718","ticket_number":4,"subject":"Secretword","inbox_id":"5c0f1a2b-3d4e-4f60-8172-93a4b5c6d719","status":"open","status_id":"5c0f1a2b-3d4e-4f60-8172-93a4b5c6d720","status_name":"","status_color":"red","priority":"p","priority_id":"x","created_at":"0001-01-01T00:00:00Z","updated_at":"2025-06-01T00:00:00Z"}]}`
	timeline = `{"data":[{"id":"7c0f1a2b-3d4e-4f60-8172-93a4b5c6d718","direction":"inbound","type":"email","from_address":"no <address","body_text":"Secretword","created_at":"2025-06-01T00:00:00Z","attachments":[{"file_name":" "}]},{"id":"7c0f1a2b-3d4e-4f60-8172-93a4b5c6d718"}]}`
	talk     = `{"messages":[{"id":"9c0f1a2b-3d4e-4f60-8172-93a4b5c6d718","author_type":"robot","body":"Secretword","created_at":"2025-06-01T00:00:00Z"}]}`
)

// kept is a word where an anonymous record keeps it: in a name with a value and in a
// media type.
var kept = regexp.MustCompile(`(?i)secretword[^&"]*=|secretword(?:[^"\\]|\\.)*"\s*:|[a-z]/[a-z0-9.+-]*secretword`)

// FuzzAdd records whatever a server answers: the case can be loaded, and is without a
// word that was in a text.
func FuzzAdd(f *testing.F) {
	for _, seed := range []struct {
		path, query, request, answer string
		status                       int
	}{
		{"/api/v1/tickets", "query=Secretword&tag_ids=5c0f1a2b-3d4e-4f60-8172-93a4b5c6d721", "", row, 200},
		{"/api/v1/tickets/4/messages", "", "", timeline, 200},
		{"/api/v1/tickets/5c0f1a2b-3d4e-4f60-8172-93a4b5c6d718/messages", "", "Secretword", `{"data":{"id":"1","body_text":"Secretword"}}`, 201},
		{"/api/projects/1/tickets/2/messages", "task_id=%zz", "", talk, 200},
		{"/api/v1/Secretword%zz", "%53ecretword&Secretword", "", `{"title":"Secretword","status":"secretword","instance":"/Secretword/5c0f1a2b-3d4e-4f60-8172-93a4b5c6d718"}`, 404},
		{"/api/v1/tickets", "a=Secretword", "\xff", `{"detail":"Secretword \ud83d","a":["Secretword",{"b":"\u0053ecretword"}]`, 400},
	} {
		f.Add(seed.path, seed.query, seed.request, seed.answer, seed.status, false)
	}
	f.Fuzz(func(t *testing.T, path, query, request, answer string, status int, raw bool) {
		if !strings.HasPrefix(path, "/api/") || strings.ContainsAny(path+query, " #\n\r\t\x00") || status < 100 || status > 999 {
			return
		}
		r := record.New(record.Config{Raw: raw})
		service := "inboxops"
		if strings.HasPrefix(path, "/api/projects") {
			service = "apphandoff"
		}
		method := http.MethodGet
		if status == http.StatusCreated {
			method = http.MethodPost
		}
		for i := range 2 {
			r.Add(journal.Record{
				At: fixtures.DefaultAt.Add(time.Duration(i) * time.Hour), Service: service, Operation: "x", Method: method, Path: path, Query: query,
				RequestHeader: http.Header{"Authorization": {"Bearer x"}}, RequestBody: []byte(request), RequestBytes: int64(len(request)),
				Status: status, ResponseHeader: http.Header{"Content-Type": {"application/json"}}, ResponseBody: []byte(answer), ResponseBytes: int64(len(answer)),
			}, true)
		}
		var out bytes.Buffer
		if err := r.Write(&out); err != nil {
			t.Fatal(err)
		}
		said, err := casefile.Parse("recorded", out.Bytes())
		if err != nil {
			t.Fatalf("%v in\n%s", err, out.String())
		}
		base, err := fixtures.New(said.World().Config(fixtures.Config{Seed: 1, Empty: true}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := said.Arrange(base, fixtures.DefaultAt.AddDate(900, 0, 0), nil); err != nil {
			t.Fatalf("%v in\n%s", err, out.String())
		}
		if !raw && strings.Contains(strings.ToLower(out.String()), "secretword") && !kept.MatchString(query+" "+request+answer) {
			t.Errorf("a word is left in\n%s", out.String())
		}
	})
}
