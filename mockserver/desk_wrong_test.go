package mockserver_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
)

// wrongActs are acts that are wrong where % stands, and right with the hint there.
// They come behind the steps bring and checkout.
var wrongActs = map[string]struct {
	method, path, text, value string
	status                    int
	hint                      string
}{
	"a member of a ticket":        {"POST", "tickets", "{%: x}", "subjct", 400, "subject"},
	"a status of a ticket":        {"POST", "tickets", "status: %", "wating", 400, "waiting"},
	"a name of a ticket":          {"POST", "tickets", "%", "name: stuck", 409, "name: stuck-2"},
	"a seeded name":               {"POST", "tickets", "%", "name: unassigned", 409, "name: unassigned-2"},
	"a number for a name":         {"POST", "tickets", "%", "name: '1001'", 400, "name: ticket-1001"},
	"an id for a name":            {"POST", "tickets", "%", "name: " + hangs, 400, "name: ticket-" + hangs},
	"a field that does not apply": {"POST", "tickets", "{custom_fields: {sla_tier: Gold}, %}", "inbox: Support", 400, "inbox: Billing & Accounts"},
	"a time to come":              {"POST", "tickets", "created_at: %", "2999-01-01T00:00:00Z", 400, "-1h"},
	"an age without a sign":       {"POST", "tickets", "created_at: %", "3d", 400, "-3d"},
	"half a contact":              {"POST", "tickets", "contact: %", "{name: Ada}", 400, "{name: Ada Lovelace, email: ada@example.com}"},
	"a member of a change":        {"PATCH", "tickets/stuck", "{%: closed}", "stauts", 400, "status"},
	"a priority of a change":      {"PATCH", "tickets/stuck", "priority: %", "hihg", 400, "high"},
	"an assignee":                 {"PATCH", "tickets/stuck", "assignee: %", "noboddy", 400, ""},
	"tags that are no list":       {"PATCH", "tickets/stuck", "tags: %", "billing", 400, "[billing]"},
	"a value":                     {"PATCH", "tickets/stuck", "custom_fields: {seats: %}", "'25'", 400, "25"},
	"a field of another inbox":    {"PATCH", "tickets/stuck", "{custom_fields: {sla_tier: Gold}, %}", "inbox: Mobile", 400, "inbox: Billing & Accounts"},
	"a field that there is not":   {"PATCH", "tickets/stuck", "custom_fields: {%: null}", "seat", 400, "seats"},
	"a time without a sign":       {"PATCH", "tickets/stuck", "remind_at: %", "3d", 400, "+3d"},
	"a date":                      {"PATCH", "tickets/stuck", "remind_at: %", "2999-01-01", 400, "2999-01-01T12:00:00Z"},
	"a time long ago":             {"PATCH", "tickets/stuck", "remind_at: %", "1970-01-01T00:00:00Z", 400, "+2h"},
	"a reminder of none":          {"PATCH", "tickets/stuck", "{remind_status: Closed, %}", "remind_at: never", 400, "remind_at: +2h"},
	"where a reminder goes":       {"PATCH", "tickets/stuck", "{remind_at: +2h, remind_status: %}", "Clsed", 400, "Closed"},
	"a change of nothing":         {"PATCH", "tickets/stuck", "%", "{}", 400, "status: closed"},
	"a side":                      {"POST", "tickets/stuck/messages", "from: %", "agnet", 400, "agent"},
	"a status of sending":         {"POST", "tickets/stuck/messages", "send_status: %", "fialed", 400, "failed"},
	"an error of what did not":    {"POST", "tickets/stuck/messages", "{send_error: full, %}", "send_status: sent", 400, "send_status: failed"},
	"a size":                      {"POST", "tickets/stuck/messages", "attachments: [{name: a, size: %}]", "0", 400, "2048"},
	"a change of no message":      {"PATCH", "tickets/stuck/messages/" + hangs, "%", "{}", 400, "text: Hello"},
	"a draft":                     {"PATCH", "tickets/stuck/messages/" + hangs, "draft: %", "true", 400, "false"},
	"a text that is a number":     {"PATCH", "tickets/stuck/messages/" + hangs, "text: %", "12", 400, `"12"`},
	"a project without a name":    {"POST", "projects", "%", "{}", 400, "name: checkout-3"},
	"a project's name":            {"POST", "projects", "%", "name: checkout", 409, "name: checkout-2"},
	"a member of a project":       {"POST", "projects", "{name: a, member: %}", "'no'", 400, "true"},
	"whether one is a member":     {"PATCH", "projects/checkout", "%", "{}", 400, "member: false"},
	"a ticket without a name":     {"POST", "projects/checkout/tickets", "%", "{}", 400, "name: refunds-3"},
	"a ticket's name":             {"POST", "projects/checkout/tickets", "%", "name: refunds", 409, "name: refunds-2"},
	"a task without a title":      {"POST", "projects/checkout/tickets/refunds/tasks", "%", "{}", 400, "title: api-3"},
	"a task's title":              {"POST", "projects/checkout/tickets/refunds/tasks", "%", "title: api", 409, "title: api-2"},
	"an author":                   {"POST", "projects/checkout/tickets/refunds/messages", "author: %", "agnet", 400, "agent"},
	"a task of a message":         {"POST", "projects/checkout/tickets/refunds/messages", "task: %", "apis", 400, "api"},
	"a change of no post":         {"PATCH", "projects/checkout/tickets/refunds/messages/" + why, "%", "{}", 400, "text: Done."},
	"a task of a change":          {"PATCH", "projects/checkout/tickets/refunds/messages/" + why, "task: %", "aip", 400, "api"},
	"a format":                    {"PATCH", "projects/checkout/tickets/refunds/messages/" + why, "format: %", "html", 400, "markdown"},
	"a time of a message":         {"POST", "tickets/stuck/messages", "%", "created_at: -3d", 400, ""},
	"a time of a post":            {"POST", "projects/checkout/tickets/refunds/messages", "%", "created_at: -3d", 400, ""},
	"a time of a change":          {"POST", "tickets", "%", "updated_at: -3d", 400, ""},
	"an id":                       {"POST", "tickets", "%", "id: " + hangs, 400, ""},
	"an id of a contact":          {"POST", "tickets", "%", "contact: {email: ada@example.com, id: " + hangs + "}", 400, ""},
	"an id of a message":          {"POST", "tickets/stuck/messages", "%", "id: " + hangs, 400, ""},
	"an id within a project":      {"POST", "projects", "%", "{name: a, tickets: [{name: b, messages: [{id: " + why + "}]}]}", 400, ""},
	"a seeded ticket":             {"POST", "tickets", "%", "seeded: long-thread", 400, ""},
	"what must be there":          {"PATCH", "tickets/stuck", "%", "tags: null", 400, ""},
	"no document":                 {"POST", "tickets", "%", "{", 400, ""},
	"a list":                      {"POST", "tickets", "%", "[]", 400, ""},
}

// A refused act changes nothing, says where it is wrong, and its hint, typed in the
// place of what is wrong, is accepted.
func TestWrongActs(t *testing.T) {
	t.Parallel()
	for name, test := range wrongActs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, mockserver.Config{Tickets: 60})
			for _, step := range []string{bring, checkout} {
				path, body, _ := strings.Cut(strings.TrimPrefix(step, "POST "), " ")
				f.control("POST", path, body).want(201)
			}
			state := func() string {
				return f.control("GET", "events", "").Body + f.control("GET", "desk/tickets/stuck", "").Body + f.get(member, checkoutThread).Body + f.get(readWrite, ticketsPath).Body
			}
			before := state()
			send := func(value string) *answer {
				return f.control(test.method, "desk/"+test.path, strings.ReplaceAll(test.text, "%", value), "Content-Type: application/yaml")
			}
			var refused struct{ Error, Hint string }
			send(test.value).want(test.status).decode(&refused)
			if refused.Hint == "" {
				t.Errorf("no hint in %+v", refused)
			}
			if diff := cmp.Diff(before, state()); diff != "" {
				t.Errorf("the refused act changed something (-before +after):\n%s", diff)
			}
			if test.hint == "" {
				return
			}
			hint := strings.TrimSuffix(strings.TrimPrefix(refused.Hint, "did you mean "), "?")
			hint, _, _ = strings.Cut(hint, ", which ")
			if strings.HasSuffix(test.hint, "-3") { // it is an example of a name, and there is one of it
				hint += "-3"
			}
			if hint != test.hint {
				t.Errorf("the hint of %+v is %q, want %q", refused, hint, test.hint)
			}
			if a := send(hint); a.Status > 299 {
				t.Errorf("the hint %q of %q is %d %s", refused.Hint, refused.Error, a.Status, a.Body)
			}
		})
	}
}
