package casefile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// wrongValue is a value that is wrong where % stands in a case.
type wrongValue struct{ text, value, want, hint string }

// with returns the case with a value in it.
func (w wrongValue) with(value string) string { return strings.Replace(w.text, "%", value, 1) }

// typed is what somebody types who follows the hint, of several things the first.
func (w wrongValue) typed() string {
	typed, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(w.hint, "did you mean "), "?"), ", -2h")
	return typed
}

// wrongValues are values that are wrong where % stands in a case, and the hint,
// which is right there.
var wrongValues = map[string]wrongValue{
	"a member":              {"{%: empty}", "wrld", `line 1, column 2: there is no member "wrld"`, "did you mean world?"},
	"a world":               {"world: %", "full", `world: "full" is not one of seeded, empty`, "seeded"},
	"a seed":                {"world: {seed: %}", "0", "world.seed: seed 0 would draw another world", "1"},
	"a seed of no number":   {"world: {seed: %}", "-7", `world.seed: "-7" is no whole number`, "7"},
	"few tickets":           {"world: {tickets: %}", "7", "world.tickets: a world has 30 to 5000000 tickets, or 0", "200"},
	"the world's instant":   {"world: {at: %}", "1970-01-01T00:00:00Z", "is not in the years 1980 to 9990", "2025-06-02T09:00:00Z"},
	"a seeded ticket":       {"inboxops: {tickets: [{seeded: %}]}", "2000", `inboxops.tickets[0].seeded: "2000" is no ticket: they are 1001 to 1030`, "1030"},
	"an edge":               {"inboxops: {tickets: [{seeded: %}]}", "long-thred", `"long-thred" is no ticket`, "did you mean long-thread?"},
	"what is deleted":       {"inboxops: {tickets: [{name: mine}], deleted: [%]}", "mien", `inboxops.deleted: "mien" is no ticket: they are 1001 to 1031`, "did you mean mine?"},
	"an id":                 {"inboxops: {tickets: [{id: %}]}", "abc", `inboxops.tickets[0].id: "abc" is no UUID`, fixtures.NamedID("ticket", "abc").String()},
	"a list of addresses":   {`inboxops: {tickets: [{messages: [{to: "%"}]}]}`, "Ada", `messages[0].to: "Ada" is no list of addresses`, "Ada Lovelace <ada@example.com>, bob@example.com"},
	"when it was sent":      {"inboxops: {tickets: [{messages: [{sent_at: %}]}]}", "2025-06-02", `messages[0].sent_at: "2025-06-02" is no instant`, "2025-06-02T12:00:00Z"},
	"a reminder":            {"inboxops: {tickets: [{remind_at: %}]}", "soon", `remind_at: "soon" is no instant`, "2025-06-02T12:00:00Z"},
	"a reminder's status":   {"inboxops: {tickets: [{remind_at: never, remind_status: %}]}", "open", `a ticket without a reminder goes nowhere`, "none"},
	"a seeded project":      {"apphandoff: {projects: [{seeded: %}]}", "Orders AP", `"Orders AP" is no seeded project`, "did you mean Orders API?"},
	"a clock":               {"clock: {frozen: %}", "2025-06-02", `clock.frozen: "2025-06-02" is no instant`, "2025-06-02T12:00:00Z"},
	"a life":                {"life: %", "much", `life: life "much" is not off, calm, busy or EVENTS/PERIOD`, `30/1h`},
	"no life":               {"life: %", `""`, `life: "" is no life`, `calm`},
	"a limit":               {"rate_limit: %", "5", `rate_limit: rate limit "5" is not REQUESTS/WINDOW or off`, `100/1m`},
	"a key":                 {"keys: {%: {revoked: true}}", "readonly", `keys: there is no member "readonly"`, "did you mean read-only?"},
	"access":                {"keys: {member: {%: true}}", "revokd", `keys.member: there is no member "revokd"`, "did you mean revoked?"},
	"no truth":              {"keys: {member: {revoked: %}}", "maybe", `keys.member.revoked: "maybe" is not true or false`, "true"},
	"a list":                {"inboxops: {tickets: [{tags: %}]}", "billing", `inboxops.tickets[0].tags: "billing" is not a list`, "[billing]"},
	"a member of a ticket":  {"inboxops: {tickets: [{}, {%: x}]}", "subjekt", `line 1, column 27: inboxops.tickets[1]: there is no member "subjekt"`, "did you mean subject?"},
	"a subject":             {"inboxops: {tickets: [{subject: %}]}", "12", `inboxops.tickets[0].subject: "12" is not a text`, `"12"`},
	"a status":              {"inboxops: {tickets: [{status: %}]}", "wating", `"wating" is no status of this world`, "did you mean waiting?"},
	"a priority":            {"inboxops: {tickets: [{priority: %}]}", "hihg", `"hihg" is no priority of this world`, "did you mean high?"},
	"an inbox":              {"inboxops: {tickets: [{inbox: %}]}", "Suport", `"Suport" is no inbox of this world`, "did you mean Support?"},
	"a tag":                 {"inboxops: {tickets: [{tags: [vip, %]}]}", "biling", `inboxops.tickets[0].tags[1]: "biling" is no tag of this world`, "did you mean billing?"},
	"a field":               {"inboxops: {tickets: [{custom_fields: {%: Team}}]}", "plann", `custom_fields: there is no member "plann"`, "did you mean plan?"},
	"an option":             {"inboxops: {tickets: [{custom_fields: {plan: %}}]}", "Entreprise", `custom_fields.plan: "Entreprise" is no option of Plan`, "did you mean Enterprise?"},
	"options":               {"inboxops: {tickets: [{custom_fields: {affected_areas: %}}]}", "Web", `"Web" is not a list`, "[Web]"},
	"a number":              {"inboxops: {tickets: [{custom_fields: {seats: %}}]}", `"25"`, `custom_fields.seats: "25" is not a number`, "25"},
	"an endless number":     {"inboxops: {tickets: [{custom_fields: {seats: %}}]}", ".inf", `custom_fields.seats: ".inf" is not a number`, "3"},
	"a truth":               {"inboxops: {tickets: [{custom_fields: {contract_signed: %}}]}", "signed", `"signed" is not true or false`, "true"},
	"a date":                {"inboxops: {tickets: [{custom_fields: {renewal_date: %}}]}", "2025-12-24T12:00:00Z", `"2025-12-24T12:00:00Z" is no date`, "2025-12-24"},
	"a date and a time":     {"inboxops: {tickets: [{custom_fields: {incident_started_at: %}}]}", "2025-12-24", `"2025-12-24" is no instant`, "2025-12-24T12:00:00Z"},
	"a URL":                 {"inboxops: {tickets: [{custom_fields: {environment_url: %}}]}", "shop", `"shop" is no URL`, "https://example.com/shop"},
	"an address":            {"inboxops: {tickets: [{custom_fields: {technical_contact: %}}]}", "Ada <ada@example.com>", `"Ada <ada@example.com>" is no address`, "ada@example.com"},
	"a field of an inbox":   {"inboxops: {tickets: [{custom_fields: {sla_tier: Gold}, %}]}", "inbox: Support", `custom_fields.sla_tier: tickets of Support do not have this field`, "inbox: Billing & Accounts"},
	"a contact":             {"inboxops: {tickets: [{contact: %}]}", "Nobody Known", `"Nobody Known" is no contact of this world`, "{name: Ada Lovelace, email: ada@example.com}"},
	"half a contact":        {"inboxops: {tickets: [{contact: %}]}", "{name: Ada}", `a contact needs an email`, "{name: Ada Lovelace, email: ada@example.com}"},
	"no time":               {"inboxops: {tickets: [{created_at: %}]}", "yesterday", `created_at: "yesterday" is no time`, "-3d, -2h30m or 2025-06-01T12:00:00Z"},
	"an age without a sign": {"inboxops: {tickets: [{created_at: %}]}", "3d", `3d is no time before the world's instant`, "-3d"},
	"an age without a unit": {"inboxops: {tickets: [{created_at: %}]}", "-3", `-3 is no time before the world's instant`, "-3d"},
	"the future":            {"inboxops: {tickets: [{created_at: %}]}", "2025-06-02T09:00:01Z", `2025-06-02T09:00:01Z is in the future: it is 2025-06-02T09:00:00Z in the world`, "-1h"},
	"the first day":         {"inboxops: {tickets: [{created_at: %}]}", "1970-01-01T00:00:00Z", `1970-01-01T00:00:00Z is too long ago`, "-3d"},
	"the first instant":     {"inboxops: {tickets: [{created_at: %}]}", "0001-01-01T00:00:00Z", `0001-01-01T00:00:00Z is too long ago`, "-3d"},
	"updated before":        {"inboxops: {tickets: [{created_at: -3d, updated_at: %}]}", "-4d", `updated_at -4d is before created_at`, "-3d"},
	"a side":                {"inboxops: {tickets: [{messages: [{from: %}]}]}", "custmer", `messages[0].from: "custmer" is not one of customer, agent`, "did you mean customer?"},
	"how it was sent":       {"inboxops: {tickets: [{messages: [{send_status: %}]}]}", "fail", `"fail" is not one of sent, pending, sending, failed`, "did you mean failed?"},
	"of which a note has":   {"inboxops: {tickets: [{messages: [{note: x, from: %}]}]}", "customer", "customers write no notes", "agent"},
	"a name":                {"inboxops: {tickets: [{name: a}, {name: %}]}", "a", "line 1, column 40: inboxops.tickets[1].name: a is the name of another ticket, on line 1 of case", "a-2"},
	"a seeded name":         {"inboxops: {tickets: [{name: %}]}", "long-thread", "long-thread is the name of a seeded ticket", "my-long-thread"},
	"a media type":          {"inboxops: {tickets: [{messages: [{attachments: [{name: a, content_type: %}]}]}]}", "text", `"text" is no media type`, "text/plain"},
	"a size":                {"inboxops: {tickets: [{messages: [{attachments: [{name: a, size: %}]}]}]}", "-1", `-1 is no number of bytes`, "2048"},
	"a project":             {"apphandoff: {projects: [{name: %}]}", "Orders API", "Orders API is the name of a seeded project", "My Orders API"},
	"a project twice":       {"apphandoff: {projects: [{name: a}, {name: %}]}", "a", "a is the name of another project", "a-2"},
	"a ticket twice":        {"apphandoff: {projects: [{name: p, tickets: [{name: a}, {name: %}]}]}", "a", "a is the name of another ticket of the project p", "a-2"},
	"an author":             {"apphandoff: {projects: [{tickets: [{messages: [{author: %}]}]}]}", "agnet", `"agnet" is not one of human, agent`, "did you mean agent?"},
	"a task":                {"apphandoff: {projects: [{tickets: [{tasks: [api], messages: [{task: %}]}]}]}", "apis", `"apis" is none of the tasks api`, "did you mean api?"},
	"the key of a request":  {"requests: [{url: /, key: %}]", "readwrite", `requests[0].key: "readwrite" is not one of`, "did you mean read-write?"},
	"a request":             {"requests: [{url: /, %: x}]", "boby", `requests[0]: there is no member "boby"`, "did you mean body?"},
	"a color":               {`inboxops: {tags: [{name: pilot, color: %}]}`, "blue", `inboxops.tags[0].color: "blue" is no color`, `"#8395a7"`},
	"a category":            {`inboxops: {statuses: [{name: x, category: %}]}`, "wating", `"wating" is not one of open`, "did you mean waiting?"},
	"a sort without a name": {`inboxops: {inboxes: [{%}]}`, "address: a@b.example", `inboxops.inboxes[0]: it needs a name`, "name: mine"},
	"a method":              {`requests: [{url: /, method: "%"}]`, "GET IT", `requests[0].method: "GET IT" is no method`, "GET"},
	"an address to ask":     {"requests: [{url: %}]", "https://example.com/", `requests[0].url: "https://example.com/" is no path with a query`, "/api/v1/tickets?status=open"},
	"the control API":       {"requests: [{url: %}]", "/_mockdesk/reset", `a case has requests to the services`, "/api/v1/tickets?status=open"},
	"a status of an answer": {"requests: [{url: /, answer: {status: %}}]", "20", `requests[0].answer.status: 20 is no status`, "200"},
	"a format":              {"apphandoff: {projects: [{tickets: [{messages: [{format: %}]}]}]}", "html", `"html" is not one of markdown, plain, none`, "markdown"},
}

// seededID is the id of the first ticket of seededWorld.
var seededID = seededWorld().InboxOps.Tickets[0].ID.String()

// said is what a case is refused for, "" when it is right.
func said(t *testing.T, text string) (words, instead string) {
	t.Helper()
	c, err := casefile.Parse("case", []byte(text))
	if err == nil {
		_, err = c.Arrange(seededWorld(), time.Time{}, nil)
	}
	if err == nil {
		return "", ""
	}
	return hint.Split(err)
}

// TestHintsWork types what a hint says.
func TestHintsWork(t *testing.T) {
	t.Parallel()
	for name, test := range wrongValues {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words, instead := said(t, test.with(test.value))
			if !strings.HasPrefix(words, "case: line 1, column ") || !strings.Contains(words, test.want) || instead != test.hint {
				t.Fatalf("%q with the hint %q; want %q and %q", words, instead, test.want, test.hint)
			}
			if words, _ := said(t, test.with(test.typed())); words != "" {
				t.Errorf("%s is refused, too: %s", test.typed(), words)
			}
		})
	}
}

// TestWrong refuses what no single value is to blame for.
func TestWrong(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"nothing":                         {"", "case: line 1, column 1: there is nothing in it"},
		"only comments":                   {"# x\n", "there is nothing in it"},
		"no YAML":                         {"a: b: c", "case: line 1, column "},
		"no mapping":                      {"- a", "case: line 1, column 1: a list is not a mapping"},
		"half of a character":             {`{"rate_limit": "\ud83d"}`, "case: line 1, column 16: "},
		"a member twice":                  {"world: empty\nworld: seeded", "case: line 2, column 1: "},
		"a member twice in JSON":          {`{"world": "empty", "world": "empty"}`, `case: line 1, column 20: the member "world" is there twice`},
		"a ticket that is a text":         {"inboxops: {tickets: [stuck]}", `inboxops.tickets[0]: "stuck" is not a mapping`},
		"the key of both":                 {"keys: {revoked: {revoked: true}}", `both services have a key "revoked"`},
		"a key named in two ways":         {"keys: {read-write: {revoked: true}, inboxops/read-write: {revoked: true}}", "the key inboxops/read-write is there twice"},
		"access of the other service":     {"keys: {member: {read_only: true}}", "it means nothing to a key of apphandoff"},
		"a tag twice":                     {"inboxops: {tickets: [{tags: [vip, VIP]}]}", `the tag "VIP" is there twice`},
		"a world of two sizes":            {"world: {tickets: 40, empty: true}", "a world of 40 tickets is another"},
		"no UUID":                         {"inboxops: {tickets: [{id: abc}]}", `"abc" is no UUID`},
		"an id twice":                     {"inboxops: {tickets: [{id: 6ba7b811-9dad-11d1-80b4-00c04fd430c8}, {id: 6BA7B811-9dad-11d1-80b4-00c04fd430c8}]}", "is the id of another ticket, on line 1 of case"},
		"an id of a seeded ticket":        {"inboxops: {tickets: [{id: " + seededID + "}]}", "is the id of the ticket 1001"},
		"an id that a name makes":         {"inboxops: {tickets: [{name: a}, {id: " + fixtures.TicketID("a").String() + "}]}", "is the id of the ticket a"},
		"the name of a seeded ticket":     {"inboxops: {tickets: [{seeded: 1001, name: a}]}", "a seeded ticket has its name already"},
		"the id of a seeded ticket":       {"inboxops: {tickets: [{seeded: 1001, id: 6ba7b811-9dad-11d1-80b4-00c04fd430c8}]}", "a seeded ticket has its id already"},
		"a seeded ticket twice":           {"inboxops: {tickets: [{seeded: 1001}, {seeded: closed}]}", "the ticket 1001 is the name of another entry"},
		"a seeded ticket before itself":   {"inboxops: {tickets: [{seeded: long-thread, updated_at: -400d}]}", "updated_at"},
		"a field of no inbox":             {"inboxops: {tickets: [{seeded: 1001, inbox: Support, custom_fields: {sla_tier: Gold}}]}", "tickets of Support do not have this field"},
		"a status of no reminder":         {"inboxops: {tickets: [{remind_status: open}]}", "there is no remind_at"},
		"addresses of a note":             {"inboxops: {tickets: [{messages: [{note: a, cc: \"\"}]}]}", "a note is not sent"},
		"a wrong side and a draft":        {"inboxops: {tickets: [{messages: [{from: agnet, draft: true}]}]}", `messages[0].from: "agnet" is not one of customer, agent`},
		"the name of a seeded project":    {"apphandoff: {projects: [{seeded: Orders API, name: a}]}", "what is seeded has its name already"},
		"a task without a title":          {"apphandoff: {projects: [{tickets: [{tasks: [{id: 6ba7b811-9dad-11d1-80b4-00c04fd430c8}]}]}]}", "a task needs a title"},
		"a customer's draft":              {"inboxops: {tickets: [{messages: [{from: customer, draft: true}]}]}", "drafts are of agents"},
		"a customer's failure":            {"inboxops: {tickets: [{messages: [{from: customer, send_status: failed}]}]}", "only an agent's mail is sent"},
		"an error of what was sent":       {"inboxops: {tickets: [{messages: [{from: agent, send_error: full}]}]}", "only mail that failed has an error"},
		"a note with a text":              {"inboxops: {tickets: [{messages: [{note: a, text: b}]}]}", "note is the text of the note"},
		"a message of nothing":            {`inboxops: {tickets: [{messages: [{text: "", html: ""}]}]}`, "a message has a text or HTML"},
		"a message of no text":            {`inboxops: {tickets: [{messages: [{text: ""}]}]}`, `"" says nothing`},
		"messages out of order":           {"inboxops: {tickets: [{messages: [{created_at: -1h}, {created_at: -2h}]}]}", "messages[1] is before messages[0]"},
		"a message before its ticket":     {"inboxops: {tickets: [{created_at: -1h, messages: [{created_at: -2h}]}]}", "messages[0] is before created_at"},
		"a message after the last":        {"inboxops: {tickets: [{updated_at: -3h, messages: [{created_at: -2h}]}]}", "messages[0] is after updated_at"},
		"no time between messages":        {"inboxops: {tickets: [{messages: [{created_at: -1h}, {}, {created_at: -1h}]}]}", "there is no time for 1 messages between messages[0] and messages[2]"},
		"no time until now":               {"inboxops: {tickets: [{created_at: -0s, messages: [{}]}]}", "there is no time for 1 messages between created_at and the instant of the world"},
		"no time until the change":        {"inboxops: {tickets: [{created_at: -1h, updated_at: -1h, messages: [{}]}]}", "there is no time for 1 messages between created_at and updated_at"},
		"posts out of order":              {"apphandoff: {projects: [{tickets: [{messages: [{created_at: -1h}, {created_at: -2h}]}]}]}", "messages[1]: it is before the message above it"},
		"a contact with another's name":   {"inboxops: {tickets: [{contact: {name: A, email: a@b.c}}, {contact: {name: B, email: a@b.c}}]}", "the address a@b.c is that of another contact"},
		"an attachment without a name":    {"inboxops: {tickets: [{messages: [{attachments: [{size: 3}]}]}]}", "an attachment needs a name"},
		"a content id of an attachment":   {"inboxops: {tickets: [{messages: [{attachments: [{name: a, content_id: b}]}]}]}", "only what is inline has a content_id"},
		"a name of many characters":       {"inboxops: {tickets: [{name: " + strings.Repeat("a", 101) + "}]}", "the name has 101 bytes, and may have 100"},
		"a name with a line break":        {"inboxops: {tickets: [{name: \"a\\nb\"}]}", "has control characters"},
		"an agent that does not exist":    {"inboxops: {tickets: [{assignee: Bob}]}", `"Bob" is no agent of this world`},
		"a wrong ticket beside others":    {"inboxops: {tickets: [{name: a}, {status: x}]}", `inboxops.tickets[1].status: "x" is no status`},
		"aliases of aliases":              {"a: &a [" + strings.Repeat("x,", 600) + "]\nb: &b [" + strings.Repeat("*a,", 600) + "]\nc: [" + strings.Repeat("*b,", 600) + "]", "its aliases stand for more"},
		"more than anybody reads at once": {"inboxops: {tickets: [" + strings.Repeat("{status: 1},", 500) + "]}", "tickets[19].status"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words, _ := said(t, test.text)
			if !strings.HasPrefix(words, "case: line ") || !strings.Contains(words, test.want) || strings.Count(words, "\n") > 20 {
				t.Errorf("%.2000q, want %q", words, test.want)
			}
		})
	}
}
