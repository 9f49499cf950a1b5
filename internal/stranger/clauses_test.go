package stranger_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/internal/stranger"
)

// small keeps worlds that are smaller and cuts others, because reading all of a large one takes long.
func small(tickets int) int {
	if tickets == 0 || tickets > 60 {
		return 60
	}
	return tickets
}

// eachVariant runs a test on a server of every variant of a service; its clock moves a second each request.
func eachVariant(t *testing.T, service string, run func(t *testing.T, s *stranger.Server, o stranger.Options)) {
	t.Helper()
	for i, v := range stranger.Variants() {
		if race.Enabled && i%share != 0 {
			continue
		}
		if v.Options.Service != "" && v.Options.Service != service {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			o, now := v.Options, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			o.Tickets = small(o.Tickets)
			o.Now = func() time.Time { now = now.Add(time.Second); return now }
			run(t, stranger.New(o), o)
		})
	}
}

// walk reads all pages of a list, in an order in which pages cannot overlap.
func walk(t *testing.T, s *stranger.Server, query string) []row {
	t.Helper()
	var all []row
	for page := 1; ; page++ {
		l := get(t, s, s.Key("read-write"), fmt.Sprintf("%s?page=%d&per_page=5&%s", tickets, page, query))
		all = append(all, l.Data...)
		if l.Meta.PerPage != 5 || l.Meta.Page != page || len(all) > l.Meta.Total {
			t.Fatalf("%s: page %d: meta %+v after %d rows", query, page, l.Meta, len(all))
		}
		if len(l.Data) == 0 {
			if len(all) != l.Meta.Total {
				t.Errorf("%s: %d rows, total %d", query, len(all), l.Meta.Total)
			}
			return all
		}
	}
}

func ids(rows []row) []string {
	all := []string{}
	for _, r := range rows {
		all = append(all, r["id"].(string))
	}
	slices.Sort(all)
	return all
}

func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(id string) bool { return !slices.Contains(b, id) })
}

// Filters that rows show agree with the rows; those they do not show, with what the facts tell.
func TestFilters(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	eachVariant(t, "inboxops", func(t *testing.T, s *stranger.Server, o stranger.Options) {
		all, w := walk(t, s, "sort=created_at&order=asc"), known(t, s)
		filters := map[string]string{"status": "waiting", "priority": "high", "inbox_id": w.InboxOps.Inboxes[0].ID}
		if len(w.InboxOps.Agents) > 0 {
			filters["assignee_id"] = w.InboxOps.Agents[0].ID
		}
		open := ids(walk(t, s, "status=open"))
		for _, name := range slices.Sorted(maps.Keys(filters)) {
			want := ids(slices.DeleteFunc(slices.Clone(all), func(r row) bool { return r[name] != filters[name] }))
			if diff := cmp.Diff(want, ids(walk(t, s, name+"="+filters[name]))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		unassigned := ids(slices.DeleteFunc(slices.Clone(all), func(r row) bool { return r["assignee_id"] != nil }))
		if diff := cmp.Diff(unassigned, ids(walk(t, s, "assignee_id=__unassigned__"))); diff != "" {
			t.Errorf("unassigned (-want +got):\n%s", diff)
		}
		for _, f := range w.InboxOps.CustomFields {
			for _, sample := range f.Samples[:min(2, len(f.Samples))] {
				q := "custom_field_" + f.Key + "=" + url.QueryEscape(sample.Value)
				rows := walk(t, s, q)
				found := ids(rows)
				if !slices.Contains(found, sample.TicketID) {
					t.Errorf("%s does not find %s", q, sample.TicketID)
				}
				if diff := cmp.Diff(both(found, open), ids(walk(t, s, q+"&status=open"))); diff != "" {
					t.Errorf("%s with status (-want +got):\n%s", q, diff)
				}
				for _, r := range rows {
					if f.InboxIDs != nil && !slices.Contains(f.InboxIDs, r["inbox_id"].(string)) {
						t.Errorf("%s finds a ticket of another inbox", q)
					}
				}
				if common := both(found, ids(walk(t, s, "custom_field_"+f.Key+"=__empty__"))); len(common) > 0 {
					t.Errorf("%s and no value share %v", q, common)
				}
			}
		}
		if tags := w.InboxOps.Tags; len(tags) > 1 {
			two := both(ids(walk(t, s, "tag_ids="+tags[0].ID)), ids(walk(t, s, "tag_ids="+tags[1].ID)))
			if diff := cmp.Diff(two, ids(walk(t, s, "tag_ids="+tags[1].ID+","+tags[0].ID))); diff != "" {
				t.Errorf("two tags (-want +got):\n%s", diff)
			}
		}
	})
}

// Lists are in the order asked for, at every page.
func TestOrder(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	eachVariant(t, "inboxops", func(t *testing.T, s *stranger.Server, o stranger.Options) {
		for _, key := range []string{"created_at", "updated_at"} {
			var times []time.Time
			for _, r := range walk(t, s, "order=desc&sort="+key) {
				at, err := time.Parse(time.RFC3339, strings.ToUpper(r[key].(string)))
				if err != nil {
					t.Fatal(err)
				}
				times = append(times, at)
			}
			if !slices.IsSortedFunc(times, func(a, b time.Time) int { return b.Compare(a) }) {
				t.Errorf("%s is not descending", key)
			}
		}
		var levels []string
		for _, r := range walk(t, s, "sort=priority&order=asc") {
			levels = append(levels, r["priority"].(string))
		}
		if levels = slices.Compact(levels); len(levels) > 4 {
			t.Errorf("priorities are not together: %v", levels)
		}
	})
}

// A search finds the one ticket that has a word, in subject or message; quotes, or and the dash work.
func TestSearch(t *testing.T) {
	t.Parallel()
	s := stranger.New(stranger.Options{})
	count := func(q string) int {
		return get(t, s, s.Key("read-write"), tickets+"?query="+url.QueryEscape(q)).Meta.Total
	}
	w := known(t, s)
	subject, body := "velvelvelvelix", "morvelvelvelix" // of the first ticket's subject, of the second's last message
	tests := map[string]int{
		subject: 1, strings.ToUpper(body): 1, subject + " or " + body: 2, subject + " " + body: 0, subject + " -" + subject: 0,
		subject + " -" + body: 1, `"Reference ` + body + `"`: 1, `"` + body + ` Reference"`: 0, "nosuchword": 0, `"`: 0, "-": 0,
	}
	for q, want := range tests {
		if got := count(q); got != want {
			t.Errorf("%s finds %d, want %d", q, got, want)
		}
	}
	if count("naïve") == 0 || count("überweisung") == 0 || count("支払い") == 0 || count("СЧЁТ") == 0 || count("unsent") != 0 {
		t.Error("words of other scripts are not found, or drafts are")
	}
	if get(t, s, s.Key("read-write"), tickets+"?query="+subject+"&q=nosuchword").Meta.Total != 1 || w.InboxOps.Tickets == nil {
		t.Error("query does not win over q")
	}
}

// Timelines are whole, without drafts, oldest first, the same by number, and a note is their last row.
func TestTimeline(t *testing.T) {
	t.Parallel()
	eachVariant(t, "inboxops", func(t *testing.T, s *stranger.Server, o stranger.Options) {
		rows := walk(t, s, "sort=created_at&order=asc")
		if len(rows) == 0 {
			return
		}
		r, key := rows[len(rows)*2/3], s.Key("read-write")
		at := tickets + "/" + r["id"].(string) + "/messages"
		number := tickets + "/" + fmt.Sprint(r["ticket_number"]) + "/messages"
		before := get(t, s, key, at).Data
		if diff := cmp.Diff(before, get(t, s, key, number).Data); diff != "" {
			t.Errorf("by number (-uuid +number):\n%s", diff)
		}
		mails, notes := get(t, s, key, at+"?types=email").Data, get(t, s, key, at+"?types=internal_note").Data
		if len(mails)+len(notes) != len(before) || len(both(ids(mails), ids(notes))) > 0 {
			t.Errorf("%d mails and %d notes of %d rows", len(mails), len(notes), len(before))
		}
		if w := ask(s, key, "POST "+number, note); w.Code != 201 {
			t.Fatalf("POST: %d %s", w.Code, w.Body)
		}
		after := get(t, s, key, at).Data
		if len(after) != len(before)+1 {
			t.Fatalf("%d rows after the note, %d before", len(after), len(before))
		}
		last := after[len(after)-1]
		if last["type"] != "internal_note" || last["body_text"] != "Grüße 🙂" || last["body_html"] != "<p>Grüße 🙂</p>" {
			t.Errorf("the last row is %v", last)
		}
		if ticket := known(t, s).InboxOps.Tickets["with-draft"]; ticket.ID != "" {
			shown := ids(get(t, s, key, tickets+"/"+ticket.ID+"/messages").Data)
			if drafts := both(ticket.DraftIDs, shown); len(drafts) > 0 {
				t.Errorf("drafts show: %v", drafts)
			}
		}
	})
}

// The statuses the documentation names come as it says.
func TestStatuses(t *testing.T) {
	t.Parallel()
	eachVariant(t, "inboxops", func(t *testing.T, s *stranger.Server, o stranger.Options) {
		nothing := tickets + "/" + nobody + "/messages"
		for line, want := range map[string]int{
			" GET " + tickets: 401, "revoked GET " + tickets: 401, "unentitled GET " + tickets: 403, "read-only GET " + tickets: 200,
			"member GET " + tickets: 401, "read-only POST " + nothing: 403, "revoked POST " + nothing: 401, "read-write GET " + nothing: 404,
			"read-write GET " + tickets + "/987654321/messages": 404, "read-write GET " + tickets + "?created_after=x": 400,
			"read-write GET " + tickets + "?custom_field_nothing=1": 400, "unentitled POST " + nothing: 403, " GET " + nothing: 401,
		} {
			kind, rest, _ := strings.Cut(line, " ")
			if got := ask(s, s.Key(kind), rest, note).Code; got != want {
				t.Errorf("%s: %d, want %d", line, got, want)
			}
		}
		if o.Tickets > 0 {
			number := fmt.Sprintf("%s/%d/messages", tickets, max(1, o.NumberBase))
			for body, want := range map[string]int{
				note: 201, `{"type":"internal_note","body_text":"x"}`: 201, `{"type":"internal_note","body_html":"x"}`: 201, note + "}": 400,
				`{"type":"email","body_text":"x"}`: 400, `{"type":"INTERNAL_NOTE","body_text":"x"}`: 400, `{"body_text":"x"}`: 400, "[]": 400,
				"5": 400, "{": 400, " ": 400, `{"type":"internal_note","body_text":5}`: 400,
			} {
				if got := ask(s, s.Key("read-write"), "POST "+number, body).Code; got != want {
					t.Errorf("%s: %d, want %d", body, got, want)
				}
			}
		}
		if known(t, s).InboxOps.CustomFields == nil || o.Sparse {
			return
		}
		query := tickets + "?"
		for i, f := range known(t, s).InboxOps.CustomFields[:11] {
			query += "&custom_field_" + f.Key + "=__empty__"
			if got := ask(s, s.Key("read-write"), "GET "+query, "").Code; got != map[bool]int{true: 200, false: 400}[i < 10] {
				t.Errorf("%d keys: %d", i+1, got)
			}
		}
		for _, q := range []string{"product=Printer", "purchase_date=15/03/2025", "callback_at=noon", "channels=Mail", "order_reference=a&custom_field_order_reference=b"} {
			if got := ask(s, s.Key("read-write"), "GET "+tickets+"?custom_field_"+q, "").Code; got != 400 {
				t.Errorf("%s: %d", q, got)
			}
		}
	})
}

// Keys are compared exactly, and taken from the header only.
func TestKeys(t *testing.T) {
	t.Parallel()
	s := stranger.New(stranger.Options{})
	key := s.Key("read-write")
	for name, header := range map[string]string{
		"in capitals": "Bearer " + strings.ToUpper(key), "cut": "Bearer " + key[:len(key)-1], "without a token": "Bearer",
		"another scheme": "Basic " + key, "no scheme": key, "no prefix": "Bearer " + key[4:],
	} {
		r := httptest.NewRequest("HEAD", tickets+"?key="+key, nil)
		r.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

// AppHandoff's threads obey limit, since and task_id, alone and together.
func TestThreads(t *testing.T) {
	t.Parallel()
	eachVariant(t, "apphandoff", func(t *testing.T, s *stranger.Server, o stranger.Options) {
		w, key := known(t, s).AppHandoff, s.Key("member")
		project := "/api/projects/" + w.Projects[0].ID + "/tickets/"
		for _, ticket := range w.Projects[0].Tickets {
			at := project + ticket.ID + "/messages"
			all := get(t, s, key, at+"?limit=200").Messages
			if len(all) != min(200, ticket.Messages) || len(get(t, s, key, at).Messages) != min(50, ticket.Messages) {
				t.Errorf("%d messages: %d with limit=200", ticket.Messages, len(all))
			}
			if len(all) < 6 || o.LatestFirst {
				continue
			}
			since := all[2]["created_at"].(string)
			later := ids(slices.DeleteFunc(slices.Clone(all), func(r row) bool { return r["created_at"].(string) <= since }))
			got := ids(get(t, s, key, at+"?limit=200&since="+url.QueryEscape(since)).Messages)
			if ticket.Messages <= 200 && !slices.Equal(later, got) {
				t.Errorf("since gives %d rows, want %d", len(got), len(later))
			}
			task := ids(get(t, s, key, at+"?limit=200&task_id="+ticket.Tasks[0].ID).Messages)
			got = ids(get(t, s, key, at+"?limit=200&task_id="+ticket.Tasks[0].ID+"&since="+url.QueryEscape(since)).Messages)
			if ticket.Messages <= 200 && (!slices.Equal(both(later, task), got) || len(task) == 0 || len(task) == len(all)) {
				t.Errorf("task_id and since give %d rows, want %d", len(got), len(both(later, task)))
			}
		}
		for line, want := range map[string][]int{
			" GET " + project + nobody + "/messages":                                                                  {401},
			"handoff-revoked GET " + project + nobody + "/messages":                                                   {401},
			"read-write GET " + project + nobody + "/messages":                                                        {401},
			"member GET " + project + nobody + "/messages":                                                            {404},
			"outsider GET " + project + nobody + "/messages":                                                          {403, 404},
			"member GET /api/projects/" + w.InaccessibleProjects[0].ID + "/tickets/" + nobody + "/messages":           {403, 404},
			"member GET /api/projects/" + w.Projects[1].ID + project[50:] + w.Projects[0].Tickets[0].ID + "/messages": {404},
		} {
			kind, rest, _ := strings.Cut(line, " ")
			if got := ask(s, s.Key(kind), rest, "").Code; !slices.Contains(want, got) {
				t.Errorf("%s: %d, want %v", line, got, want)
			}
		}
	})
}

// A limiter refuses, stores nothing, and lets pass after the wait it states.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"", "sliding", "bucket"} {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		s := stranger.New(stranger.Options{Limit: 10, LimitForm: form, Now: func() time.Time { return now }})
		last := http.Header{}
		for i := range 12 {
			w := ask(s, s.Key("read-write"), "POST "+tickets+"/4/messages", note)
			if want := map[bool]int{true: 201, false: 429}[i < 10]; w.Code != want {
				t.Errorf("%q: request %d: %d, want %d", form, i+1, w.Code, want)
			}
			last = w.Header()
		}
		wait, err := time.ParseDuration(last.Get("Retry-After") + "s")
		if err != nil || wait < time.Second {
			t.Fatalf("%q: Retry-After %q", form, last.Get("Retry-After"))
		}
		now = now.Add(wait)
		if rows := get(t, s, s.Key("read-write"), tickets+"/4/messages").Data; len(rows) < 10 {
			t.Errorf("%q: %d rows", form, len(rows))
		}
		if other := get(t, s, s.Key("limited"), tickets).Data; len(other) == 0 {
			t.Errorf("%q: the other workspace is limited too", form)
		}
	}
}
