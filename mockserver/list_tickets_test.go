package mockserver_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

func TestListTickets(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Config{}).Server
	listProofs.share(t, server)
	filterProofs.share(t, server)
	timeProofs.share(t, server)
	sortProofs.share(t, server)
	pageProofs.share(t, server)
}

var listProofs = proofs{
	"IO-LIST-TICKETS-01 the list is 200 and JSON": func(t *testing.T, f *fake) {
		a := f.get(readWrite, ticketsPath).want(200)
		same(t, "Content-Type", []string{"application/json"}, a.Header["Content-Type"])
	},
	"IO-LIST-TICKETS-02 B6 data is an array, of 25 rows unless told otherwise": func(t *testing.T, f *fake) {
		same(t, "rows", 25, len(f.get(readWrite, ticketsPath).want(200).objects("data")))
		f.findsNone("inbox_id=" + unknownID)
	},
	"IO-LIST-TICKETS-03 A22 meta has the integers page, per_page and total alone": func(t *testing.T, f *fake) {
		body := f.get(readWrite, ticketsPath+"?page=3&per_page=7").want(200).Body
		_, tail, _ := strings.Cut(body, `],"meta":`)
		same(t, "meta", `{"page":3,"per_page":7,"total":200}}`, tail)
	},
	"IO-LIST-TICKETS-57 A19 unknown parameters are ignored": func(t *testing.T, f *fake) {
		want := f.get(readWrite, ticketsPath).want(200).Body
		for _, query := range []string{"foo=bar", "Status=closed", "status_id=x", "limit=1", "=x", "custom_fields=1", "customfield_x=1", "&&", "page[number]=2", "a%20b=c"} {
			same(t, query, want, f.get(readWrite, ticketsPath+"?"+query).want(200).Body)
		}
	},
	"B17 the first of a repeated parameter wins": func(t *testing.T, f *fake) {
		for _, pair := range [][2]string{
			{"status=open", "status=closed"},
			{"priority=low", "priority=bogus"},
			{"page=2", "page=x"},
			{"per_page=3", "per_page=4"},
			{"order=asc", "order=desc"},
			{"sort=priority", "sort=bogus"},
			{"created_after=2025-01-01", "created_after=x"},
		} {
			want := f.get(readWrite, ticketsPath+"?"+pair[0]).want(200).Body
			same(t, pair[0], want, f.get(readWrite, ticketsPath+"?"+pair[0]+"&"+pair[1]).want(200).Body)
			if want == f.get(readWrite, ticketsPath).want(200).Body {
				t.Errorf("%s proves nothing", pair[0])
			}
		}
	},
	"IO-LIST-TICKETS-42 filters of different parameters combine with AND": func(_ *testing.T, f *fake) {
		desk := f.desk()
		i, _ := f.known("tagged-twice")
		like := desk.Tickets[i]
		day := like.CreatedAt.Add(-100 * 24 * time.Hour)
		query := fmt.Sprintf("status=%s&inbox_id=%s&created_after=%s", desk.Statuses[like.Status].Type, desk.Inboxes[like.Inbox].ID, stamp(day))
		k := keep(func(_ int, t *fixtures.Ticket) bool {
			return desk.Statuses[t.Status].Type == desk.Statuses[like.Status].Type && t.Inbox == like.Inbox && t.CreatedAt.After(day)
		})
		f.finds(query, k)
		f.finds(query+"&priority="+desk.Priorities[like.Priority].Level, both(k, f.priority(desk.Priorities[like.Priority].Level)))
		f.finds(query+"&tag_ids="+desk.Tags[like.Tags[0]].ID.String(), both(k, tagged(like.Tags[0])))
		f.findsNone(query + "&created_before=" + stamp(day.Add(-time.Second)))
	},
	"several wrong parameters are all named": func(t *testing.T, f *fake) {
		body := f.get(readWrite, ticketsPath+"?status=x&page=0&created_after=y&sort=z&tag_ids=t").refused(400, "bad_request")
		var fields []string
		for _, e := range body.Errors {
			fields = append(fields, e.Field)
		}
		slices.Sort(fields)
		same(t, "fields", []string{"created_after", "page", "sort", "status", "tag_ids"}, fields)
	},
}

// status keeps the tickets of some categories.
func (f *fake) status(categories ...string) keep {
	return func(_ int, t *fixtures.Ticket) bool {
		return slices.Contains(categories, f.desk().Statuses[t.Status].Type)
	}
}

// priority keeps the tickets of a level.
func (f *fake) priority(level string) keep {
	return func(_ int, t *fixtures.Ticket) bool { return f.desk().Priorities[t.Priority].Level == level }
}

// tagged keeps the tickets that carry all of some tags.
func tagged(tags ...int) keep {
	return func(_ int, t *fixtures.Ticket) bool {
		return !slices.ContainsFunc(tags, func(tag int) bool { return !slices.Contains(t.Tags, tag) })
	}
}

// Words of the refusals that say what is valid.
const (
	validStatus   = "is not one of open, in_progress, waiting, resolved, closed"
	validPriority = "is not one of low, normal, high, urgent"
	validUUID     = "is not a UUID, such as"
	validInstant  = "is not an ISO 8601 instant, such as"
	validNumber   = "is not a whole number of at least 1"
)

var filterProofs = proofs{
	"IO-LIST-TICKETS-18 IO-LIST-TICKETS-19 each status finds its tickets": func(_ *testing.T, f *fake) {
		for _, status := range []string{"open", "in_progress", "waiting", "resolved", "closed"} {
			f.finds("status="+status, f.status(status))
		}
	},
	"IO-LIST-TICKETS-20 two statuses find the union": func(_ *testing.T, f *fake) {
		f.finds("status=open,closed", f.status("open", "closed"))
		f.finds("status=closed,waiting,open,open", f.status("open", "waiting", "closed"))
	},
	"IO-LIST-TICKETS-21 B14 an unknown status is 400, also beside a known one": func(_ *testing.T, f *fake) {
		for _, status := range []string{"bogus", "open,bogus", "Open", "open%00", "open;closed"} {
			f.wrong("status="+status, "status", validStatus)
		}
	},
	"B15 a status is not given by its id or its name": func(_ *testing.T, f *fake) {
		f.wrong("status="+f.desk().Statuses[0].ID.String(), "status", validStatus)
		f.wrong("status=Escalated", "status", validStatus)
	},
	"B16 blanks and empty items of lists do not count": func(t *testing.T, f *fake) {
		f.finds("status=+open+,,+closed+,", f.status("open", "closed"))
		tags := f.desk().Tags
		f.finds("tag_ids=,+"+tags[0].ID.String()+"+,", tagged(0))
		for _, query := range []string{"status=", "status=,", "status=+,+", "tag_ids=,", "tag_ids=", "inbox_id=+", "assignee_id=", "priority=", "created_after=", "sort=&order="} {
			same(t, query, f.where(func(int, *fixtures.Ticket) bool { return true }), f.ids(query))
		}
	},
	"IO-LIST-TICKETS-22 each inbox finds its tickets": func(_ *testing.T, f *fake) {
		for i, inbox := range f.desk().Inboxes {
			k := func(_ int, t *fixtures.Ticket) bool { return t.Inbox == i }
			f.finds("inbox_id="+inbox.ID.String(), k)
			f.finds("inbox_id="+strings.ToUpper(inbox.ID.String()), k)
		}
	},
	"IO-LIST-TICKETS-23 B21 an unknown inbox or assignee finds nothing": func(_ *testing.T, f *fake) {
		f.findsNone("inbox_id=" + unknownID)
		f.findsNone("assignee_id=" + unknownID)
		f.findsNone("assignee_id=" + f.desk().Inboxes[0].ID.String())
	},
	"IO-LIST-TICKETS-24 B22 a malformed inbox is 400": func(_ *testing.T, f *fake) {
		id := f.desk().Inboxes[0].ID.String()
		for _, malformed := range []string{"1", "support", id[:35], id + "0", strings.ReplaceAll(id, "-", ""), "{" + id + "}", id + "," + id} {
			f.wrong("inbox_id="+malformed, "inbox_id", validUUID)
		}
	},
	"IO-LIST-TICKETS-25 each assignee finds their tickets": func(_ *testing.T, f *fake) {
		for i, agent := range f.desk().Agents {
			f.finds("assignee_id="+agent.ID.String(), func(_ int, t *fixtures.Ticket) bool { return t.Assignee == i })
		}
	},
	"IO-LIST-TICKETS-26 IO-LIST-TICKETS-27 B19 __unassigned__ finds the tickets of nobody": func(t *testing.T, f *fake) {
		f.finds("assignee_id=__unassigned__", func(_ int, t *fixtures.Ticket) bool { return t.Assignee < 0 })
		for _, row := range f.list("assignee_id=__unassigned__").Data {
			if row.AssigneeID != nil {
				t.Errorf("ticket %s has the assignee %s", row.ID, *row.AssigneeID)
			}
		}
	},
	"IO-LIST-TICKETS-28 B19 B20 an assignee is a UUID or the literal, and nothing like it": func(_ *testing.T, f *fake) {
		for _, malformed := range []string{"unassigned", "__UNASSIGNED__", "__unassigned", "null", "me", "1"} {
			f.wrong("assignee_id="+malformed, "assignee_id", validUUID)
		}
	},
	"IO-LIST-TICKETS-29 each priority finds its tickets": func(_ *testing.T, f *fake) {
		for _, level := range []string{"low", "normal", "high", "urgent"} {
			f.finds("priority="+level, f.priority(level))
		}
	},
	"IO-LIST-TICKETS-30 B18 an unknown priority and a list of them are 400": func(_ *testing.T, f *fake) {
		for _, priority := range []string{"bogus", "high,low", "High", "P1+Urgent", "high,"} {
			f.wrong("priority="+priority, "priority", validPriority)
		}
	},
	"IO-LIST-TICKETS-31 each tag finds the tickets that carry it": func(_ *testing.T, f *fake) {
		for i, tag := range f.desk().Tags {
			f.finds("tag_ids="+tag.ID.String(), tagged(i))
		}
	},
	"IO-LIST-TICKETS-32 IO-LIST-TICKETS-34 two tags find the tickets that carry both, in either order": func(t *testing.T, f *fake) {
		desk := f.desk()
		i, _ := f.known("tagged-twice")
		a, b := desk.Tickets[i].Tags[0], desk.Tickets[i].Tags[1]
		f.finds(fmt.Sprintf("tag_ids=%s,%s", desk.Tags[a].ID, desk.Tags[b].ID), tagged(a, b))
		f.finds(fmt.Sprintf("tag_ids=%s,%s", desk.Tags[b].ID, desk.Tags[a].ID), tagged(a, b))
		if both, one := len(f.where(tagged(a, b))), len(f.where(tagged(a))); both == one || both == len(f.where(tagged(b))) {
			t.Error("the tags occur together only")
		}
	},
	"IO-LIST-TICKETS-33 B23 an unused tag finds nothing, also beside a used one": func(_ *testing.T, f *fake) {
		f.findsNone("tag_ids=" + unknownID)
		f.findsNone("tag_ids=" + f.desk().Tags[0].ID.String() + "," + unknownID)
	},
	"B23 a malformed tag is 400, also beside a right one": func(_ *testing.T, f *fake) {
		f.wrong("tag_ids=vip", "tag_ids", validUUID)
		f.wrong("tag_ids="+f.desk().Tags[0].ID.String()+",vip", "tag_ids", validUUID)
	},
}

// TestListTicketsAcceptsAnything sends odd queries: whatever they mean, they
// are answered within the contract.
func TestListTicketsAcceptsAnything(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	printable := regexp.MustCompile(`^[\x20-\x7e]*$`)
	for _, value := range []string{"", "%00", "%FF", "%C3%28", "%E2%80%AE", "%F0%9F%90%9B", "\"'<>", strings.Repeat("a", 5000), "%", "%2", "+", ";", url.QueryEscape("\r\nX: y")} {
		for _, parameter := range []string{"query", "status", "inbox_id", "tag_ids", "created_after", "sort", "page", "custom_field_plan", "custom_field_%FF", "%FF", "x"} {
			a := f.get(readWrite, ticketsPath+"?"+parameter+"="+value)
			if a.Status != 200 && a.Status != 400 {
				t.Errorf("%s=%s is %d", parameter, value, a.Status)
			}
			for name, values := range a.Header {
				if !printable.MatchString(strings.Join(values, "")) {
					t.Errorf("%s=%s: header %s is %q", parameter, value, name, values)
				}
			}
		}
	}
}
