package defect_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/stranger"
)

const (
	nobody  = "00000000-0000-4000-8000-000000000000"
	tickets = "/api/v1/tickets"
	plain   = `{"type":"internal_note","body_html":"<p>Grüße 🙂 שלום</p>","body_text":"Grüße 🙂 שלום\nNext LINE"}`
)

// call is one request of a run.
type call struct {
	header, line, body string // header is Authorization
	media              string // "" is application/json
}

// queries are lists of tickets that show the filters alone and together, on several pages and in several orders.
func queries(w *facts.Facts, number string) []string {
	in := w.InboxOps
	times := []string{"2025-08-28T15:00:00Z", "2025-09-01T00:30:00%2B09:00"}
	alone := []string{
		"status=open", "status=waiting", "status=in_progress", "status=closed", "status=resolved", "status=open,closed", "status=closed,waiting,open",
		"status=open,bogus", "status=bogus", "status=open,in_progress,waiting,resolved,closed", "status=open&inbox_id=not-a-uuid", "inbox_id=" + in.Inboxes[0].ID, "inbox_id=" + nobody, "inbox_id=x", "assignee_id=__unassigned__",
		"assignee_id=" + in.Agents[0].ID, "assignee_id=" + in.Agents[1].ID, "assignee_id=" + in.Agents[2].ID, "assignee_id=x", "priority=low",
		"priority=normal", "priority=high", "priority=urgent", "priority=bogus", "tag_ids=" + in.Tags[0].ID,
		"tag_ids=" + in.Tags[0].ID + "," + in.Tags[1].ID, "tag_ids=" + in.Tags[1].ID + "," + in.Tags[0].ID, "tag_ids=" + nobody,
		"tag_ids=" + in.Tags[0].ID + "," + nobody, "tag_ids=" + in.Tags[0].ID + "," + in.Tags[1].ID + "," + in.Tags[2].ID,
		"query=printer", "query=velmorvelvelix", "q=morvelvelvelix", "q=%22error+code%22", "query=parcel", "query=Invoice", "query=naïve",
		"query=支払い", "query=invoice+yesterday", "query=%22code+seventeen%22", "query=%22seventeen+code%22", "query=%22CODE+SEVENTEEN%22", "query=%22SEVENTEEN+CODE%22", "query=%22the+last+update%22",
		"query=%22update+last+the%22", "query=printer+or+invoice", "query=printer+-invoice", "query=printer+or+zznothing+or+invoice", "query=printer+-zznothing+-invoice", "query=-invoice+printer", "query=%22printer%22+-invoice", "query=printer+-%22invoice%22", "query=%22", "query=-", "query=zznothing",
		"query=printer&q=invoice", "q=invoice&query=printer", "q=%22seventeen+code%22", "query=" + number, "query=%22reply+quick%22&status=open", "query=printer+OR+parcel",
	}
	for _, name := range []string{"created", "updated"} {
		for _, at := range times {
			alone = append(alone, name+"_after="+at, name+"_before="+at)
		}
		alone = append(alone, name+"_after=2025-08-31T20:00:00Z&"+name+"_before=2025-09-03T13:00:00Z", name+"_after=x", name+"_before=x", name+"_after=2025-08-28T02:00:00Z&"+name+"_before=2025-08-30T13:00:00Z")
	}
	for _, f := range in.CustomFields {
		seen := map[string]bool{}
		for _, s := range f.Samples {
			if v := url.QueryEscape(s.Value); !seen[v] {
				seen[v] = true
				alone = append(alone, "custom_field_"+f.Key+"="+v)
			}
		}
		alone = append(alone, "custom_field_"+f.Key+"=__empty__")
	}
	all := []string{
		"", "sort=created_at&order=asc&per_page=50", "sort=created_at&order=asc&page=999", "page=0", "page=-1", "page=abc", "per_page=abc", "per_page=-1", "tag_ids=x", "page=99999999999999999999999",
		"query=%00", "unknown=1", "sort=bogus", "order=bogus", "per_page=1", "sort=updated_at&order=asc&per_page=50",
	}
	for _, sort := range []string{"created_at", "updated_at", "priority"} {
		for _, order := range []string{"asc", "desc"} {
			for _, page := range []string{"per_page=50", "per_page=2&page=1", "per_page=2&page=2", "per_page=2&page=3", "status=open&per_page=50"} {
				all = append(all, "sort="+sort+"&order="+order+"&"+page)
			}
		}
	}
	for _, name := range []string{"created_after", "updated_after"} {
		for _, at := range []string{"2025-08-20T10:00:00Z", "2025-08-26T11:00:00Z", "2025-09-02T11:30:00Z"} {
			all = append(all, name+"="+at+"&sort=created_at&order=asc&per_page=50")
		}
	}
	for i, q := range alone {
		second := alone[i*7%len(alone)] + "&" + alone[(i*11+3)%len(alone)]
		all = append(all, q+"&sort=created_at&order=asc&per_page=50", q, q+"&sort=created_at&order=desc&page=3&per_page=2", q+"&sort=priority&order=asc&per_page=3",
			q+"&per_page=1&sort=created_at&order=asc&page=2", q+"&status=closed", q+"&query=the", q+"&custom_field_is_vip=true&per_page=3", q+"&tag_ids="+in.Tags[3].ID,
			q+"&priority=low&inbox_id="+in.Inboxes[0].ID, q+"&"+second)
	}
	all = append(all, odd(w)...)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] }) // so that each kind comes early
	return all
}

// number returns a number that stands in a subject.
func number(s *stranger.Server) string {
	rec := httptest.NewRecorder()
	r := httptest.NewRequest("GET", tickets, nil)
	r.Header.Set("Authorization", "Bearer "+s.Key("read-write"))
	s.ServeHTTP(rec, r)
	return regexp.MustCompile(`1[0-3]\d\d\b`).FindString(strings.Join(regexp.MustCompile(`"subject":"[^"]*`).FindAllString(rec.Body.String(), -1), " "))
}

// odd are custom fields in number, twice and of values that are wrong.
func odd(w *facts.Facts) []string {
	all := []string{
		"custom_field_product=Printer", "custom_field_product=" + nobody, "custom_field_channels=Mail", "custom_field_nothing=1", "custom_field_purchase_date=15/03/2025",
		"custom_field_purchase_date=2024-02-30", "custom_field_callback_at=noon", "custom_field_quantity=1&custom_field_quantity=2",
		"custom_field_quantity=2&custom_field_quantity=1", "custom_field_is_vip=true&custom_field_nothing=1",
		"custom_field_callback_at=2025-03-15T14:30:00%2B05:30", "custom_field_shipped_at=2025-03-15T23:00:00%2B02:00",
	}
	query := ""
	for _, f := range w.InboxOps.CustomFields[:11] {
		query += "&custom_field_" + f.Key + "=__empty__"
		all = append(all, query[1:])
	}
	return all
}

// bodies of notes, good and bad.
var bodies = []string{
	plain, `{"type":"internal_note","body_text":"Text ALONE"}`, `{"type":"internal_note","body_html":"<p>HTML alone</p>"}`, `{"type":"internal_note"}`,
	`{"type":"internal_note","body_text":"` + strings.Repeat("long ", 200) + `"}`, `{"type":"email","body_text":"x"}`, `{"type":"reply","body_text":"x"}`,
	`{"type":"note","body_text":"x"}`, `{"type":"INTERNAL_NOTE","body_text":"x"}`, `{"body_text":"x"}`, `{"type":5,"body_text":"x"}`, `{"type":"internal_note","body_text":5}`,
	`{"type":"internal_note","body_html":5}`, `[1]`, `5`, `{`, "",
}

// requests is a run that shows every defect; list and thread say which of the services' lists it holds.
func requests(s *stranger.Server, w *facts.Facts, list, thread bool) []call {
	rw, ro := "Bearer "+s.Key("read-write"), "Bearer "+s.Key("read-only")
	at := func(id string) string { return tickets + "/" + id + "/messages" }
	all := []call{{header: rw, line: "GET " + tickets + "?per_page=100"}, {header: ro, line: "GET " + tickets}, {header: ro, line: "GET " + at("2")}, {header: rw, line: "GET " + tickets + "?page=3&per_page=2"}}
	if list {
		for _, q := range queries(w, number(s)) {
			all = append(all, call{header: rw, line: "GET " + tickets + "?" + q})
		}
	}
	if thread {
		return append(all, threads(s, w)...)
	}
	ids := []string{"2", "4", "6", nobody, "987654", "x"}
	for _, name := range slices.Sorted(maps.Keys(w.InboxOps.Tickets)) {
		t := w.InboxOps.Tickets[name]
		ids = append(ids, t.ID, strconv.Itoa(t.TicketNumber))
	}
	for _, id := range ids {
		for _, q := range []string{"", "?types=email", "?types=internal_note", "?types=email,internal_note", "?types=internal_note,email", "?types=email,%20internal_note", "?types=bogus", "?types=email,bogus", "?page=2", "?per_page=1"} {
			all = append(all, call{header: rw, line: "GET " + at(id) + q})
		}
		for _, types := range []string{"email", "internal_note", "email,internal_note"} {
			all = append(all, call{header: ro, line: "GET " + at(id) + "?types=" + types})
		}
	}
	all = append(all, keys(s)...)
	for _, id := range []string{"4", "6", w.InboxOps.Tickets["unassigned"].ID, nobody, "987654", "x"} {
		for _, body := range bodies {
			all = append(all, call{header: rw, line: "POST " + at(id), body: body}, call{header: rw, line: "GET " + at(id)})
		}
		all = append(all, call{header: rw, line: "POST " + at(id), body: plain, media: "application/json; charset=utf-8"},
			call{header: rw, line: "POST " + at(id), body: plain, media: "text/plain"},
			call{header: rw, line: "POST " + at(id), body: "type=internal_note", media: "application/x-www-form-urlencoded"})
		for range 2 {
			for _, kind := range []string{"read-only", "revoked", "unentitled", ""} {
				all = append(all, call{header: strings.TrimSuffix("Bearer "+s.Key(kind), "Bearer "), line: "POST " + at(id), body: plain}, call{header: rw, line: "GET " + at(id)})
			}
		}
		for _, q := range []string{"?types=email", "?types=internal_note", "", ""} {
			all = append(all, call{header: rw, line: "GET " + at(id) + q})
		}
	}
	return append(append(all, call{header: rw, line: "GET " + tickets + "?per_page=100"}), limited(s)...)
}

// keys are requests under every header.
func keys(s *stranger.Server) []call {
	var all []call
	rw := s.Key("read-write")
	for _, header := range []string{
		"", "Bearer", "Bearer ", "Bearer x", "Bearer ixk_unknown", "Basic " + rw, "Bearer " + s.Key("revoked"), "Bearer " + s.Key("unentitled"),
		"Bearer " + strings.ToUpper(rw), "Bearer " + rw[:len(rw)-1], "Bearer " + rw[4:], "Bearer " + s.Key("read-only"), "Bearer " + s.Key("member"),
	} {
		for _, line := range []string{
			"GET " + tickets, "GET " + tickets + "/2/messages", "HEAD " + tickets, "HEAD " + tickets + "/2/messages", "GET " + tickets + "?api_key=" + rw,
			"GET " + tickets + "?status=open", "GET " + tickets + "?page=2", "GET " + tickets + "?query=invoice", "GET " + tickets + "?sort=priority", "GET " + tickets + "/2/messages?types=email",
			"GET " + tickets + "/2/messages?types=internal_note",
		} {
			all = append(all, call{header: header, line: line})
		}
	}
	return append(all, call{header: "Bearer " + rw, line: "GET /api/v1/nothing"}, call{header: "Bearer " + rw, line: "DELETE " + tickets})
}

// limited goes beyond the limit of a key that has one, waits, and goes on.
func limited(s *stranger.Server) []call {
	key := "Bearer " + s.Key("limited")
	var all []call
	for range 7 {
		all = append(all, call{header: key, line: "GET " + tickets})
	}
	all = append(all, call{header: key, line: "GET " + tickets + "/2/messages"}, call{header: key, line: "POST " + tickets + "/2/messages", body: plain},
		call{header: "Bearer " + s.Key("read-write"), line: "GET " + tickets + "/2/messages"})
	return append(all, call{line: "wait"}, call{header: key, line: "GET " + tickets})
}

func threads(s *stranger.Server, w *facts.Facts) []call {
	p := w.AppHandoff.Projects
	at := func(project, ticket string) string {
		return "/api/projects/" + project + "/tickets/" + ticket + "/messages"
	}
	member := "Bearer " + s.Key("member")
	var all []call
	for _, t := range p[0].Tickets {
		queries := []string{
			"", "limit=200", "limit=150", "limit=100", "limit=1", "limit=5", "limit=201", "limit=5000", "limit=0", "limit=-1", "limit=x", "since=2999-01-01T00:00:00Z",
			"since=x", "task_id=" + nobody, "task_id=x", "limit=7&since=2025-09-22T14:00:00%2B05:00", "since=2025-09-22T14:00:00%2B05:00",
			"since=2025-09-22T13:30:00Z&limit=200", "since=2025-09-22T13:30:00Z&limit=1",
		}
		head := httptest.NewRecorder()
		r := httptest.NewRequest("GET", at(p[0].ID, t.ID)+"?limit=200", nil)
		r.Header.Set("Authorization", member)
		s.ServeHTTP(head, r)
		var thread struct {
			Messages []struct {
				CreatedAt string `json:"created_at"`
			}
		}
		if json.Unmarshal(head.Body.Bytes(), &thread) == nil {
			for i := 0; i < len(thread.Messages); i += 3 {
				queries = append(queries, "since="+thread.Messages[i].CreatedAt, "limit=200&since="+thread.Messages[i].CreatedAt, "limit=3&since="+thread.Messages[i].CreatedAt)
				for _, task := range t.Tasks {
					queries = append(queries, "limit=200&task_id="+task.ID+"&since="+thread.Messages[i].CreatedAt)
				}
			}
		}
		for _, task := range t.Tasks {
			for _, q := range []string{"", "&limit=200", "&limit=3", "&since=2025-09-22T14:00:00Z", "&since=2025-09-22T14:00:00Z&limit=3", "&since=2025-09-22T19:00:00%2B05:00"} {
				queries = append(queries, "task_id="+task.ID+q)
			}
		}
		for _, q := range queries {
			all = append(all, call{header: member, line: "GET " + at(p[0].ID, t.ID) + "?" + q})
		}
	}
	paths := []string{
		at(p[0].ID, p[0].Tickets[1].ID), at(p[0].ID, p[0].Tickets[1].ID) + "?limit=9", at(p[0].ID, p[0].Tickets[1].ID) + "?since=2025-01-01T00:00:00Z", at(p[0].ID, nobody), at(p[0].ID, nobody) + "?limit=9", at(nobody, nobody),
		at(p[1].ID, p[0].Tickets[1].ID), at(w.AppHandoff.InaccessibleProjects[0].ID, w.AppHandoff.InaccessibleProjects[0].Tickets[0].ID), at("x", "x"), at(p[0].ID, "x"),
	}
	for _, path := range paths {
		for _, header := range []string{
			member, "", "Bearer x", "Bearer", "Bearer " + s.Key("outsider"), "Bearer " + s.Key("handoff-revoked"), "Bearer " + s.Key("read-write"),
			"Bearer " + strings.ToUpper(s.Key("member")), member[:len(member)-1],
		} {
			all = append(all, call{header: header, line: "GET " + path})
		}
	}
	return all
}
