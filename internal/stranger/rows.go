package stranger

import (
	"cmp"
	"fmt"
	"strings"
)

// row writes a ticket as the list shows it.
func (s *Server) row(t *ticket) object {
	st, pr := s.w.statuses[t.status], s.w.priorities[t.priority]
	o := object{
		"id": s.show(t.id), "ticket_number": t.number, "subject": t.subject, "inbox_id": s.show(s.w.inboxes[t.inbox].id),
		"status": st.kind, "status_id": s.show(st.id), "status_name": st.name, "status_color": st.colour,
		"priority": pr.kind, "priority_id": s.show(pr.id), "priority_name": pr.name, "priority_color": pr.colour,
		"created_at": s.stamp(t.created), "updated_at": s.stamp(t.updated),
	}
	s.put(o, "assignee_id", s.show(t.assignee))
	s.put(o, "contact_id", s.show(t.contact))
	s.put(o, "remind_at", t.remindAt)
	s.put(o, "remind_transition_status_id", s.show(t.remindTo))
	if s.o.FieldsInRows {
		values := object{}
		for key, v := range t.fields {
			values[key], _ = s.shown(v)
		}
		o["custom_fields"] = values
	}
	return s.extra(o)
}

// ticket finds a ticket by what stands in the path.
func (s *Server) ticket(c *call) (*ticket, *failure) {
	text := c.segs[3]
	number := text
	if s.o.LooseNumber {
		number = strings.TrimLeft(text, "0")
	}
	for _, t := range s.w.tickets {
		if t.id == strings.ToLower(text) || fmt.Sprint(t.number) == number {
			return t, nil
		}
	}
	f := &failure{status: 404, field: "id", detail: "Ticket not found"}
	if strings.Trim(text, "0123456789") != "" && !isUUID(text) {
		f.status = cmp.Or(s.o.BadID, 404)
	}
	return nil, f
}
