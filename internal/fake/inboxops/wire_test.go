package inboxops_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
)

// id returns an ID that ends in the digit.
func id(digit byte) fixtures.ID {
	return fixtures.ID{6: 0x40, 8: 0x80, 15: digit}
}

// uuid returns the text of id(digit).
func uuid(digit string) string {
	return "00000000-0000-4000-8000-00000000000" + digit
}

var noon = time.Date(2025, time.January, 31, 12, 0, 0, 7e6, time.UTC)

func TestEncoderAppendTicket(t *testing.T) {
	t.Parallel()
	desk := &fixtures.InboxOps{
		Inboxes:    []fixtures.Inbox{{ID: id(8)}, {ID: id(1)}},
		Agents:     []fixtures.Agent{{ID: id(8)}, {ID: id(2)}},
		Contacts:   []fixtures.Contact{{ID: id(8)}, {ID: id(3)}},
		Statuses:   []fixtures.Status{{ID: id(8)}, {ID: id(4), Type: "waiting", Name: "On \"hold\"", Color: "#aabbcc"}, {ID: id(5)}},
		Priorities: []fixtures.Priority{{}, {ID: id(6), Level: "urgent", Name: "Now", Color: "#ff0000"}},
	}
	ticket := fixtures.Ticket{
		ID: id(7), Number: 1042, Subject: "Größe <b>?", Inbox: 1, Status: 1, Priority: 1,
		Assignee: 1, Contact: 1, RemindStatus: 2, RemindAt: noon.AddDate(0, 0, 1),
		CreatedAt: noon, UpdatedAt: noon.Add(time.Hour).In(time.FixedZone("", 3600)),
	}
	start := `{"id":"` + uuid("7") + `","ticket_number":1042,"subject":"Größe <b>?","inbox_id":"` + uuid("1") + `",` +
		`"status":"waiting","status_id":"` + uuid("4") + `","status_name":"On \"hold\"","status_color":"#aabbcc",` +
		`"priority":"urgent","priority_id":"` + uuid("6") + `","priority_name":"Now","priority_color":"#ff0000",`
	const end = `"created_at":"2025-01-31T12:00:00.007Z","updated_at":"2025-01-31T13:00:00.007Z"}`
	bare := ticket
	bare.Assignee, bare.Contact, bare.RemindStatus, bare.RemindAt = -1, -1, -1, time.Time{}
	first := bare
	first.Assignee, first.Contact, first.RemindStatus = 0, 0, 0
	tests := map[string]struct {
		ticket fixtures.Ticket
		want   string
	}{
		"all that can be set": {ticket, start + `"assignee_id":"` + uuid("2") + `","contact_id":"` + uuid("3") + `",` +
			`"remind_at":"2025-02-01T12:00:00.007Z","remind_transition_status_id":"` + uuid("5") + `",` + end},
		"the first of each list": {first, start + `"assignee_id":"` + uuid("8") + `","contact_id":"` + uuid("8") + `",` +
			`"remind_at":null,"remind_transition_status_id":"` + uuid("8") + `",` + end},
		"what is not set is null": {bare, start + `"assignee_id":null,"contact_id":null,"remind_at":null,"remind_transition_status_id":null,` + end},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := inboxops.Encoder{}.AppendTicket([]byte("x"), desk, &test.ticket)
			if diff := cmp.Diff("x"+test.want, string(got)); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEncoderAppendMessage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		message fixtures.Message
		want    string
	}{
		"all that can be set": {
			fixtures.Message{
				ID: id(1), Direction: "outbound", Type: "email", From: `"A, B" <a@example.com>`, To: "b@example.com, c@example.com",
				Cc: "d@example.com", Bcc: "e@example.com", SendStatus: "failed", SendError: "550 no such user",
				BodyText: "line\nline", BodyHTML: `<img src="cid:i1">`, SentAt: noon, CreatedAt: noon.Add(time.Second),
				Attachments: []fixtures.Attachment{
					{ID: id(2), FileName: "a.png", ContentType: "image/png", SizeBytes: 12, Disposition: "inline", ContentID: "i1"},
					{ID: id(3), FileName: "ü.txt", ContentType: "text/plain", Disposition: "attachment"},
				},
			},
			`{"id":"` + uuid("1") + `","direction":"outbound","type":"email","from_address":"\"A, B\" <a@example.com>",` +
				`"to_addresses":"b@example.com, c@example.com","cc_addresses":"d@example.com","bcc_addresses":"e@example.com",` +
				`"send_status":"failed","send_error":"550 no such user","body_text":"line\nline","body_html":"<img src=\"cid:i1\">",` +
				`"sent_at":"2025-01-31T12:00:00.007Z","created_at":"2025-01-31T12:00:01.007Z","attachments":[` +
				`{"id":"` + uuid("2") + `","file_name":"a.png","content_type":"image/png","size_bytes":12,"disposition":"inline","content_id":"i1"},` +
				`{"id":"` + uuid("3") + `","file_name":"ü.txt","content_type":"text/plain","size_bytes":0,"disposition":"attachment","content_id":null}]}`,
		},
		"what is not set is null, or an empty list": {
			fixtures.Message{ID: id(1), Direction: "outbound", Type: "internal_note", CreatedAt: noon},
			`{"id":"` + uuid("1") + `","direction":"outbound","type":"internal_note","from_address":null,"to_addresses":null,` +
				`"cc_addresses":null,"bcc_addresses":null,"send_status":null,"send_error":null,"body_text":null,"body_html":null,` +
				`"sent_at":null,"created_at":"2025-01-31T12:00:00.007Z","attachments":[]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := inboxops.Encoder{}.AppendMessage([]byte("x"), &test.message)
			if diff := cmp.Diff("x"+test.want, string(got)); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEncoderWritesJSON: every row of the seeded world is JSON, and says what
// the dataset says.
func TestEncoderWritesJSON(t *testing.T) {
	t.Parallel()
	w := &world().Data.InboxOps
	messages := 0
	for i := range w.Tickets {
		ticket := &w.Tickets[i]
		var row struct {
			ID      string
			Number  int `json:"ticket_number"`
			Subject string
		}
		read(t, inboxops.Encoder{}.AppendTicket(nil, w, ticket), &row)
		if row.ID != ticket.ID.String() || row.Number != ticket.Number || row.Subject != ticket.Subject {
			t.Errorf("ticket %d is written as %+v", ticket.Number, row)
		}
		for _, m := range w.Messages(i) {
			var row struct {
				Text string `json:"body_text"`
				HTML string `json:"body_html"`
				To   string `json:"to_addresses"`
			}
			read(t, inboxops.Encoder{}.AppendMessage(nil, &m), &row)
			if row.Text != m.BodyText || row.HTML != m.BodyHTML || row.To != m.To {
				t.Errorf("message %s is written as %+v", m.ID, row)
			}
			messages++
		}
	}
	if messages < len(w.Tickets) {
		t.Errorf("only %d messages in %d tickets", messages, len(w.Tickets))
	}
}

// read decodes a row.
func read(t *testing.T, row []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(row)))
	if err := decoder.Decode(into); err != nil || decoder.More() {
		t.Fatalf("%s: %v", row, err)
	}
}
