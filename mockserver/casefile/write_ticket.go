package casefile

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// wishOf returns what to write about an arranged ticket at a place. What the
// seed makes the same from the rest is left out.
func (out *writer) wishOf(t *TicketState, place int) fixtures.TicketWish {
	wish := fixtures.TicketWish{
		Name: t.Name, Subject: t.Subject, Status: &t.Status, Priority: &t.Priority, Inbox: &t.Inbox, Assignee: &t.Assignee, Contact: &t.Contact,
		Tags: append([]int{}, t.Tags...), Fields: append([]fixtures.FieldValue{}, t.Fields...), CreatedAt: t.CreatedAt, Messages: wishesOf(t),
	}
	usual := fixtures.UnnamedID(place)
	if t.Name != "" {
		usual = fixtures.TicketID(t.Name)
	}
	if t.ID != usual {
		wish.ID = t.ID
	}
	made, _, messages := out.desk.Compose(place, &wish)
	finish(&wish, t, &made, messages)
	return wish
}

// changed returns what to write about a seeded ticket: how it differs from the
// seed's.
func (out *writer) changed(t *TicketState) mapping {
	i := t.Number - fixtures.FirstNumber
	wish := fixtures.TicketWish{Seeded: &i}
	was, _, thread := out.desk.Compose(0, &wish)
	if t.Subject != was.Subject {
		wish.Subject = t.Subject
	}
	for _, member := range []struct {
		say     **int
		is, was *int
	}{
		{&wish.Status, &t.Status, &was.Status},
		{&wish.Priority, &t.Priority, &was.Priority},
		{&wish.Inbox, &t.Inbox, &was.Inbox},
		{&wish.Assignee, &t.Assignee, &was.Assignee},
		{&wish.Contact, &t.Contact, &was.Contact},
	} {
		if *member.is != *member.was {
			*member.say = member.is
		}
	}
	if !slices.Equal(t.Tags, was.Tags) {
		wish.Tags = append([]int{}, t.Tags...)
	}
	if !t.CreatedAt.Equal(was.CreatedAt) {
		wish.CreatedAt = t.CreatedAt
	}
	if !slices.EqualFunc(t.Messages, thread, sameMessage) {
		wish.Messages = wishesOf(t)
	}
	made, fields, messages := out.desk.Compose(0, &wish)
	if !slices.EqualFunc(t.Fields, fields, sameValue) {
		wish.Fields = append([]fixtures.FieldValue{}, t.Fields...)
	}
	finish(&wish, t, &made, messages)
	return out.ticket(&wish)
}

// finish adds to the wish what the seed would make different.
func finish(wish *fixtures.TicketWish, t *TicketState, made *fixtures.Ticket, messages []fixtures.Message) {
	if !t.UpdatedAt.Equal(made.UpdatedAt) {
		wish.UpdatedAt = t.UpdatedAt
	}
	if !t.RemindAt.Equal(made.RemindAt) || t.RemindStatus != made.RemindStatus {
		wish.RemindAt = &t.RemindAt
		if !t.RemindAt.IsZero() {
			wish.RemindStatus = &t.RemindStatus
		}
	}
	for i := range wish.Messages {
		finishMessage(&wish.Messages[i], &t.Messages[i], &messages[i])
	}
}

// wishesOf returns what is written about each message of a thread in any case.
func wishesOf(t *TicketState) []fixtures.MessageWish {
	wishes := make([]fixtures.MessageWish, len(t.Messages))
	for i := range t.Messages {
		m, wish := &t.Messages[i], &wishes[i]
		wish.Draft, wish.SendStatus, wish.SendError, wish.CreatedAt = m.Draft, m.SendStatus, m.SendError, m.CreatedAt
		wish.From, wish.Text = sideOf(m), &m.BodyText
		if m.ID != fixtures.MessageID(t.ID, i) {
			wish.ID = m.ID
		}
		for _, file := range m.Attachments {
			said := fixtures.Attachment{FileName: file.FileName}
			if file.Disposition == "inline" {
				said.Disposition = file.Disposition
			}
			wish.Attachments = append(wish.Attachments, said)
		}
	}
	return wishes
}

// finishMessage adds what the seed would make different in a message. The text
// may be made from the HTML, or the HTML from the text.
func finishMessage(wish *fixtures.MessageWish, m, made *fixtures.Message) {
	if m.BodyHTML != made.BodyHTML {
		wish.HTML = &m.BodyHTML
		if wish.From != fixtures.FromNote && m.BodyHTML != "" && fixtures.PlainText(m.BodyHTML) == m.BodyText {
			wish.Text = nil
		}
	}
	for _, member := range []struct {
		say      **string
		is, made *string
	}{
		{&wish.Sender, &m.From, &made.From}, {&wish.To, &m.To, &made.To}, {&wish.Cc, &m.Cc, &made.Cc}, {&wish.Bcc, &m.Bcc, &made.Bcc},
	} {
		if *member.is != *member.made {
			*member.say = member.is
		}
	}
	if !m.SentAt.Equal(made.SentAt) {
		wish.SentAt = &m.SentAt
	}
	for i := range m.Attachments {
		said, is, was := &wish.Attachments[i], &m.Attachments[i], &made.Attachments[i]
		if is.ID != was.ID {
			said.ID = is.ID
		}
		if is.ContentType != was.ContentType {
			said.ContentType = is.ContentType
		}
		if is.SizeBytes != was.SizeBytes {
			said.SizeBytes = is.SizeBytes
		}
		if is.ContentID != was.ContentID {
			said.ContentID = is.ContentID
		}
	}
}

// sameMessage reports whether two messages are the same in every member.
func sameMessage(a, b fixtures.Message) bool {
	return a.ID == b.ID && a.Direction == b.Direction && a.Type == b.Type && a.Draft == b.Draft && a.From == b.From && a.To == b.To && a.Cc == b.Cc &&
		a.Bcc == b.Bcc && a.SendStatus == b.SendStatus && a.SendError == b.SendError && a.BodyText == b.BodyText && a.BodyHTML == b.BodyHTML &&
		a.SentAt.Equal(b.SentAt) && a.CreatedAt.Equal(b.CreatedAt) && slices.Equal(a.Attachments, b.Attachments)
}

// sameValue compares two stored values.
func sameValue(a, b fixtures.FieldValue) bool {
	return a.Field == b.Field && a.Text == b.Text && a.Number == b.Number && a.Bool == b.Bool && slices.Equal(a.Options, b.Options) && a.Time.Equal(b.Time)
}

// ticket returns the entry of a ticket.
func (out *writer) ticket(wish *fixtures.TicketWish) mapping {
	m := mapping{}
	if wish.Seeded != nil {
		m.add("seeded", numberNode(fixtures.FirstNumber+*wish.Seeded))
	}
	m.addText("name", wish.Name)
	m.addID(wish.ID)
	m.addText("subject", wish.Subject)
	m.addIndex("status", wish.Status, none, out.tables.statuses.call)
	m.addIndex("priority", wish.Priority, none, out.tables.priorities.call)
	m.addIndex("inbox", wish.Inbox, none, out.tables.inboxes.call)
	m.addIndex("assignee", wish.Assignee, nobody, out.tables.agents.call)
	m.addIndex("contact", wish.Contact, nobody, out.contact)
	if wish.Tags != nil {
		var tags []*yaml.Node
		for _, tag := range wish.Tags {
			tags = append(tags, out.tables.tags.call(tag))
		}
		m.add("tags", list(tags))
	}
	if wish.Fields != nil {
		fields := mapping{flow: true}
		for i := range wish.Fields {
			def := &out.desk.CustomFields[wish.Fields[i].Field]
			fields.add(def.Key, fieldNode(def, &wish.Fields[i]))
		}
		m.add("custom_fields", fields.node())
	}
	m.addMoment("remind_at", wish.RemindAt)
	m.addIndex("remind_status", wish.RemindStatus, none, out.tables.statuses.call)
	m.addMoment("created_at", unlessZero(wish.CreatedAt))
	m.addMoment("updated_at", unlessZero(wish.UpdatedAt))
	if wish.Messages != nil {
		m.add("messages", lines(messageNodes(wish.Messages)))
	}
	return m
}

// unlessZero returns a pointer to a time, nil for the zero time.
func unlessZero(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// contact returns what a contact goes by.
func (out *writer) contact(i int) *yaml.Node {
	c := &out.desk.Contacts[i]
	if i < out.desk.SeededContacts() && out.contacts()[strings.ToLower(c.Email)] == i {
		return textNode(c.Email)
	}
	m := mapping{flow: true}
	m.add("name", textNode(c.Name))
	m.add("email", textNode(c.Email))
	if c.ID != fixtures.NamedID("contact", strings.ToLower(c.Email)) {
		m.addID(c.ID)
	}
	return m.node()
}

// fieldNode returns the value of a custom field.
func fieldNode(def *fixtures.CustomField, v *fixtures.FieldValue) *yaml.Node {
	switch def.Type {
	case fixtures.FieldNumber:
		return wordNode(strconv.FormatFloat(v.Number, 'f', -1, 64))
	case fixtures.FieldBoolean:
		return boolNode(v.Bool)
	case fixtures.FieldSelect:
		return optionNode(def, v.Options[0])
	case fixtures.FieldMultiSelect:
		var options []*yaml.Node
		for _, option := range v.Options {
			options = append(options, optionNode(def, option))
		}
		return list(options)
	case fixtures.FieldDate:
		return wordNode(v.Time.Format(time.DateOnly))
	case fixtures.FieldDateTime:
		return instantNode(v.Time)
	}
	return textNode(v.Text)
}

// optionNode returns the label of an option, or its id if another one has the
// same label.
func optionNode(def *fixtures.CustomField, i int) *yaml.Node {
	label := def.Options[i].Label
	if slices.IndexFunc(def.Options, func(o fixtures.Option) bool { return o.Label == label }) != i {
		return textNode(def.Options[i].ID.String())
	}
	return textNode(label)
}
