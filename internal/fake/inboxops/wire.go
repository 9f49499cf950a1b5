package inboxops

import (
	"strconv"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/face"
)

// Encoder writes tickets and messages as InboxOps does: every documented key
// is there, null where nothing is set (choice A21).
type Encoder struct{}

// AppendTicket appends a row of the ticket list.
func (Encoder) AppendTicket(b []byte, w *fixtures.InboxOps, t *fixtures.Ticket) []byte {
	status, priority := &w.Statuses[t.Status], &w.Priorities[t.Priority]
	var assignee, contact, remindStatus fixtures.ID
	if t.Assignee >= 0 {
		assignee = w.Agents[t.Assignee].ID
	}
	if t.Contact >= 0 {
		contact = w.Contacts[t.Contact].ID
	}
	if t.RemindStatus >= 0 {
		remindStatus = w.Statuses[t.RemindStatus].ID
	}
	b = face.AppendID(append(b, `{"id":`...), t.ID)
	b = strconv.AppendInt(append(b, `,"ticket_number":`...), int64(t.Number), 10)
	b = face.AppendString(append(b, `,"subject":`...), t.Subject)
	b = face.AppendID(append(b, `,"inbox_id":`...), w.Inboxes[t.Inbox].ID)
	b = face.AppendString(append(b, `,"status":`...), status.Type)
	b = face.AppendID(append(b, `,"status_id":`...), status.ID)
	b = face.AppendString(append(b, `,"status_name":`...), status.Name)
	b = face.AppendString(append(b, `,"status_color":`...), status.Color)
	b = face.AppendString(append(b, `,"priority":`...), priority.Level)
	b = face.AppendID(append(b, `,"priority_id":`...), priority.ID)
	b = face.AppendString(append(b, `,"priority_name":`...), priority.Name)
	b = face.AppendString(append(b, `,"priority_color":`...), priority.Color)
	b = face.AppendID(append(b, `,"assignee_id":`...), assignee)
	b = face.AppendID(append(b, `,"contact_id":`...), contact)
	b = face.AppendTime(append(b, `,"remind_at":`...), t.RemindAt)
	b = face.AppendID(append(b, `,"remind_transition_status_id":`...), remindStatus)
	b = face.AppendTime(append(b, `,"created_at":`...), t.CreatedAt)
	b = face.AppendTime(append(b, `,"updated_at":`...), t.UpdatedAt)
	return append(b, '}')
}

// AppendMessage appends a row of a timeline.
func (Encoder) AppendMessage(b []byte, m *fixtures.Message) []byte {
	b = face.AppendID(append(b, `{"id":`...), m.ID)
	b = face.AppendString(append(b, `,"direction":`...), m.Direction)
	b = face.AppendString(append(b, `,"type":`...), m.Type)
	b = face.AppendOptional(append(b, `,"from_address":`...), m.From)
	b = face.AppendOptional(append(b, `,"to_addresses":`...), m.To)
	b = face.AppendOptional(append(b, `,"cc_addresses":`...), m.Cc)
	b = face.AppendOptional(append(b, `,"bcc_addresses":`...), m.Bcc)
	b = face.AppendOptional(append(b, `,"send_status":`...), m.SendStatus)
	b = face.AppendOptional(append(b, `,"send_error":`...), m.SendError)
	b = face.AppendOptional(append(b, `,"body_text":`...), m.BodyText)
	b = face.AppendOptional(append(b, `,"body_html":`...), m.BodyHTML)
	b = face.AppendTime(append(b, `,"sent_at":`...), m.SentAt)
	b = face.AppendTime(append(b, `,"created_at":`...), m.CreatedAt)
	b = append(b, `,"attachments":[`...)
	for i := range m.Attachments {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendAttachment(b, &m.Attachments[i])
	}
	return append(b, "]}"...)
}

func appendAttachment(b []byte, a *fixtures.Attachment) []byte {
	b = face.AppendID(append(b, `{"id":`...), a.ID)
	b = face.AppendString(append(b, `,"file_name":`...), a.FileName)
	b = face.AppendString(append(b, `,"content_type":`...), a.ContentType)
	b = strconv.AppendInt(append(b, `,"size_bytes":`...), int64(a.SizeBytes), 10)
	b = face.AppendString(append(b, `,"disposition":`...), a.Disposition)
	b = face.AppendOptional(append(b, `,"content_id":`...), a.ContentID)
	return append(b, '}')
}
