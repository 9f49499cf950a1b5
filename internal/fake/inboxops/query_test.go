package inboxops_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// page is the answer to a list.
type page struct {
	Data []any
	Meta struct {
		Page    int
		PerPage int `json:"per_page"`
		Total   int
	}
}

// TestListTickets holds what a query string gives against what the Query that
// it means gives.
func TestListTickets(t *testing.T) {
	t.Parallel()
	desk := &world().Data.InboxOps
	inbox, agent, tag, other := desk.Inboxes[1].ID, desk.Agents[0].ID, desk.Tags[0].ID, desk.Tags[1].ID
	day := desk.Tickets[40].CreatedAt.Truncate(24 * time.Hour)
	at, updated := desk.Tickets[60].CreatedAt, desk.Tickets[60].UpdatedAt
	word := strings.Fields(desk.Tickets[9].Subject)[0]
	found, empty := search.ParseQuery(word), search.ParseQuery("zyzzyva")
	tests := map[string]struct {
		query string
		want  store.Query // without Page, PerPage and Sort, they have their defaults
	}{
		"nothing":                             {"", store.Query{}},
		"a status":                            {"status=open", store.Query{Statuses: []string{"open"}}},
		"two statuses, with a blank":          {"status=open,+closed", store.Query{Statuses: []string{"open", "closed"}}},
		"a list of nothing is not sent":       {"status=,", store.Query{}},
		"the first of two statuses":           {"status=open&status=closed", store.Query{Statuses: []string{"open"}}},
		"an inbox":                            {"inbox_id=" + inbox.String(), store.Query{Inbox: &inbox}},
		"an inbox in upper case":              {"inbox_id=" + strings.ToUpper(inbox.String()), store.Query{Inbox: &inbox}},
		"an agent":                            {"assignee_id=" + agent.String(), store.Query{Assignee: &agent}},
		"nobody":                              {"assignee_id=__unassigned__", store.Query{Unassigned: true}},
		"a priority":                          {"priority=high", store.Query{Priority: "high"}},
		"tags":                                {"tag_ids=" + tag.String() + "," + other.String(), store.Query{Tags: []fixtures.ID{tag, other}}},
		"created after":                       {"created_after=" + stamp(at), store.Query{Created: store.Span{After: at}}},
		"created before":                      {"created_before=" + stamp(at), store.Query{Created: store.Span{Before: at}}},
		"created on a day":                    {"created_after=" + day.Format(time.DateOnly), store.Query{Created: store.Span{After: day}}},
		"updated between":                     {"updated_after=" + stamp(updated.Add(-time.Hour)) + "&updated_before=" + stamp(updated), store.Query{Updated: store.Span{After: updated.Add(-time.Hour), Before: updated}}},
		"a search":                            {"query=" + word, store.Query{Search: &found}},
		"a search by its other name":          {"q=" + word, store.Query{Search: &found}},
		"query beats q":                       {"q=zyzzyva&query=" + word, store.Query{Search: &found}},
		"q is ignored beside query":           {"query=zyzzyva&q=" + word, store.Query{Search: &empty}},
		"a blank query leaves it to q":        {"query=+&q=" + word, store.Query{Search: &found}},
		"two blank searches are none":         {"query=&q=+", store.Query{}},
		"an order without a sort":             {"order=asc", store.Query{Ascending: true}},
		"a sort without an order":             {"sort=updated_at", store.Query{Sort: store.SortUpdated}},
		"a sort and an order":                 {"sort=priority&order=asc", store.Query{Sort: store.SortPriority, Ascending: true}},
		"a page":                              {"page=2", store.Query{Page: 2}},
		"a page of a size":                    {"page=3&per_page=7", store.Query{Page: 3, PerPage: 7}},
		"a size that is too large is the max": {"per_page=101", store.Query{PerPage: 100}},
		"a page after the last":               {"page=1000", store.Query{Page: 1000}},
		"unknown parameters are ignored":      {"custom=1&Status=closed&limit=x", store.Query{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, 0)
			checkPage(t, d, test.query, test.want)
		})
	}
}

// stamp writes an instant as a query takes it, in another zone.
func stamp(at time.Time) string {
	return url.QueryEscape(at.In(time.FixedZone("", 2*60*60)).Format(time.RFC3339Nano))
}

// checkPage compares what a query string gives with what a Query gives.
func checkPage(t *testing.T, d desk, query string, want store.Query) {
	t.Helper()
	if want.Sort == "" {
		want.Sort = store.SortCreated
	}
	if want.Page == 0 {
		want.Page = 1
	}
	if want.PerPage == 0 {
		want.PerPage = 25
	}
	rows, total := d.workspace.Store.List(nil, &want)
	a := d.list(query)
	if got, want := a.body, fmt.Sprintf(`{"data":[%s],"meta":{"page":%d,"per_page":%d,"total":%d}}`, rows, want.Page, want.PerPage, total); got != want {
		t.Errorf("%s (-want +got):\n%s", query, cmp.Diff(want, got))
	}
	var p page
	decode(t, a.body, &p)
	if wantRows := max(0, min(total-(want.Page-1)*want.PerPage, want.PerPage)); len(p.Data) != wantRows {
		t.Errorf("%s: %d rows, want %d", query, len(p.Data), wantRows)
	}
}

// TestListTicketsByField sends every stored value as a filter, in the form
// that its type asks for.
func TestListTicketsByField(t *testing.T) {
	t.Parallel()
	d, desk := newDesk(t, 0), &world().Data.InboxOps
	sent, types := map[string]bool{}, map[string]bool{}
	for i := range desk.Tickets {
		for _, v := range desk.Fields(i) {
			def := &desk.CustomFields[v.Field]
			for value, key := range forms(def, v) {
				query := "custom_field_" + def.Key + "=" + url.QueryEscape(value)
				if sent[query] {
					continue
				}
				sent[query], types[def.Type] = true, true
				want := store.Query{Fields: []store.FieldFilter{{Field: v.Field, Key: key}}, PerPage: 100}
				checkPage(t, d, "per_page=100&"+query, want)
			}
		}
	}
	if len(types) != 9 {
		t.Errorf("fields of the types %v were asked for, want all nine", types)
	}
	for i := range desk.CustomFields {
		want := store.Query{Fields: []store.FieldFilter{{Field: i, Empty: true}}}
		checkPage(t, d, "custom_field_"+desk.CustomFields[i].Key+"=__empty__", want)
	}
}

// forms returns the ways to write a stored value and the key of each.
func forms(def *fixtures.CustomField, v fixtures.FieldValue) map[string]string {
	switch def.Type {
	case fixtures.FieldNumber:
		key := store.NumberKey(v.Number)
		return map[string]string{
			strconv.FormatFloat(v.Number, 'f', -1, 64): key,
			strconv.FormatFloat(v.Number, 'e', -1, 64): key,
		}
	case fixtures.FieldBoolean:
		return map[string]string{strconv.FormatBool(v.Bool): strconv.FormatBool(v.Bool)}
	case fixtures.FieldDate:
		return map[string]string{v.Time.Format(time.DateOnly): store.DateKey(v.Time)}
	case fixtures.FieldDateTime:
		key := store.InstantKey(v.Time)
		return map[string]string{
			v.Time.Format(time.RFC3339Nano):                                  key,
			v.Time.In(time.FixedZone("", -5*60*60)).Format(time.RFC3339Nano): key,
		}
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		all := map[string]string{}
		for _, option := range v.Options {
			all[def.Options[option].ID.String()] = store.OptionKey(option)
			all[strings.ToUpper(def.Options[option].ID.String())] = store.OptionKey(option)
		}
		return all
	default:
		return map[string]string{v.Text: v.Text}
	}
}

// fieldOf returns a definition of a type.
func fieldOf(t *testing.T, kind string) *fixtures.CustomField {
	t.Helper()
	desk := &world().Data.InboxOps
	i := slices.IndexFunc(desk.CustomFields, func(f fixtures.CustomField) bool { return f.Type == kind })
	if i < 0 {
		t.Fatalf("no custom field is a %s", kind)
	}
	return &desk.CustomFields[i]
}

func TestListTicketsRefuses(t *testing.T) {
	t.Parallel()
	const stranger = "00000000-0000-4000-8000-000000000000"
	field := func(kind string) string { return "custom_field_" + fieldOf(t, kind).Key }
	text, number, boolean := field(fixtures.FieldText), field(fixtures.FieldNumber), field(fixtures.FieldBoolean)
	choice, choices := field(fixtures.FieldSelect), field(fixtures.FieldMultiSelect)
	date, instant := field(fixtures.FieldDate), field(fixtures.FieldDateTime)
	label := fieldOf(t, fixtures.FieldSelect).Options[0].Label
	tests := map[string]struct {
		query string
		field string
		says  string
	}{
		"an unknown status":             {"status=done", "status", `"done" is not one of open, in_progress, waiting, resolved, closed`},
		"an unknown status in a list":   {"status=open,done", "status", `"done" is not one of`},
		"an inbox that is no UUID":      {"inbox_id=1", "inbox_id", `"1" is not a UUID`},
		"an assignee that is no UUID":   {"assignee_id=me", "assignee_id", `"me" is not a UUID`},
		"the other word for nobody":     {"assignee_id=unassigned", "assignee_id", `"unassigned" is not a UUID`},
		"an unknown priority":           {"priority=max", "priority", `"max" is not one of low, normal, high, urgent`},
		"two priorities":                {"priority=low,high", "priority", `"low,high" is not one of`},
		"a tag that is no UUID":         {"tag_ids=" + stranger + ",vip", "tag_ids", `"vip" is not a UUID`},
		"a time that is none":           {"created_after=now", "created_after", `"now" is not an ISO 8601 instant`},
		"a time with a blank":           {"updated_before=2025-01-31T11:30:00+02:00", "updated_before", "write the + of an offset as %2B"},
		"an unknown sort":               {"sort=subject", "sort", `"subject" is not one of created_at, updated_at, priority`},
		"an unknown order":              {"order=down", "order", `"down" is not one of asc, desc`},
		"page zero":                     {"page=0", "page", `"0" is not a whole number of at least 1`},
		"a size of none":                {"per_page=-1", "per_page", `"-1" is not a whole number of at least 1`},
		"an unknown field":              {"custom_field_nonesuch=1", "custom_field_nonesuch", `"nonesuch" is not a custom-field key; the keys are ` + world().Data.InboxOps.CustomFields[0].Key + ", "},
		"a field without a key":         {"custom_field_=1", "custom_field_", `"" is not a custom-field key`},
		"a field in upper case":         {"custom_field_" + strings.ToUpper(fieldOf(t, fixtures.FieldText).Key) + "=1", "", "is not a custom-field key"},
		"a field without a value":       {text + "=", text, "has no value; send __empty__"},
		"a field twice":                 {text + "=a&" + text + "=b", text, "is sent twice"},
		"a field twice, the same":       {text + "=a&" + text + "=a", text, "is sent twice"},
		"a field with and without":      {text + "=a&" + text + "=__empty__", text, "is sent twice"},
		"an option by its label":        {choice + "=" + url.QueryEscape(label), choice, "is not the UUID of an option; the options are "},
		"an option's label is told":     {choice + "=x", choice, " (" + label + ")"},
		"a UUID that is no option":      {choice + "=" + stranger, choice, "is not the UUID of an option"},
		"the same for several options":  {choices + "=" + stranger, choices, "is not the UUID of an option"},
		"a number in words":             {number + "=ten", number, `"ten" is not a number, such as 12.5`},
		"a number that is none":         {number + "=NaN", number, `"NaN" is not a number`},
		"a number without end":          {number + "=Inf", number, `"Inf" is not a number`},
		"a number with a comma":         {number + "=1,5", number, `"1,5" is not a number`},
		"a truth in upper case":         {boolean + "=True", boolean, `"True" is not true or false`},
		"a truth as a number":           {boolean + "=1", boolean, `"1" is not true or false`},
		"a day in another order":        {date + "=25/12/2024", date, `"25/12/2024" is not a day of the calendar as YYYY-MM-DD`},
		"a day that does not exist":     {date + "=2024-02-30", date, `"2024-02-30" is not a day of the calendar`},
		"an instant for a day":          {date + "=2024-02-03T00:00:00Z", date, "is not a day of the calendar"},
		"a word for an instant":         {instant + "=soon", instant, `"soon" is not an ISO 8601 instant`},
		"an instant without an offset":  {instant + "=2024-02-03T00:00:00", instant, "is not an ISO 8601 instant"},
		"an instant whose plus is gone": {instant + "=2024-02-03T00:00:00+01:00", instant, "write the + of an offset as %2B"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newDesk(t, 0).list(test.query)
			if a.refusal == nil {
				t.Fatalf("%s: status %d", test.query, a.status)
			}
			fields := a.refusal.Fields
			if a.refusal.Kind != problem.BadRequest || len(fields) != 1 ||
				test.field != "" && fields[0].Name != test.field || !strings.Contains(fields[0].Message, test.says) {
				t.Errorf("%s is refused with %s %+v, want %s: ...%s...", test.query, a.refusal.Kind, fields, test.field, test.says)
			}
		})
	}
}

func TestListTicketsNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	a := newDesk(t, 0).list("page=0&status=x&sort=y&custom_field_z=1&created_after=w")
	if a.refusal == nil {
		t.Fatalf("status %d", a.status)
	}
	got := map[string]bool{}
	for _, field := range a.refusal.Fields {
		got[field.Name] = true
	}
	want := map[string]bool{"page": true, "status": true, "sort": true, "custom_field_z": true, "created_after": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestListTicketsByManyFields(t *testing.T) {
	t.Parallel()
	desk := &world().Data.InboxOps
	if len(desk.CustomFields) < 12 {
		t.Fatalf("%d custom fields, want at least 12", len(desk.CustomFields))
	}
	query := func(n int) string {
		var parts []string
		for _, def := range desk.CustomFields[:n] {
			parts = append(parts, "custom_field_"+def.Key+"=__empty__")
		}
		return strings.Join(parts, "&")
	}
	d := newDesk(t, 0)
	var ten store.Query
	for i := range 10 {
		ten.Fields = append(ten.Fields, store.FieldFilter{Field: i, Empty: true})
	}
	checkPage(t, d, query(10), ten)
	for _, n := range []int{11, 12} {
		a := d.list(query(n))
		want := problem.Invalid(problem.Field{
			Name:    "custom_field_" + desk.CustomFields[10].Key,
			Message: "is one key too many; at most 10 distinct custom-field keys are allowed",
		})
		if diff := cmp.Diff(want, a.refusal); diff != "" {
			t.Errorf("%d keys (-want +got):\n%s", n, diff)
		}
	}
}

func TestListTicketMessages(t *testing.T) {
	t.Parallel()
	d, desk := newDesk(t, 0), &world().Data.InboxOps
	ticket := desk.Known["mixed-types"]
	number := strconv.Itoa(desk.Tickets[ticket].Number)
	if _, _, err := d.workspace.Store.AddNote(number, later, "a note", ""); err != nil {
		t.Fatal(err)
	}
	both := store.Types{Emails: true, Notes: true}
	tests := map[string]struct {
		query string
		want  store.Types
	}{
		"without types, both":         {"", both},
		"empty types are both":        {"types=", both},
		"types of nothing are both":   {"types=,+,", both},
		"both":                        {"types=email,internal_note", both},
		"both, the other way round":   {"types=internal_note,email", both},
		"both, with a blank":          {"types=email,+internal_note", both},
		"e-mails alone":               {"types=email", store.Types{Emails: true}},
		"e-mails twice":               {"types=email,email", store.Types{Emails: true}},
		"notes alone":                 {"types=internal_note", store.Types{Notes: true}},
		"the first of two parameters": {"types=email&types=internal_note", store.Types{Emails: true}},
		"others are ignored":          {"page=2&per_page=x", both},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, _, _ := d.workspace.Store.Timeline(nil, number, test.want)
			want := `{"data":[` + string(rows) + `]}`
			for _, id := range []string{desk.Tickets[ticket].ID.String(), number} {
				if diff := cmp.Diff(want, d.messages(id, test.query).body); diff != "" {
					t.Errorf("%s?%s (-want +got):\n%s", id, test.query, diff)
				}
			}
		})
	}
}

func TestListTicketMessagesRefuses(t *testing.T) {
	t.Parallel()
	d, id := newDesk(t, 0), world().Data.InboxOps.Tickets[9].ID.String()
	for query, item := range map[string]string{
		"types=bogus": "bogus", "types=email,bogus": "bogus", "types=EMAIL": "EMAIL", "types=note": "note",
	} {
		want := problem.Invalid(problem.Field{Name: "types", Message: strconv.Quote(item) + " is not one of email, internal_note"})
		if diff := cmp.Diff(want, d.messages(id, query).refusal); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
	want := problem.Newf(problem.NotFound, `Ticket "999999" was not found; give a ticket's UUID or its ticket_number.`)
	if diff := cmp.Diff(want, d.messages("999999", "types=bogus").refusal); diff != "" {
		t.Errorf("an unknown ticket (-want +got):\n%s", diff)
	}
}

func TestListTicketMessagesOfEmptyTickets(t *testing.T) {
	t.Parallel()
	d, desk := newDesk(t, 0), &world().Data.InboxOps
	for _, name := range []string{"no-messages", "only-drafts"} {
		ticket, known := desk.Known[name]
		if !known {
			t.Fatalf("no ticket is known as %s", name)
		}
		if got := d.messages(desk.Tickets[ticket].ID.String(), "").body; got != `{"data":[]}` {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func ExampleService_Code() {
	fmt.Println(inboxops.Service{}.Code(problem.RateLimited))
	// Output: rate_limit_exceeded
}
