package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/record"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// passed is a request of a walk.
type passed struct{ method, key, path, body string }

// recorded walks through a recording proxy before a target, and returns the case and
// the bodies of the answers.
func recorded(t *testing.T, target *fake, config record.Config, walk []passed) (text string, bodies []string) {
	t.Helper()
	config.Verdict, config.AnswerVerdict = verdict.OnRequest, verdict.OnResponse
	recorder := record.New(config)
	p := before(t, listen(t, target, nil).URL, mockserver.Config{Target: &mockserver.Target{Record: recorder}})
	for _, a := range walk {
		header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"Marker-Client/1"}, "Accept-Encoding": {"gzip"}}
		if a.key != "" {
			header.Set("Authorization", "Bearer "+a.key)
		}
		got := through(t, plain(), a.method, p.URL+a.path, header, strings.NewReader(a.body))
		bodies = append(bodies, got.Body)
	}
	var out bytes.Buffer
	if err := recorder.Write(&out); err != nil {
		t.Fatal(err)
	}
	if offered := p.get("", "/_mockdesk/case.yaml").want(200).Body; offered != out.String() {
		t.Errorf("the control API offers another case:\n%.2000s", offered)
	}
	return out.String(), bodies
}

// everyPage asks for all that there is, and writes.
func everyPage(target *fake) []passed {
	desk := target.desk()
	var walk []passed
	get := func(path string) { walk = append(walk, passed{"GET", readWrite, path, ""}) }
	for page := range 3 {
		get(fmt.Sprintf("/api/v1/tickets?per_page=20&page=%d&sort=created_at", page+1))
	}
	get("/api/v1/tickets?tag_ids=" + desk.Tags[0].ID.String())
	for i := range desk.Tickets {
		if i%2 == 0 {
			get("/api/v1/tickets/" + desk.Tickets[i].ID.String() + "/messages")
		} else {
			get(fmt.Sprintf("/api/v1/tickets/%d/messages", desk.Tickets[i].Number))
		}
	}
	for i := range 2 {
		walk = append(walk, passed{"POST", readWrite, "/api/v1/tickets/1004/messages", fmt.Sprintf(`{"type": "internal_note", "body_text": "Called Markerson %d."}`, i)})
	}
	get("/api/v1/tickets/1004/messages")
	get("/api/v1/tickets/1004/messages?types=internal_note")
	get("/api/v1/tickets?sort=updated_at&per_page=100")
	get("/api/v1/tickets?status=open,waiting&sort=priority&order=asc&per_page=100&inbox_id=" + desk.Inboxes[1].ID.String())
	get("/api/v1/tickets?assignee_id=" + desk.Agents[2].ID.String())
	get("/api/v1/tickets?tag_ids=" + desk.Tags[0].ID.String() + "&per_page=3")
	get("/api/v1/tickets?created_after=2025-05-01T00:00:00Z&sort=updated_at&order=asc")
	walk = append(walk, passed{"GET", "", "/api/v1/tickets", ""}, passed{"GET", "ixk_prod_0123456789abcdef", "/api/v1/tickets", ""},
		passed{"POST", readOnly, "/api/v1/tickets/1004/messages", `{"type": "internal_note", "body_text": "x"}`})
	for _, project := range target.Workspace("").Store.Projects() {
		for _, ticket := range project.Tickets {
			if project.Member {
				walk = append(walk, passed{"GET", member, "/api/projects/" + project.ID.String() + "/tickets/" + ticket.ID.String() + "/messages?limit=200", ""})
			}
		}
	}
	return walk
}

// standing starts a target with 40 tickets, whose clock stands still.
func standing(t *testing.T, seed uint64, more string) *fake {
	t.Helper()
	return start(t, mockserver.Config{Seed: seed, Tickets: 40, Case: casefile.MustParse("clock: {frozen: 2025-06-03T08:00:00Z}\n" + more)})
}

// A walk that was recorded raw gets byte for byte the same from the case, whatever
// the desk was sorted by.
func TestRecordedWalk(t *testing.T) {
	t.Parallel()
	if race.Enabled {
		t.Skip("the next test records under it")
	}
	own := "inboxops: {statuses: [{name: On ice, category: waiting}], agents: [{name: Grace Marker}], tickets: [{name: a, status: On ice, assignee: Grace Marker}]}"
	for seed, more := range map[uint64]string{1: "", 7: own} {
		target := standing(t, seed, more)
		walk := everyPage(target)
		text, want := recorded(t, target, record.Config{Raw: true}, walk)
		said, err := casefile.Parse("case.yaml", []byte(text))
		if err != nil {
			t.Fatalf("%v in\n%.3000s", err, text)
		}
		offline := start(t, mockserver.Config{Case: said.And(casefile.MustParse("clock: {frozen: 2025-06-03T08:00:00Z}"))})
		report := offline.replayed(text)
		wantSame(t, report, len(walk), 0)
		notes := regexp.MustCompile(`"id":"[0-9a-f-]+","direction":"outbound","type":"internal_note"`)
		for i, a := range walk {
			got := offline.send(a.method, a.key, a.path, a.body, "Content-Type: application/json").Body
			if strings.Contains(got, "/instances/") { // a problem names its request
				continue
			}
			same := func(body string) string { return notes.ReplaceAllString(body, "") }
			if diff := cmp.Diff(same(want[i]), same(got)); diff != "" {
				t.Fatalf("seed %d: %s %s (-target +case):\n%s", seed, a.method, a.path, diff)
			}
		}
	}
}

// marked is a desk with words that are nowhere else.
const marked = `
inboxops:
  inboxes: [{name: Markerbox Inbound, address: inbound@markerdesk.example}]
  agents: [{name: Quentin Markeragent, email: quentin@markerdesk.example}]
  statuses: [{name: Waiting on Markerlegal, category: waiting}]
  tags: [{name: markertag}]
  tickets:
  - name: markername
    subject: "Markersubject about INV-48151623: Überweisung fehlt"
    inbox: Markerbox Inbound
    assignee: Quentin Markeragent
    status: Waiting on Markerlegal
    contact: {name: Wilhelmina Markercontact, email: wilhelmina@markercompany.example}
    tags: [markertag]
    custom_fields: {company_name: Markercompany Ltd}
    messages:
    - text: "Dear Markerteam,\n\ncall +49 4815 162342 or see https://portal.markercompany.example/orders/markerorder?who=wilhelmina.\n\nRegards\nWilhelmina"
      to: "Markerdesk Support <inbound@markerdesk.example>"
      cc: "\"Boss, Markerboss\" <boss@markercompany.example>"
      attachments: [{name: markerfile contract.pdf}]
    - {from: agent, html: "<p title='markertitle'>Hello&nbsp;<b>Wilhelmina</b>, <a href=\"https://help.markerdesk.example/markerhelp\">markerlink</a><!-- markercomment --></p>", send_status: failed, send_error: "550 markererror mailbox wilhelmina@markercompany.example"}
    - {note: "Markernote: she is a Markervip."}
apphandoff:
  projects:
  - {name: markerproject, tickets: [{name: markerticket, tasks: [markertask], messages: [{author: human, author_id: markerauthor, text: "Please fix **Markerbug** in Markerfunction()."}]}]}
`

// markers are what no recorded file may hold, whatever the letter case.
var markers = regexp.MustCompile(`(?i)marker\w*|wilhelmina|quentin|überweisung|fehlt|48151623|162342|\bdear\b|\bregards\b|ixk_\w+|ah_k_\w+|please|orders`)

// No name, address or word of a body is left in a recorded file, and what the case
// answers is what the target answered in other words.
func TestRecordedWordsAreOthers(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	t.Parallel()
	target := standing(t, 3, marked)
	id := target.named("markername").ID
	project, ticket := fixtures.ProjectID("markerproject").String(), fixtures.HandoffID("markerproject", "markerticket").String()
	walk := []passed{
		{"GET", readWrite, "/api/v1/tickets?per_page=100", ""},
		{"GET", readWrite, "/api/v1/tickets?query=%22markersubject+about%22&per_page=5", ""},
		{"GET", readWrite, "/api/v1/tickets?query=markerteam", ""},
		{"GET", readWrite, "/api/v1/tickets?query=markernowhere+OR+markersubject", ""},
		{"GET", readWrite, "/api/v1/tickets?query=the+markerteam+-markernowhere", ""},
		{"GET", readWrite, "/api/v1/tickets?q=%22dear+markerteam%22+or+about", ""},
		{"GET", readWrite, "/api/v1/tickets/" + id + "/messages", ""},
		{"POST", readWrite, "/api/v1/tickets/" + id + "/messages", `{"type": "internal_note", "body_text": "Markerposted to wilhelmina@markercompany.example", "body_html": "<p>Markerhtml</p>", "markermember": "markervalue"}`},
		{"GET", readWrite, "/api/v1/tickets/" + id + "/messages?types=internal_note", ""},
		{"GET", readWrite, "/api/v1/tickets?query=markerposted", ""},
		{"GET", readWrite, "/api/v1/tickets?custom_field_company_name=Markercompany+Ltd&markerparam=markervalue", ""},
		{"GET", readWrite, "/api/v1/tickets?status=markerstatus", ""},
		{"GET", readWrite, "/api/v1/tickets/markerid/messages", ""},
		{"POST", readWrite, "/api/v1/tickets/" + id + "/messages", "Markertext that is no JSON " + readWrite},
		{"GET", member, "/api/projects/" + project + "/tickets/" + ticket + "/messages", ""},
		{"GET", readWrite, "/markerpath/elsewhere", ""},
		{"GET", readWrite, "/api/v1/tickets/999/messages", ""},
		{"GET", readWrite, "/api/v1/tickets?page=0&created_after=markerday", ""},
		{"GET", readWrite, "/api/v1/tickets?custom_field_unheard=markervalue", ""},
		{"GET", "ixk_test_revoked", "/api/v1/tickets", ""},
		{"GET", member, "/api/projects/" + project + "/tickets/" + ticket + "/messages?limit=0&since=markerday", ""},
		{"GET", "ah_k_test_reconnect", "/api/projects/" + project + "/tickets/" + ticket + "/messages", ""},
	}
	if raw, _ := recorded(t, standing(t, 3, marked), record.Config{Raw: true}, walk); len(markers.FindAllString(raw, -1)) < 40 {
		t.Errorf("the walk has few markers:\n%.9000s", raw)
	}
	for _, config := range []record.Config{{}, {MapIDs: true}, {Seed: 9}} {
		text, _ := recorded(t, standing(t, 3, marked), config, walk)
		for _, line := range strings.Split(text, "\n") {
			for _, found := range markers.FindAllString(line, -1) {
				if !strings.Contains(line, found+"member") && !strings.Contains(line, "markermember") && !strings.Contains(line, "markerparam") {
					t.Errorf("%q is left in %.300s", found, line)
				}
			}
		}
		if held := strings.Contains(text, id); held != !config.MapIDs {
			t.Errorf("with %+v, it is %v that ids are as they were", config, held)
		}
		if !strings.Contains(text, `Ticket \"999\"`) {
			t.Errorf("the refusal of /tickets/999 names another number:\n%.9000s", text)
		}
		offline := start(t, mockserver.Config{Case: casefile.MustParse(text)})
		report := offline.replayed("")
		for _, row := range report.Rows {
			if len(row.Differences) > 0 && !strings.Contains(row.Recorded.URL, "custom_field_company") {
				t.Errorf("%s %s: %v", row.Recorded.Method, row.Recorded.URL, row.Differences)
			}
		}
		if report.Sent != len(walk)-1 {
			t.Errorf("%s", report)
		}
		if !regexp.MustCompile(`subject: "?[A-Z][a-z]{12} [a-z]{5} [A-Z]{3}-\d{8}: [A-Z][a-z]{10} [a-z]{5}"?\n`).MatchString(text) {
			t.Errorf("the subject has another form:\n%.9000s", text)
		}
		again, _ := recorded(t, standing(t, 3, marked), config, walk)
		if head := func(s string) string { s, _, _ = strings.Cut(s, "\nrequests:"); return s }; head(again) != head(text) {
			t.Error("the same walk is another case")
		}
	}
}
