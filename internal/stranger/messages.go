package stranger

import (
	"cmp"
	"encoding/json"
	"html"
	"io"
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeline answers GET /tickets/{id}/messages.
func (s *Server) timeline(c *call) (answer, *failure) {
	t, f := s.ticket(c)
	if f != nil {
		return answer{}, f
	}
	kinds := []string{"email", "internal_note"}
	text, sent, f := s.one(c, "types")
	if f != nil {
		return answer{}, f
	}
	if sent {
		kinds, f = s.kinds(text)
	}
	if f != nil {
		return answer{}, f
	}
	shown := slices.DeleteFunc(slices.Clone(t.messages), func(m *message) bool {
		return m.draft || !slices.Contains(kinds, m.kind) || m.shows.After(c.now)
	})
	slices.SortStableFunc(shown, func(a, b *message) int {
		if s.o.TimelineByIDs {
			return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id))
		}
		return a.created.Compare(b.created)
	})
	rows := []object{}
	for _, m := range shown {
		rows = append(rows, s.message(m))
	}
	body := object{"data": rows}
	if s.o.MessageMeta {
		body["meta"] = object{"page": 1, "per_page": len(rows), "total": len(rows)}
	}
	return answer{status: 200, kind: "application/json", body: s.extra(body)}, nil
}

// kinds reads types.
func (s *Server) kinds(text string) ([]string, *failure) {
	if s.o.FoldTypes {
		text = strings.ToLower(text)
	}
	var kinds []string
	for item := range strings.SplitSeq(text, ",") {
		switch item = strings.TrimSpace(item); item {
		case "email", "internal_note":
			kinds = append(kinds, item)
		case "":
		default:
			return nil, bad("types", "invalid types filter")
		}
	}
	if kinds == nil {
		return []string{"email", "internal_note"}, chosen(cmp.Or(s.o.EmptyTypes, 200), "types", "types is empty")
	}
	return kinds, nil
}

func (s *Server) message(m *message) object {
	o := object{"id": s.show(m.id), "type": m.kind, "created_at": s.stamp(m.created)}
	direction, state, sent := m.direction, m.state, m.sent
	if m.kind == "internal_note" {
		direction = s.o.NoteDirection
	}
	if s.o.SentAlways {
		state = cmp.Or(state, "sent")
	}
	if s.o.NoSentAt {
		sent = nil
	}
	s.put(o, "direction", direction)
	s.put(o, "send_status", state)
	s.put(o, "send_error", m.trouble)
	s.put(o, "sent_at", sent)
	texts := map[string]string{
		"from_address": m.from, "to_addresses": m.to, "cc_addresses": m.cc, "bcc_addresses": m.bcc,
		"body_text": m.text, "body_html": m.html,
	}
	for name, text := range texts {
		if s.put(o, name, text); s.o.EmptyStrings {
			o[name] = text
		}
	}
	attachments := []object{}
	for _, a := range m.attachments {
		attachments = append(attachments, s.attachment(a))
	}
	switch {
	case len(attachments) > 0 || s.o.Attachments == "":
		o["attachments"] = attachments
	case s.o.Attachments == "null":
		o["attachments"] = nil
	}
	return s.extra(o)
}

func (s *Server) attachment(a attachment) object {
	o := object{
		"id": s.show(a.id), "file_name": a.name, "content_type": a.kind, "size_bytes": a.size, "disposition": a.disposition,
	}
	if s.o.ContentIDs {
		a.contentID = cmp.Or(a.contentID, "part@shop.example")
	}
	s.put(o, "content_id", a.contentID)
	return o
}

// addNote answers POST /tickets/{id}/messages.
func (s *Server) addNote(c *call) (answer, *failure) {
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return answer{}, chosen(cmp.Or(s.o.BadMedia, 400), "Content-Type", "must be application/json")
	}
	t, f := s.ticket(c)
	if f != nil {
		f.status = cmp.Or(s.o.PostUnknown, f.status)
		return answer{}, f
	}
	text, plain, f := s.note(c.r.Body)
	if f != nil {
		return answer{}, f
	}
	m := &message{id: uuid(s.chance), kind: "internal_note", text: plain, html: text, created: settle(c.now, s.o.Fraction)}
	for _, other := range t.messages {
		if m.created.Before(other.created) {
			m.created = other.created
		}
	}
	if s.o.NoteAuthor {
		m.from = "api@shop.example"
	}
	m.shows, m.words = c.now.Add(s.o.NoteDelay), bodyWords(m, s.o)
	t.messages = append(t.messages, m)
	if s.o.Touch && m.created.After(t.updated) {
		t.updated = m.created
	}
	a := answer{status: 201, kind: "application/json", header: map[string]string{}}
	if s.o.Location {
		a.header["Location"] = "/api/v1/tickets/" + strconv.FormatInt(t.number, 10) + "/messages"
	}
	switch s.o.PostAnswer {
	case "":
		a.body = s.extra(object{"data": s.message(m)})
	case "object":
		a.body = object{}
	case "message":
		a.body = s.message(m)
	case "id":
		a.body = object{"id": s.show(m.id), "at": m.created.Format(time.RFC1123)}
	}
	return a, nil
}

var (
	scripts    = regexp.MustCompile(`(?is)<script.*?</script>`)
	attributes = regexp.MustCompile(`<(\w+)\s[^>]*>`)
)

// note reads the body of a note: its HTML and its text.
func (s *Server) note(r io.Reader) (rich, plain string, f *failure) {
	var body map[string]any
	sent, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil || json.Unmarshal(sent, &body) != nil || body == nil {
		return "", "", bad("body", "not one JSON object")
	}
	if body["type"] != "internal_note" {
		return "", "", bad("type", "must be internal_note")
	}
	for name, value := range body {
		_, isText := value.(string)
		switch {
		case name == "body_html" || name == "body_text":
			if !isText {
				return "", "", bad(name, "must be a string")
			}
		case name != "type" && s.o.UnknownMember == 400:
			return "", "", bad(name, "there is no such member")
		}
	}
	rich, _ = body["body_html"].(string)
	plain, _ = body["body_text"].(string)
	if strings.TrimSpace(rich+plain) == "" && s.o.EmptyNote != 201 {
		return "", "", bad("body_text", "body_html and body_text are empty")
	}
	if s.o.Sanitise {
		rich = attributes.ReplaceAllString(scripts.ReplaceAllString(rich, ""), "<$1>")
	}
	if s.o.Derive && rich == "" && plain != "" {
		rich = "<p>" + html.EscapeString(plain) + "</p>"
	}
	if s.o.Derive && plain == "" && rich != "" {
		plain = strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(rich, "")))
	}
	return rich, plain, nil
}
