package casefile

import (
	"cmp"
	"mime"
	"net/mail"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// The members of a message and of an attachment.
var (
	messageMembers = []string{
		"id", "from", "note", "draft", "text", "html", "from_address", "to", "cc", "bcc", "send_status", "send_error", "sent_at", "attachments", "created_at",
	}
	attachmentMembers = []string{"name", "id", "content_type", "size", "inline", "content_id"}
	sides             = map[string]fixtures.Side{"customer": fixtures.FromCustomer, "agent": fixtures.FromAgent}
)

// readMessages reads the messages of a ticket. A message without an author is
// by the side whose turn it is, the customer first.
func (b *builder) readMessages(n *yaml.Node) []fixtures.MessageWish {
	messages := make([]fixtures.MessageWish, 0, len(n.Content))
	var turn turns
	for _, value := range b.elements(n) {
		m := b.readMessage(value, turn.next)
		turn.after(m.From, m.Draft)
		messages = append(messages, m)
	}
	return messages
}

// turns tells whose turn it is in a thread.
type turns struct{ next fixtures.Side }

// after counts a message that is visible and not a note.
func (t *turns) after(from fixtures.Side, draft bool) {
	switch {
	case draft || from == fixtures.FromNote:
	case from == fixtures.FromCustomer:
		t.next = fixtures.FromAgent
	default:
		t.next = fixtures.FromCustomer
	}
}

// sideOf returns who wrote a message.
func sideOf(m *fixtures.Message) fixtures.Side {
	switch {
	case m.Type == "internal_note":
		return fixtures.FromNote
	case m.Direction == "outbound":
		return fixtures.FromAgent
	}
	return fixtures.FromCustomer
}

// readMessage reads one message.
func (b *builder) readMessage(n *yaml.Node, turn fixtures.Side) fixtures.MessageWish {
	wish, wrong := fixtures.MessageWish{From: turn}, len(b.wrong)
	at := map[string]*yaml.Node{}
	for member, value := range b.members(n, messageMembers) {
		at[member] = value
		switch member {
		case "id":
			wish.ID = b.id(value, "message")
		case "from":
			wish.From = sides[b.word(value, "customer", "agent")]
		case "note", "text":
			wish.Text = b.body(value)
		case "html":
			wish.HTML = b.body(value)
		case "draft":
			wish.Draft = b.truth(value)
		case "from_address":
			wish.Sender = b.addresses(value)
		case "to":
			wish.To = b.addresses(value)
		case "cc":
			wish.Cc = b.addresses(value)
		case "bcc":
			wish.Bcc = b.addresses(value)
		case "sent_at":
			wish.SentAt = b.instantOrNever(value)
		case "send_status":
			wish.SendStatus = b.word(value, "sent", "pending", "sending", "failed")
		case "send_error":
			wish.SendError = b.words(value)
		case "attachments":
			wish.Attachments = b.readAttachments(value)
		case "created_at":
			wish.CreatedAt = b.moment(value)
		}
	}
	if at["from"] == nil && (wish.Draft || at["send_status"] != nil || at["send_error"] != nil) {
		wish.From = fixtures.FromAgent
	}
	if at["note"] != nil {
		wish.From = fixtures.FromNote
	}
	if len(b.wrong) == wrong {
		b.checkMessage(&wish, at)
	}
	return wish
}

// body reads a text of a message, which may be empty.
func (b *builder) body(n *yaml.Node) *string {
	text, _ := b.text(n)
	return &text
}

// addresses reads a list of addresses as it stands in mail; "" is none.
func (b *builder) addresses(n *yaml.Node) *string {
	text, ok := b.text(n)
	if _, err := mail.ParseAddressList(text); ok && text != "" && err != nil {
		b.fail(n, "Ada Lovelace <ada@example.com>, bob@example.com", "%q is no list of addresses", text)
	}
	return &text
}

// checkMessage refuses members that contradict each other.
func (b *builder) checkMessage(wish *fixtures.MessageWish, at map[string]*yaml.Node) {
	note, sent := at["note"] != nil, cmp.Or(at["send_status"], at["send_error"])
	for _, member := range []string{"from_address", "to", "cc", "bcc", "sent_at"} {
		if note && at[member] != nil {
			b.fail(at[member], "leave it out", "a note is not sent")
			return
		}
	}
	switch {
	case note && at["text"] != nil:
		b.fail(at["text"], "leave text out", "note is the text of the note")
	case note && at["from"] != nil && at["from"].Value == "customer":
		b.fail(at["from"], "agent", "customers write no notes")
	case wish.Draft && note:
		b.fail(at["draft"], "leave draft out", "a note is no draft")
	case wish.Draft && wish.From == fixtures.FromCustomer:
		b.fail(at["draft"], "from: agent", "drafts are of agents")
	case sent != nil && (note || wish.Draft || wish.From == fixtures.FromCustomer):
		b.fail(sent, "leave it out, or say from: agent", "only an agent's mail is sent")
	case wish.SendError != "" && wish.SendStatus != "failed":
		b.fail(at["send_error"], "send_status: failed", "only mail that failed has an error")
	case wish.Text != nil && wish.HTML != nil && *wish.Text == "" && *wish.HTML == "":
		b.fail(at["html"], "leave one of them out", "a message has a text or HTML")
	case wish.Text != nil && *wish.Text == "" && wish.HTML == nil, wish.HTML != nil && *wish.HTML == "" && wish.Text == nil:
		b.fail(cmp.Or(at["text"], at["note"], at["html"]), "leave it out", `"" says nothing: it leaves the message without what it says in another form`)
	}
}

// readAttachments reads files: their names, or mappings.
func (b *builder) readAttachments(n *yaml.Node) []fixtures.Attachment {
	files := make([]fixtures.Attachment, 0, len(n.Content))
	for _, value := range b.elements(n) {
		files = append(files, b.readAttachment(value))
	}
	return files
}

// readAttachment reads one file.
func (b *builder) readAttachment(n *yaml.Node) (file fixtures.Attachment) {
	if n.Kind != yaml.MappingNode {
		file.FileName = b.name(n)
		return file
	}
	for member, value := range b.members(n, attachmentMembers) {
		switch member {
		case "id":
			file.ID = b.id(value, "attachment")
		case "name":
			file.FileName = b.name(value)
		case "content_type":
			file.ContentType = b.words(value)
			if _, _, err := mime.ParseMediaType(file.ContentType); file.ContentType != "" && (err != nil || !strings.Contains(file.ContentType, "/")) {
				b.fail(value, "text/plain", "%q is no media type", file.ContentType)
			}
		case "size":
			file.SizeBytes = b.size(value)
		case "inline":
			if b.truth(value) {
				file.Disposition = "inline"
			}
		case "content_id":
			file.ContentID = b.name(value)
		}
	}
	if file.FileName == "" {
		b.fail(n, "name: report.pdf", "an attachment needs a name")
	}
	if file.ContentID != "" && file.Disposition == "" {
		b.fail(n, "inline: true", "only what is inline has a content_id")
	}
	return file
}

// size reads a number of bytes.
func (b *builder) size(n *yaml.Node) int {
	wrong, size := len(b.wrong), b.number(n)
	if len(b.wrong) > wrong {
		return 0
	}
	if size < 1 || size > 1<<30 || size != float64(int(size)) {
		b.fail(n, "2048", "%s is no number of bytes", n.Value)
		return 0
	}
	return int(size)
}
