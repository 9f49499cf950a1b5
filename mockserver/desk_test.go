package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

// deskStart is when the tests of acts begin; each act comes a minute later.
var deskStart = time.Date(2025, time.June, 3, 9, 0, 0, 0, time.UTC)

// act does an act, a minute after the last one, and returns when it was done. The
// answer is read into a value unless that is nil.
func (f *fake) act(into any, method, path, body string) time.Time {
	f.t.Helper()
	f.control("POST", "clock/advance", `{"by":"1m"}`).want(200)
	a := f.control(method, "desk/"+path, body)
	if a.Status > 299 {
		f.t.Fatalf("%s %s %s: %d %s", method, path, body, a.Status, a.Body)
	}
	if into != nil {
		a.decode(into)
	}
	return f.Workspace("").Clock.Now()
}

// row returns a ticket as the list has it, which a query of its times finds.
func (f *fake) row(id string) ticket {
	f.t.Helper()
	for _, row := range f.list("sort=updated_at&order=desc&per_page=100").Data {
		if row.ID == id {
			return row
		}
	}
	f.t.Fatalf("no ticket %s is listed", id)
	return ticket{}
}

// heard reads the messages of a thread of AppHandoff.
func (f *fake) heard(path string) (bodies []string, times []string) {
	f.t.Helper()
	var got struct {
		Messages []struct {
			Body      string
			CreatedAt string `json:"created_at"`
		}
	}
	f.get(member, path).want(200).decode(&got)
	for _, m := range got.Messages {
		bodies, times = append(bodies, m.Body), append(times, m.CreatedAt)
	}
	return bodies, times
}

// checkoutThread is where AppHandoff answers the ticket of the step checkout.
var checkoutThread = threadPath(fixtures.ProjectID("checkout"), fixtures.HandoffID("checkout", "refunds"))

// stuckID is the id of the ticket of the step bring.
var stuckID = fixtures.TicketID("stuck").String()

// bringStuck brings it.
const bringStuck = `{"name":"stuck","status":"open","inbox":"Enterprise","assignee":"nobody","priority":"low","tags":[],"custom_fields":{"sla_tier":"Gold","seats":3},"messages":[{"text":"It hangs."}]}`

// TestDesk looks at what clients see of acts.
func TestDesk(t *testing.T) {
	t.Parallel()
	deskProofs.run(t, mockserver.Config{Tickets: 60, Now: func() time.Time { return deskStart }})
}

var deskProofs = proofs{
	"E1 each change of a ticket moves updated_at": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		for _, change := range []string{
			`{"subject":"It hangs"}`, `{"status":"waiting"}`, `{"status":"Waiting on third party"}`, `{"priority":"urgent"}`, `{"inbox":"Billing & Accounts"}`,
			`{"assignee":"` + f.desk().Agents[0].Email + `"}`, `{"assignee":null}`, `{"contact":{"email":"ada@example.com"}}`, `{"contact":null}`, `{"tags":["billing"]}`, `{"tags":[]}`,
			`{"custom_fields":{"seats":4}}`, `{"custom_fields":{"seats":null}}`, `{"remind_at":"+2h"}`, `{"remind_status":"Escalated"}`, `{"remind_at":null}`,
		} {
			at := f.act(nil, "PATCH", "tickets/stuck", change).Format(wire)
			if got := f.row(stuckID).UpdatedAt; got != at {
				t.Errorf("%s: updated_at %s, want %s", change, got, at)
			}
			f.act(nil, "PATCH", "tickets/stuck", change) // now it is so already
			if got := f.row(stuckID).UpdatedAt; got != at && !strings.Contains(change, "+2h") {
				t.Errorf("%s again: updated_at %s, want %s", change, got, at)
			}
		}
	},
	"E2 a message that shows moves updated_at, a draft does not": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		last := f.row(stuckID)
		for _, test := range []struct {
			method, body string
			moves        bool
		}{
			{"POST", `{"draft":true,"text":"Well"}`, false},
			{"PATCH", `{"text":"Well then"}`, false},
			{"DELETE", ``, false},
			{"POST", `{"from":"agent","send_status":"pending"}`, true},
			{"PATCH", `{"send_status":"sending"}`, true},
			{"PATCH", `{"text":"Well then"}`, true},
			{"DELETE", ``, true},
			{"POST", `{"note":"Look."}`, true},
			{"DELETE", ``, true},
		} {
			path := "tickets/stuck/messages"
			if test.method != "POST" {
				path += "/" + f.newestMessage("stuck")
			}
			at := f.act(nil, test.method, path, test.body).Format(wire)
			now := f.row(stuckID)
			want := last
			if test.moves {
				want.UpdatedAt = at
			}
			if diff := cmp.Diff(want, now); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", test.method, test.body, diff)
			}
			last = now
		}
	},
	"E3 a draft that is sent gets the time of its sending and comes last": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		var draft, sent struct{ ID, CreatedAt string }
		f.act(&draft, "POST", "tickets/stuck/messages", `{"draft":true}`)
		f.act(nil, "POST", "tickets/stuck/messages", `{"from":"customer"}`)
		if got := f.timeline(stuckID, ""); len(got) != 2 {
			t.Fatalf("%d messages show, want 2", len(got))
		}
		at := f.act(&sent, "PATCH", "tickets/stuck/messages/"+draft.ID, `{"draft":false}`).Format(wire)
		got := f.timeline(stuckID, "")
		if last := got[len(got)-1]; last.ID != draft.ID || last.CreatedAt != at || *last.SendStatus != "sent" || f.row(stuckID).UpdatedAt != at {
			t.Errorf("sent at %s, and the last message is %+v", at, last)
		}
	},
	"E4 times go on, whatever the clock shows": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		f.control("PUT", "clock", `{"mode":"frozen","at":"2025-01-01T00:00:00Z"}`).want(200)
		last := f.row(stuckID).UpdatedAt
		for i := range 6 {
			body := fmt.Sprintf(`{"priority":%q}`, []string{"high", "low"}[i/2%2])
			if i%2 == 0 {
				f.control("POST", "desk/tickets/stuck/messages", `{}`).want(201)
			} else {
				f.control("PATCH", "desk/tickets/stuck", body).want(200)
			}
			before, err := time.Parse(wire, last)
			if err != nil {
				t.Fatal(err)
			}
			if last = f.row(stuckID).UpdatedAt; last != before.Add(time.Millisecond).Format(wire) {
				t.Errorf("act %d: updated_at %s after %s", i, last, before.Format(wire))
			}
		}
		messages := f.timeline(stuckID, "")
		for i := 1; i < len(messages); i++ {
			if messages[i].CreatedAt <= messages[i-1].CreatedAt {
				t.Errorf("message %d comes at %s after %s", i, messages[i].CreatedAt, messages[i-1].CreatedAt)
			}
		}
	},
	"E5 a ticket that is gone is 404, and its number is not used again": func(t *testing.T, f *fake) {
		var first, second struct {
			TicketNumber int `json:"ticket_number"`
		}
		f.act(&first, "POST", "tickets", bringStuck)
		total := f.list("").Meta.Total
		f.act(nil, "DELETE", "tickets/stuck", "")
		f.act(&second, "POST", "tickets", `{}`)
		if second.TicketNumber != first.TicketNumber+1 || f.list("").Meta.Total != total {
			t.Errorf("number %d after %d; %d tickets", second.TicketNumber, first.TicketNumber, f.list("").Meta.Total)
		}
		for _, id := range []string{stuckID, fmt.Sprint(first.TicketNumber)} {
			f.get(readWrite, "/api/v1/tickets/"+id+"/messages").refused(404, "not_found")
			f.post(readWrite, "/api/v1/tickets/"+id+"/messages", noteBody).refused(404, "not_found")
		}
		seeded := f.desk().Tickets[3]
		f.act(nil, "DELETE", fmt.Sprint("tickets/", seeded.Number), "")
		f.get(readWrite, "/api/v1/tickets/"+seeded.ID.String()+"/messages").refused(404, "not_found")
	},
	"E6 a reminder goes with the waiting": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		at := f.act(nil, "PATCH", "tickets/stuck", `{"status":"waiting","remind_at":"+2h"}`)
		if got := f.row(stuckID); got.RemindAt == nil || *got.RemindAt != at.Add(2*time.Hour).Format(wire) {
			t.Errorf("the reminder is at %v", got.RemindAt)
		}
		f.act(nil, "PATCH", "tickets/stuck", `{"status":"in_progress"}`)
		if got := f.row(stuckID); got.RemindAt != nil {
			t.Errorf("the reminder is at %s", *got.RemindAt)
		}
	},
	"E7 a ticket that moves loses the values that are not of its inbox": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		gold := "custom_field_sla_tier=" + f.option("sla_tier", "Gold")
		if !f.meets(gold, stuckID) {
			t.Error("it is not gold before")
		}
		f.act(nil, "PATCH", "tickets/stuck", `{"inbox":"Support"}`)
		for query, want := range map[string]bool{gold: false, "custom_field_seats=3": true} {
			if found := f.meets(query, stuckID); found != want {
				t.Errorf("%s finds it: %t", query, found)
			}
		}
	},
	"E8 a message of AppHandoff is later than the last one": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "projects", bringCheckout)
		f.control("PUT", "clock", `{"mode":"frozen","at":"2025-06-03T10:00:00Z"}`).want(200)
		for i := range 4 {
			_, times := f.heard(checkoutThread)
			since := times[len(times)-1]
			f.control("POST", "desk/projects/checkout/tickets/refunds/messages", fmt.Sprintf(`{"text":"%d"}`, i)).want(201)
			if bodies, _ := f.heard(checkoutThread + "?since=" + url.QueryEscape(since)); len(bodies) != 1 || bodies[0] != fmt.Sprint(i) {
				t.Errorf("since %s: %q", since, bodies)
			}
		}
	},
	"E9 a message of AppHandoff keeps its time": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "projects", bringCheckout)
		_, before := f.heard(checkoutThread)
		f.act(nil, "PATCH", "projects/checkout/tickets/refunds/messages/"+why, `{"text":"How?"}`)
		bodies, times := f.heard(checkoutThread)
		if diff := cmp.Diff(before, times); diff != "" || bodies[0] != "How?" {
			t.Errorf("%q\n%s", bodies, diff)
		}
		f.act(nil, "DELETE", "projects/checkout/tickets/refunds/messages/"+why, "")
		if bodies, _ := f.heard(checkoutThread); len(bodies) != 0 {
			t.Errorf("%q", bodies)
		}
	},
	"E10 a member that is taken from a project gets 403": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "projects", bringCheckout)
		for _, test := range []struct {
			body   string
			status int
		}{{`{"member":true}`, 200}, {`{"member":false}`, 403}, {`{"member":true}`, 200}} {
			f.act(nil, "PATCH", "projects/checkout", test.body)
			f.get(member, checkoutThread).want(test.status)
		}
		seeded := f.projects()[0]
		f.act(nil, "PATCH", "projects/"+seeded.ID.String(), `{"member":false}`)
		f.get(member, threadPath(seeded.ID, seeded.Tickets[0].ID)).want(403)
	},
	"E11 any send_status may follow any": func(t *testing.T, f *fake) {
		f.act(nil, "POST", "tickets", bringStuck)
		var mail struct{ ID string }
		f.act(&mail, "POST", "tickets/stuck/messages", `{"from":"agent","send_status":"pending"}`)
		for _, status := range []string{"sending", "failed", "pending", "failed", "sent", "failed", "sending", "sent", "pending", "sent"} {
			at := f.act(nil, "PATCH", "tickets/stuck/messages/"+mail.ID, `{"send_status":"`+status+`"}`).Format(wire)
			var got struct {
				Data []struct {
					SendStatus string  `json:"send_status"`
					SendError  *string `json:"send_error"`
					SentAt     *string `json:"sent_at"`
				}
			}
			f.get(readWrite, "/api/v1/tickets/"+stuckID+"/messages").want(200).decode(&got)
			m := got.Data[1]
			if m.SendStatus != status || (m.SendError != nil) != (status == "failed") || (m.SentAt != nil) != (status == "sent") || m.SentAt != nil && *m.SentAt != at {
				t.Errorf("%s at %s: %+v", status, at, m)
			}
		}
		f.act(nil, "PATCH", "tickets/stuck/messages/"+mail.ID, `{"send_status":"failed","send_error":"mailbox full"}`)
		f.act(nil, "PATCH", "tickets/stuck/messages/"+mail.ID, `{"send_error":"mailbox gone"}`)
		if got := f.timeline(stuckID, "")[1]; *got.SendError != "mailbox gone" {
			t.Errorf("%s", *got.SendError)
		}
	},
	"E12 a new ticket comes now, or as it is brought": func(t *testing.T, f *fake) {
		last := f.list("per_page=1&sort=created_at&order=desc").Meta.Total
		at := f.act(nil, "POST", "tickets", bringStuck).Format(wire)
		if got := f.row(stuckID); got.CreatedAt != at || got.UpdatedAt != at || got.TicketNumber != 1001+last {
			t.Errorf("at %s comes %+v", at, got)
		}
		var old ticket
		now := f.act(&old, "POST", "tickets", `{"created_at":"-3d","messages":[{"text":"Hello"},{"from":"agent","created_at":"-2d"}]}`)
		if old.CreatedAt != now.AddDate(0, 0, -3).Format(wire) || old.UpdatedAt < now.AddDate(0, 0, -2).Format(wire) || old.UpdatedAt > now.Format(wire) {
			t.Errorf("at %s comes %+v", now.Format(wire), old)
		}
	},
}

// newestMessage returns the id of the last message of a ticket, drafts included.
func (f *fake) newestMessage(ref string) string {
	f.t.Helper()
	var whole struct{ Messages []struct{ ID string } }
	f.control("GET", "desk/tickets/"+ref, "").want(200).decode(&whole)
	return whole.Messages[len(whole.Messages)-1].ID
}

// option returns the id of an option of a custom field.
func (f *fake) option(key, label string) string {
	f.t.Helper()
	for _, def := range f.desk().CustomFields {
		for _, option := range def.Options {
			if def.Key == key && option.Label == label {
				return option.ID.String()
			}
		}
	}
	f.t.Fatalf("%s has no option %s", key, label)
	return ""
}

// meets reports whether a query finds a ticket, on whatever page, and that its
// total is the number of rows.
func (f *fake) meets(query, id string) bool {
	f.t.Helper()
	found, rows := false, 0
	for n := 1; ; n++ {
		p := f.list(fmt.Sprintf("%s&per_page=100&page=%d", query, n))
		for _, row := range p.Data {
			found = found || row.ID == id
		}
		if rows += len(p.Data); len(p.Data) < 100 {
			if rows != p.Meta.Total {
				f.t.Errorf("%s: %d rows of %d", query, rows, p.Meta.Total)
			}
			return found
		}
	}
}

// TestActsShow asks after each act in every way that a client has.
func TestActsShow(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 60, Now: func() time.Time { return deskStart }})
	d := f.desk()
	f.act(nil, "POST", "tickets", bringStuck)
	total := f.list("").Meta.Total
	for _, step := range []struct {
		change, finds, loses string // a query that finds the ticket behind the change and not before, and the other way round
	}{
		{`{"subject":"Zyxlor of the export"}`, "query=zyxlor", ""},
		{`{"status":"closed"}`, "status=closed", "status=open"},
		{`{"status":"Reopened"}`, "status=open", "status=closed"},
		{`{"priority":"urgent"}`, "priority=urgent", "priority=low"},
		{`{"custom_fields":{"seats":4711}}`, "custom_field_seats=4711", "custom_field_seats=3"},
		{`{"custom_fields":{"sla_tier":"Silver"}}`, "custom_field_sla_tier=" + f.option("sla_tier", "Silver"), "custom_field_sla_tier=" + f.option("sla_tier", "Gold")},
		{`{"custom_fields":{"sla_tier":null}}`, "custom_field_sla_tier=__empty__", "custom_field_sla_tier=" + f.option("sla_tier", "Silver")},
		{`{"inbox":"Mobile"}`, "inbox_id=" + d.Inboxes[3].ID.String(), "inbox_id=" + d.Inboxes[4].ID.String()},
		{`{"inbox":"Enterprise"}`, "inbox_id=" + d.Inboxes[4].ID.String(), "inbox_id=" + d.Inboxes[3].ID.String()},
		{`{"assignee":"` + d.Agents[2].Name + `"}`, "assignee_id=" + d.Agents[2].ID.String(), "assignee_id=__unassigned__"},
		{`{"assignee":"nobody"}`, "assignee_id=__unassigned__", "assignee_id=" + d.Agents[2].ID.String()},
		{`{"tags":["billing","export"]}`, "tag_ids=" + f.tag("billing") + "," + f.tag("export"), ""},
		{`{"tags":["vip","export"]}`, "tag_ids=" + f.tag("vip"), "tag_ids=" + f.tag("billing")},
	} {
		if f.meets(step.finds, stuckID) || step.loses != "" && !f.meets(step.loses, stuckID) {
			t.Errorf("before %s, %s finds the ticket or %s does not", step.change, step.finds, step.loses)
		}
		at := f.act(nil, "PATCH", "tickets/stuck", step.change)
		if !f.meets(step.finds, stuckID) || step.loses != "" && f.meets(step.loses, stuckID) {
			t.Errorf("behind %s, %s does not find the ticket or %s does", step.change, step.finds, step.loses)
		}
		if !f.meets("updated_after="+at.Format(time.RFC3339), stuckID) || f.list("sort=updated_at&order=desc&per_page=1").Data[0].ID != stuckID {
			t.Errorf("behind %s, the ticket is not the last that was updated", step.change)
		}
		if n := f.list("").Meta.Total; n != total {
			t.Errorf("behind %s, there are %d tickets, not %d", step.change, n, total)
		}
	}
	f.act(nil, "POST", "tickets/stuck/messages", `{"from":"agent","text":"Quvint it again.","attachments":["log.txt",{"name":"shot.png","inline":true}]}`)
	messages := f.timeline(stuckID, "")
	last := messages[len(messages)-1]
	if !f.meets("query=quvint", stuckID) || len(last.Attachments) != 2 || last.Attachments[1].Disposition != "inline" || !strings.Contains(*last.BodyHTML, *last.Attachments[1].ContentID) {
		t.Errorf("%+v does not show", last)
	}
	f.act(nil, "PATCH", "tickets/stuck/messages/"+last.ID, `{"text":"Brelma it again."}`)
	last = f.timeline(stuckID, "types=email")[len(messages)-1]
	if f.meets("query=quvint", stuckID) || !f.meets("query=brelma", stuckID) || !strings.Contains(*last.BodyHTML, *last.Attachments[1].ContentID) {
		t.Errorf("%+v is not what is said", last)
	}
	f.act(nil, "DELETE", "tickets/stuck/messages/"+last.ID, "")
	if f.meets("query=brelma", stuckID) || len(f.timeline(stuckID, "")) != len(messages)-1 {
		t.Error("the message is still there")
	}
	f.act(nil, "DELETE", "tickets/stuck", "")
	if f.meets("", stuckID) || f.list("").Meta.Total != total-1 {
		t.Error("the ticket is still there")
	}
}

// tag returns the id of a tag.
func (f *fake) tag(name string) string {
	f.t.Helper()
	for _, tag := range f.desk().Tags {
		if tag.Name == name {
			return tag.ID.String()
		}
	}
	f.t.Fatalf("no tag is called %s", name)
	return ""
}

// sight is all that can be seen of the desk.
func (f *fake) sight() map[string]string {
	f.t.Helper()
	seen := map[string]string{}
	for _, path := range []string{"events", "catalog"} {
		seen[path] = f.control("GET", path, "").want(200).Body
	}
	for _, query := range []string{"per_page=100&sort=updated_at", "query=hangs", "status=open&sort=priority", "custom_field_seats=3"} {
		seen[query] = f.get(readWrite, "/api/v1/tickets?"+query).want(200).Body
	}
	var p page
	if err := json.Unmarshal([]byte(seen["per_page=100&sort=updated_at"]), &p); err != nil {
		f.t.Fatal(err)
	}
	for _, row := range p.Data {
		seen[row.ID] = f.get(readWrite, "/api/v1/tickets/"+row.ID+"/messages").want(200).Body
	}
	seen["thread"] = f.get(member, checkoutThread).Body
	return seen
}

// TestActsAreKept goes back and forth between the states of a workspace.
func TestActsAreKept(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 60, Now: func() time.Time { return deskStart }})
	fresh := f.sight()
	f.act(nil, "POST", "tickets", bringStuck)
	f.act(nil, "POST", "projects", bringCheckout)
	f.act(nil, "DELETE", "tickets/no-messages", "")
	f.act(nil, "PATCH", "tickets/only-drafts", `{"contact":{"email":"ada@example.com"},"tags":["billing"]}`)
	f.control("POST", "snapshot", "").want(200)
	kept := f.sight()
	change := func() {
		f.act(nil, "PATCH", "tickets/stuck", `{"status":"closed"}`)
		f.act(nil, "POST", "tickets/stuck/messages", `{"draft":true}`)
		f.act(nil, "DELETE", "tickets/only-drafts", "")
		f.act(nil, "POST", "tickets", `{"contact":{"email":"bob@example.com"}}`)
		f.act(nil, "POST", "projects/checkout/tickets/refunds/messages", `{}`)
		f.act(nil, "PATCH", "projects/checkout", `{"member":false}`)
	}
	change()
	changed := f.sight()
	f.control("POST", "restore", "").want(200)
	if diff := cmp.Diff(kept, f.sight()); diff != "" {
		t.Errorf("the snapshot is another (-want +got):\n%s", diff)
	}
	change()
	if diff := cmp.Diff(changed, f.sight()); diff != "" {
		t.Errorf("the same acts make another desk (-want +got):\n%s", diff)
	}
	f.control("POST", "reset", "").want(200)
	if diff := cmp.Diff(fresh, f.sight()); diff != "" {
		t.Errorf("the reset leaves something (-want +got):\n%s", diff)
	}
}
