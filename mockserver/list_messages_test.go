package mockserver_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

// messages asks for the timeline of a ticket, by UUID or number.
func (f *fake) messages(id, query string) []object {
	f.t.Helper()
	return f.get(readWrite, ticketsPath+"/"+id+"/messages?"+query).want(200).objects("data")
}

// seededMessages returns the rows of a ticket's timeline that are of a type;
// drafts never are.
func (f *fake) seededMessages(ticket int, types ...string) []object {
	rows := []object{}
	for _, m := range f.desk().Messages(ticket) {
		if !m.Draft && slices.Contains(types, m.Type) {
			rows = append(rows, seededMessage(m))
		}
	}
	return rows
}

// seededMessage returns the row of a seeded message.
func seededMessage(m fixtures.Message) object {
	attachments := []any{}
	for _, a := range m.Attachments {
		attachments = append(attachments, map[string]any{
			"id": a.ID.String(), "file_name": a.FileName, "content_type": a.ContentType, "size_bytes": float64(a.SizeBytes),
			"disposition": a.Disposition, "content_id": text(a.ContentID),
		})
	}
	return object{
		"id": m.ID.String(), "direction": m.Direction, "type": m.Type,
		"from_address": text(m.From), "to_addresses": text(m.To), "cc_addresses": text(m.Cc), "bcc_addresses": text(m.Bcc),
		"send_status": text(m.SendStatus), "send_error": text(m.SendError), "body_text": text(m.BodyText), "body_html": text(m.BodyHTML),
		"sent_at": instant(m.SentAt), "created_at": instant(m.CreatedAt), "attachments": attachments,
	}
}

func TestListMessages(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Config{}).Server
	messageProofs.share(t, server)
	messageIDProofs.share(t, server)
	messageTypeProofs.share(t, server)
}

// inOrder fails the test unless rows are in ascending order of created_at.
func inOrder(t *testing.T, rows []object) {
	t.Helper()
	for i := range rows[1:] {
		if rows[i]["created_at"].(string) > rows[i+1]["created_at"].(string) { // of one form, so they sort as text
			t.Errorf("row %d is older than row %d", i+1, i)
		}
	}
}

// bothTypes are the types of messages.
var bothTypes = []string{"email", "internal_note"}

var messageProofs = proofs{
	"IO-LIST-MSG-01 IO-LIST-MSG-07 IO-LIST-MSG-19 A21 A22 every timeline has its rows, with all values and no others": func(t *testing.T, f *fake) {
		for i, ticket := range f.desk().Tickets {
			same(t, ticket.Subject, f.seededMessages(i, bothTypes...), f.messages(ticket.ID.String(), ""))
		}
	},
	"IO-LIST-MSG-07 mail and notes come in one list": func(t *testing.T, f *fake) {
		_, id := f.known("mixed-types")
		checkEnum(t, f.messages(id, ""), "type", bothTypes...)
	},
	"IO-LIST-MSG-14 IO-LIST-MSG-15 C4 rows are oldest first, also under a filter": func(t *testing.T, f *fake) {
		for _, name := range []string{"long-thread", "mixed-types"} {
			_, id := f.known(name)
			for _, query := range []string{"", "types=email", "types=internal_note"} {
				rows := f.messages(id, query)
				inOrder(t, rows)
				if rows[0]["created_at"] == rows[len(rows)-1]["created_at"] {
					t.Errorf("%s %s has no order", name, query)
				}
			}
		}
	},
	"IO-LIST-MSG-16 C6 drafts never show": func(t *testing.T, f *fake) {
		drafts := map[any]bool{}
		for i := range f.desk().Tickets {
			for _, m := range f.desk().Messages(i) {
				if m.Draft {
					drafts[m.ID.String()] = true
				}
			}
		}
		for i := range f.desk().Tickets {
			for _, query := range []string{"", "types=email", "types=email,internal_note"} {
				for _, row := range f.messages(strconv.Itoa(1001+i), query) {
					if drafts[row["id"]] {
						t.Errorf("the draft %v shows under %q", row["id"], query)
					}
				}
			}
		}
		if len(drafts) < 4 {
			t.Errorf("there are only %d drafts", len(drafts))
		}
	},
	"IO-LIST-MSG-18 a ticket without messages, or with drafts alone, has an empty array": func(t *testing.T, f *fake) {
		for _, name := range []string{"no-messages", "only-drafts"} {
			_, id := f.known(name)
			for _, query := range []string{"", "types=email", "types=internal_note"} {
				same(t, name, `{"data":[]}`, f.get(readWrite, ticketsPath+"/"+id+"/messages?"+query).want(200).Body)
			}
		}
	},
	"IO-LIST-MSG-34 C5 the whole timeline comes, without meta, whatever page and per_page say": func(t *testing.T, f *fake) {
		_, id := f.known("long-thread")
		a := f.get(readWrite, ticketsPath+"/"+id+"/messages").want(200)
		var body map[string]any
		a.decode(&body)
		same(t, "members", 1, len(body))
		same(t, "rows", 250, len(a.objects("data")))
		for _, query := range []string{"page=2", "per_page=10", "page=2&per_page=10", "page=x", "limit=1", "sort=bogus"} {
			same(t, query, a.Body, f.get(readWrite, ticketsPath+"/"+id+"/messages?"+query).want(200).Body)
		}
	},
}

var messageIDProofs = proofs{
	"IO-LIST-MSG-02 C1 the number of a ticket works like its UUID, in either case": func(t *testing.T, f *fake) {
		for _, name := range []string{"mixed-types", "closed", "many-recipients"} {
			i, id := f.known(name)
			want := f.get(readWrite, ticketsPath+"/"+id+"/messages").want(200).Body
			for _, other := range []string{strconv.Itoa(1001 + i), strings.ToUpper(id)} {
				same(t, other, want, f.get(readWrite, ticketsPath+"/"+other+"/messages").want(200).Body)
			}
		}
	},
	"IO-LIST-MSG-03 IO-LIST-MSG-06 an unknown UUID is 404": func(_ *testing.T, f *fake) {
		f.get(readWrite, ticketsPath+"/"+unknownID+"/messages").refused(404, "not_found")
		f.get(readWrite, ticketsPath+"/"+f.desk().Messages(0)[0].ID.String()+"/messages").refused(404, "not_found")
		f.get(readWrite, ticketsPath+"/"+f.desk().Inboxes[0].ID.String()+"/messages").refused(404, "not_found")
	},
	"IO-LIST-MSG-04 IO-LIST-MSG-06 an unknown number is 404": func(_ *testing.T, f *fake) {
		for _, number := range []string{"1", "1000", "1201", "99999999", "0"} {
			f.get(readWrite, ticketsPath+"/"+number+"/messages").refused(404, "not_found")
		}
	},
	"IO-LIST-MSG-05 C2 C3 a malformed id is 404, whatever number is in it": func(t *testing.T, f *fake) {
		id := f.desk().Tickets[0].ID.String()
		for _, malformed := range []string{
			"x", "%231001", "01001", "+1001", "-1001", "1001.0", "1e3", "0x3e9", "1001%20", "%201001", "1,001", "1001;1002",
			"%D9%A1%D9%A0%D9%A0%D9%A1", "99999999999999999999999", "18446744073709552617", id[:35], id + "0", "{" + id + "}",
			"%00", "%FF", "a%2Fb",
		} {
			a := f.get(readWrite, ticketsPath+"/"+malformed+"/messages")
			if a.refused(404, "not_found"); !strings.Contains(a.Body, "give a ticket's UUID or its ticket_number") {
				t.Errorf("%s: the answer does not tell the forms of an id: %s", malformed, a.Body)
			}
		}
	},
}

// types fails the test unless a types filter shows the given types of every
// ticket known by name.
func (f *fake) types(query string, types ...string) {
	f.t.Helper()
	for name, i := range f.desk().Known {
		same(f.t, name+" "+query, f.seededMessages(i, types...), f.messages(strconv.Itoa(1001+i), query))
	}
}

const validTypes = "is not one of email, internal_note"

var messageTypeProofs = proofs{
	"IO-LIST-MSG-08 types=email shows mail alone": func(_ *testing.T, f *fake) { f.types("types=email", "email") },
	"IO-LIST-MSG-09 types=internal_note shows notes alone": func(_ *testing.T, f *fake) {
		f.types("types=internal_note", "internal_note")
	},
	"IO-LIST-MSG-10 IO-LIST-MSG-11 C9 both types in either order show everything": func(_ *testing.T, f *fake) {
		f.types("types=email,internal_note", bothTypes...)
		f.types("types=internal_note,email", bothTypes...)
	},
	"IO-LIST-MSG-36 types select the same by number": func(t *testing.T, f *fake) {
		first := f.list("sort=created_at&order=asc&per_page=1").Data[0]
		for _, types := range []string{"email", "internal_note", "internal_note,email"} {
			byUUID := f.get(readWrite, ticketsPath+"/"+first.ID+"/messages?types="+types).want(200).Body
			same(t, types, byUUID, f.get(readWrite, fmt.Sprintf("%s/%d/messages?types=%s", ticketsPath, first.TicketNumber, types)).want(200).Body)
		}
	},
	"IO-LIST-MSG-37 blanks and repeats do not count, and an empty filter is none (C8)": func(_ *testing.T, f *fake) {
		f.types("types=email,+internal_note", bothTypes...)
		f.types("types=+email+,+email,,", "email")
		f.types("types=", bothTypes...)
		f.types("types=,+,", bothTypes...)
	},
	"B17 C8 the first of two types filters counts": func(_ *testing.T, f *fake) { f.types("types=email&types=internal_note", "email") },
	"IO-LIST-MSG-12 IO-LIST-MSG-35 C7 an unknown type is 400": func(_ *testing.T, f *fake) {
		for _, types := range []string{"bogus", "note", "emails", "email;internal_note", "*"} {
			f.get(readWrite, messagesPath+"?types="+types).names("types", validTypes)
		}
	},
	"IO-LIST-MSG-13 IO-LIST-MSG-35 C7 an unknown type beside a known one is 400": func(_ *testing.T, f *fake) {
		f.get(readWrite, messagesPath+"?types=email,bogus").names("types", validTypes)
		f.get(readWrite, messagesPath+"?types=bogus,internal_note").names("types", validTypes)
	},
	"C8 the case of a type matters": func(_ *testing.T, f *fake) {
		f.get(readWrite, messagesPath+"?types=Email").names("types", validTypes)
		f.get(readWrite, messagesPath+"?types=INTERNAL_NOTE").names("types", validTypes)
	},
}
