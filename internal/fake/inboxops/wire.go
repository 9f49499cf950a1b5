package inboxops

import (
	"strconv"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/service"
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
	b = service.AppendID(append(b, `{"id":`...), t.ID)
	b = strconv.AppendInt(append(b, `,"ticket_number":`...), int64(t.Number), 10)
	b = service.AppendString(append(b, `,"subject":`...), t.Subject)
	b = service.AppendID(append(b, `,"inbox_id":`...), w.Inboxes[t.Inbox].ID)
	b = service.AppendString(append(b, `,"status":`...), status.Type)
	b = service.AppendID(append(b, `,"status_id":`...), status.ID)
	b = service.AppendString(append(b, `,"status_name":`...), status.Name)
	b = service.AppendString(append(b, `,"status_color":`...), status.Color)
	b = service.AppendString(append(b, `,"priority":`...), priority.Level)
	b = service.AppendID(append(b, `,"priority_id":`...), priority.ID)
	b = service.AppendString(append(b, `,"priority_name":`...), priority.Name)
	b = service.AppendString(append(b, `,"priority_color":`...), priority.Color)
	b = service.AppendID(append(b, `,"assignee_id":`...), assignee)
	b = service.AppendID(append(b, `,"contact_id":`...), contact)
	b = service.AppendTime(append(b, `,"remind_at":`...), t.RemindAt)
	b = service.AppendID(append(b, `,"remind_transition_status_id":`...), remindStatus)
	b = service.AppendTime(append(b, `,"created_at":`...), t.CreatedAt)
	b = service.AppendTime(append(b, `,"updated_at":`...), t.UpdatedAt)
	return append(b, '}')
}

// AppendMessage appends a row of a timeline.
func (Encoder) AppendMessage(b []byte, m *fixtures.Message) []byte {
	b = service.AppendID(append(b, `{"id":`...), m.ID)
	b = service.AppendString(append(b, `,"direction":`...), m.Direction)
	b = service.AppendString(append(b, `,"type":`...), m.Type)
	b = service.AppendOptional(append(b, `,"from_address":`...), m.From)
	b = service.AppendOptional(append(b, `,"to_addresses":`...), m.To)
	b = service.AppendOptional(append(b, `,"cc_addresses":`...), m.Cc)
	b = service.AppendOptional(append(b, `,"bcc_addresses":`...), m.Bcc)
	b = service.AppendOptional(append(b, `,"send_status":`...), m.SendStatus)
	b = service.AppendOptional(append(b, `,"send_error":`...), m.SendError)
	b = service.AppendOptional(append(b, `,"body_text":`...), m.BodyText)
	b = service.AppendOptional(append(b, `,"body_html":`...), m.BodyHTML)
	b = service.AppendTime(append(b, `,"sent_at":`...), m.SentAt)
	b = service.AppendTime(append(b, `,"created_at":`...), m.CreatedAt)
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
	b = service.AppendID(append(b, `{"id":`...), a.ID)
	b = service.AppendString(append(b, `,"file_name":`...), a.FileName)
	b = service.AppendString(append(b, `,"content_type":`...), a.ContentType)
	b = strconv.AppendInt(append(b, `,"size_bytes":`...), int64(a.SizeBytes), 10)
	b = service.AppendString(append(b, `,"disposition":`...), a.Disposition)
	b = service.AppendOptional(append(b, `,"content_id":`...), a.ContentID)
	return append(b, '}')
}
