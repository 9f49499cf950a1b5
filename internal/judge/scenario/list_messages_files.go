package scenario

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var messageFiles = []Scenario{
	{Clause: lenient("IO-LIST-MSG-29", listMessages, "attachments is an array (empty when none)."), Steady: true, Run: shape("message", (*Session).messages)},
	{Clause: strict("IO-LIST-MSG-30", listMessages, "Attachment: id UUID, file_name string, content_type string, size_bytes integer >= 0."), Steady: true, Run: shape("attachment", (*Session).attachments)},
	{Clause: strict("IO-LIST-MSG-31", listMessages, "Attachment disposition is attachment or inline."), Steady: true, Run: shape("attachment", (*Session).attachments)},
	{
		Clause: lenient("IO-LIST-MSG-32", listMessages, "An inline attachment has a non-empty content_id that body_html can cite as cid:."),
		Steady: true, Run: inlineAttachments,
	},
	{Clause: lenient("IO-LIST-MSG-33", listMessages, "A non-inline attachment may have null content_id."), Steady: true, Run: shape("attachment", func(s *Session) []survey.Row {
		rows := slices.DeleteFunc(s.attachments(), func(a survey.Row) bool { return a.Text("disposition") != "attachment" })
		if len(rows) == 0 {
			s.lookedAtSome("attachment that was looked at has the disposition attachment")
		}
		return rows
	})},
}

// attachments are those of all messages. It skips when there are none.
func (s *Session) attachments() []survey.Row {
	var rows []survey.Row
	for _, m := range s.messages() {
		rows = append(rows, m.Rows("attachments")...)
	}
	if len(rows) == 0 {
		s.Skip("no message that was looked at has attachments", "a workspace with attachments")
	}
	return rows
}

// inlineAttachments asserts that each inline attachment has a content_id. If
// HTML bodies cite parts of their message at all, at least one citation must be
// of a content_id; others may be of parts that were quoted or lost.
func inlineAttachments(s *Session) {
	citing, cited := survey.Row{}, false
	for _, m := range s.messages() {
		citations := cids(m.Text("body_html"))
		for _, a := range m.Rows("attachments") {
			if a.Text("disposition") != "inline" {
				continue
			}
			id := strings.Trim(strings.TrimSpace(a.Text("content_id")), "<>")
			s.AssertRow(id != "" && !strings.ContainsAny(id, " \t\r\n"), a, "content_id", "a content id, because the attachment is inline")
			if len(citations) > 0 {
				citing, cited = m, cited || slices.Contains(citations, id)
			}
		}
	}
	s.SkipUnlessAsserted("no attachment that was looked at is inline", "a workspace with a picture inside a mail")
	s.StopIfFailed()
	if citing.From != nil {
		s.AssertRow(cited, citing, "body_html", "cid: followed by the content_id of an inline attachment of the message, here or in another message")
	}
}

// citation is a cid: URL up to what cannot be part of it in HTML or CSS.
var citation = regexp.MustCompile(`(?i)\bcid:([^\s"'<>()]+)`)

// cids are the content ids that an HTML text cites.
func cids(text string) []string {
	var out []string
	for _, m := range citation.FindAllStringSubmatch(html.UnescapeString(text), -1) {
		id, err := url.PathUnescape(m[1])
		if err != nil {
			id = m[1]
		}
		out = append(out, id)
	}
	return out
}
