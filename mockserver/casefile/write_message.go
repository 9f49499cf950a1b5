package casefile

import (
	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
)

// messageNodes returns the entries of a thread. A message by the side whose
// turn it is does not name its author.
func messageNodes(wishes []fixtures.MessageWish) []*yaml.Node {
	nodes := make([]*yaml.Node, len(wishes))
	var turn turns
	for i := range wishes {
		wish := &wishes[i]
		m := mapping{}
		m.addID(wish.ID)
		side := turn.next // of a message without an author
		if wish.Draft || wish.SendStatus != "" && wish.SendStatus != "sent" {
			side = fixtures.FromAgent
		}
		switch {
		case wish.From == fixtures.FromNote:
			m.add("note", textNode(*wish.Text))
		case wish.From != side && wish.From == fixtures.FromAgent:
			m.add("from", wordNode("agent"))
		case wish.From != side:
			m.add("from", wordNode("customer"))
		}
		turn.after(wish.From, wish.Draft)
		if wish.Draft {
			m.add("draft", boolNode(true))
		}
		if wish.From != fixtures.FromNote {
			m.addPointer("text", wish.Text)
		}
		m.addPointer("html", wish.HTML)
		m.addPointer("from_address", wish.Sender)
		m.addPointer("to", wish.To)
		m.addPointer("cc", wish.Cc)
		m.addPointer("bcc", wish.Bcc)
		if wish.SendStatus != "sent" && wish.SendStatus != "" {
			m.add("send_status", wordNode(wish.SendStatus))
		}
		m.addText("send_error", wish.SendError)
		m.addMoment("sent_at", wish.SentAt)
		if wish.Attachments != nil {
			m.add("attachments", attachmentNodes(wish.Attachments))
		}
		m.addMoment("created_at", unlessZero(wish.CreatedAt))
		nodes[i] = m.node()
	}
	return nodes
}

// attachmentNodes returns the files of a message.
func attachmentNodes(files []fixtures.Attachment) *yaml.Node {
	nodes := make([]*yaml.Node, len(files))
	whole := true
	for i := range files {
		file := &files[i]
		if *file == (fixtures.Attachment{FileName: file.FileName}) {
			nodes[i] = textNode(file.FileName)
			continue
		}
		whole = false
		m := mapping{flow: true}
		m.add("name", textNode(file.FileName))
		m.addID(file.ID)
		m.addText("content_type", file.ContentType)
		if file.SizeBytes != 0 {
			m.add("size", numberNode(file.SizeBytes))
		}
		if file.Disposition == "inline" {
			m.add("inline", boolNode(true))
		}
		m.addText("content_id", file.ContentID)
		nodes[i] = m.node()
	}
	if whole {
		return list(nodes)
	}
	return lines(nodes)
}
