package mockserver_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

var (
	uuidForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	colourForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	timeForm   = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
)

// rows returns every row of the ticket list, newest first.
func (f *fake) rows() []object {
	f.t.Helper()
	var rows []object
	for _, page := range []string{"1", "2"} {
		rows = append(rows, f.get(readWrite, ticketsPath+"?per_page=100&page="+page).want(200).objects("data")...)
	}
	if len(rows) != len(f.desk().Tickets) {
		f.t.Fatalf("%d rows, want %d", len(rows), len(f.desk().Tickets))
	}
	return rows
}

// seededTicket returns the row of a seeded ticket.
func seededTicket(desk *fixtures.InboxOps, t *fixtures.Ticket) object {
	status, priority := desk.Statuses[t.Status], desk.Priorities[t.Priority]
	row := object{
		"id": t.ID.String(), "ticket_number": float64(t.Number), "subject": t.Subject,
		"inbox_id": desk.Inboxes[t.Inbox].ID.String(),
		"status":   status.Type, "status_id": status.ID.String(), "status_name": status.Name, "status_color": status.Color,
		"priority": priority.Level, "priority_id": priority.ID.String(), "priority_name": priority.Name, "priority_color": priority.Color,
		"assignee_id": nil, "contact_id": nil, "remind_at": instant(t.RemindAt), "remind_transition_status_id": nil,
		"created_at": instant(t.CreatedAt), "updated_at": instant(t.UpdatedAt),
	}
	if t.Assignee >= 0 {
		row["assignee_id"] = desk.Agents[t.Assignee].ID.String()
	}
	if t.Contact >= 0 {
		row["contact_id"] = desk.Contacts[t.Contact].ID.String()
	}
	if t.RemindStatus >= 0 {
		row["remind_transition_status_id"] = desk.Statuses[t.RemindStatus].ID.String()
	}
	return row
}

// checkStrings fails the test unless a member is a string of the form in every
// row; with null allowed, both must occur.
func checkStrings(t *testing.T, rows []object, member string, form *regexp.Regexp, null bool) {
	t.Helper()
	nulls := 0
	for i, row := range rows {
		value, has := row[member]
		s, isString := value.(string)
		switch {
		case has && value == nil && null:
			nulls++
		case !isString || form != nil && !form.MatchString(s):
			t.Errorf("row %d: %s is %#v", i, member, value)
		}
	}
	if null && (nulls == 0 || nulls == len(rows)) {
		t.Errorf("%s is null in %d of %d rows, which proves nothing", member, nulls, len(rows))
	}
}

// checkEnum fails the test unless a member takes exactly the values.
func checkEnum(t *testing.T, rows []object, member string, values ...string) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range rows {
		s, _ := row[member].(string)
		if seen[s] = true; !slices.Contains(values, s) {
			t.Errorf("%s is %#v", member, row[member])
		}
	}
	same(t, "distinct values of "+member, len(values), len(seen))
}

func TestTicketRow(t *testing.T) {
	t.Parallel()
	ticketProofs.share(t, start(t, mockserver.Config{}).Server)
}

var ticketProofs = proofs{
	"IO-TICKET-01 id is a UUID": func(t *testing.T, f *fake) {
		checkStrings(t, f.rows(), "id", uuidForm, false)
	},
	"IO-TICKET-02 ticket_number is an integer, and counts up": func(t *testing.T, f *fake) {
		rows := f.rows()
		for i, row := range rows {
			row.is(t, "row", "ticket_number", float64(1001+len(rows)-1-i))
		}
	},
	"IO-TICKET-03 subject is a string": func(t *testing.T, f *fake) { checkStrings(t, f.rows(), "subject", nil, false) },
	"IO-TICKET-04 inbox_id is a UUID":  func(t *testing.T, f *fake) { checkStrings(t, f.rows(), "inbox_id", uuidForm, false) },
	"IO-TICKET-05 status is one of the five": func(t *testing.T, f *fake) {
		checkEnum(t, f.rows(), "status", "open", "in_progress", "waiting", "resolved", "closed")
	},
	"IO-TICKET-06 status_id is a UUID":         func(t *testing.T, f *fake) { checkStrings(t, f.rows(), "status_id", uuidForm, false) },
	"IO-TICKET-07 status_name is a string":     func(t *testing.T, f *fake) { checkStrings(t, f.rows(), "status_name", nil, false) },
	"IO-TICKET-08 status_color is hexadecimal": func(t *testing.T, f *fake) { checkStrings(t, f.rows(), "status_color", colourForm, false) },
	"IO-TICKET-09 priority is one of the four": func(t *testing.T, f *fake) {
		checkEnum(t, f.rows(), "priority", "low", "normal", "high", "urgent")
	},
	"IO-TICKET-10 the priority has an id, a name and a colour like the status": func(t *testing.T, f *fake) {
		checkStrings(t, f.rows(), "priority_id", uuidForm, false)
		checkStrings(t, f.rows(), "priority_name", nil, false)
		checkStrings(t, f.rows(), "priority_color", colourForm, false)
	},
	"IO-TICKET-11 A21 assignee_id and contact_id are UUIDs or null": func(t *testing.T, f *fake) {
		checkStrings(t, f.rows(), "assignee_id", uuidForm, true)
		checkStrings(t, f.rows(), "contact_id", uuidForm, true)
	},
	"IO-TICKET-12 A21 remind_at is an instant or null, and its status a UUID or null": func(t *testing.T, f *fake) {
		checkStrings(t, f.rows(), "remind_at", timeForm, true)
		checkStrings(t, f.rows(), "remind_transition_status_id", uuidForm, true)
	},
	"IO-TICKET-13 A23 created_at and updated_at are instants in UTC with milliseconds": func(t *testing.T, f *fake) {
		checkStrings(t, f.rows(), "created_at", timeForm, false)
		checkStrings(t, f.rows(), "updated_at", timeForm, false)
		for _, row := range f.rows() {
			for _, member := range []string{"created_at", "updated_at"} {
				if _, err := time.Parse(time.RFC3339, row[member].(string)); err != nil {
					t.Error(err)
				}
			}
		}
	},
	"IO-TICKET-14 updated_at is not before created_at": func(t *testing.T, f *fake) {
		for _, row := range f.rows() {
			if row["updated_at"].(string) < row["created_at"].(string) { // of one form, so they sort as text
				t.Errorf("ticket %v: updated at %v, created at %v", row["id"], row["updated_at"], row["created_at"])
			}
		}
	},
	"IO-TICKET-15 ids are unique within a listing": func(t *testing.T, f *fake) {
		ids, numbers := map[any]bool{}, map[any]bool{}
		for _, row := range f.rows() {
			ids[row["id"]], numbers[row["ticket_number"]] = true, true
		}
		same(t, "distinct ids", len(f.desk().Tickets), len(ids))
		same(t, "distinct numbers", len(f.desk().Tickets), len(numbers))
	},
	"IO-TICKET-16 only waiting tickets have a reminder": func(t *testing.T, f *fake) {
		reminders := 0
		for _, row := range f.rows() {
			if row["remind_at"] == nil {
				continue
			}
			reminders++
			row.is(t, "a ticket with a reminder", "status", "waiting")
		}
		if reminders == 0 {
			t.Error("no ticket has a reminder")
		}
	},
	"IO-TICKET-17 A21 A22 B50 B52 each row has its eighteen values and no others, and every ticket a row": func(t *testing.T, f *fake) {
		desk := f.desk()
		rows := f.rows()
		slices.Reverse(rows)
		same(t, "members", 18, len(rows[0]))
		for i := range rows {
			same(t, "row", seededTicket(desk, &desk.Tickets[i]), rows[i])
		}
	},
}
