package scenario

import (
	"io"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var messageRow = []Scenario{
	{Clause: strict("IO-LIST-MSG-17", listMessages, "No row has a type other than email or internal_note."), Steady: true, Run: shape("message", (*Session).messages)},
	{Clause: strict("IO-LIST-MSG-20", listMessages, "id is a UUID string, unique in the list."), Steady: true, Run: messageIDsOnce},
	{Clause: lenient("IO-LIST-MSG-21", listMessages, "direction is inbound or outbound (null tolerated on notes)."), Steady: true, Run: shape("message", (*Session).messages, "direction")},
	{Clause: strict("IO-LIST-MSG-22", listMessages, "Email rows have direction inbound or outbound."), Steady: true, Run: shape("email", (*Session).emails)},
	{Clause: strict("IO-LIST-MSG-23", listMessages, "from_address, to_addresses, cc_addresses, bcc_addresses are strings or null, never arrays."), Steady: true, Run: shape("message", (*Session).messages, "from_address", "to_addresses", "cc_addresses", "bcc_addresses")},
	{
		Clause: lenient("IO-LIST-MSG-24", listMessages, "A multi-recipient to_addresses is comma-separated and parses as RFC 5322 addresses."),
		Steady: true, Run: addressLists,
	},
	{Clause: strict("IO-LIST-MSG-25", listMessages, "send_status is pending, sending, sent, failed or null."), Steady: true, Run: shape("message", (*Session).messages, "send_status")},
	{Clause: lenient("IO-LIST-MSG-26", listMessages, "A failed outbound row has a string send_error; others null or absent."), Steady: true, Run: sendErrors},
	{Clause: strict("IO-LIST-MSG-27", listMessages, "body_text and body_html are strings or null."), Steady: true, Run: shape("message", (*Session).messages, "body_text", "body_html")},
	{Clause: strict("IO-LIST-MSG-28", listMessages, "created_at is an RFC 3339 date-time; sent_at too, or null."), Steady: true, Run: shape("message", (*Session).messages)},
}

// messages are those of all timelines that were read. It skips when there are none.
func (s *Session) messages() []survey.Row {
	var rows []survey.Row
	for _, t := range s.Timelines() {
		rows = append(rows, t.Messages...)
	}
	if len(rows) == 0 {
		s.Skip("no ticket that was looked at has messages", "a workspace with messages")
	}
	return rows
}

// emails are those of all timelines that were read. It skips when there are none.
func (s *Session) emails() []survey.Row {
	rows := ofType(s.messages(), "email")
	if len(rows) == 0 {
		s.Skip("no ticket that was looked at has an email", "a workspace with emails")
	}
	return rows
}

func messageIDsOnce(s *Session) {
	shape("message", (*Session).messages)(s)
	for _, t := range s.Timelines() {
		seen := map[string]bool{}
		for i, id := range messageIDs(t.Messages) {
			s.AssertRow(!seen[id] || id == "", t.Messages[i], "id", "an id that no message above has")
			seen[id] = true
		}
	}
}

// lists parses address lists. A charset that it does not know is not a fault of
// the list.
var lists = mail.AddressParser{WordDecoder: &mime.WordDecoder{
	CharsetReader: func(_ string, input io.Reader) (io.Reader, error) { return input, nil },
}}

// fold is a line break that continues a header field.
var fold = regexp.MustCompile(`\r?\n[ \t]+`)

// addressLists parses values with at least two at signs, which may be several
// addresses whatever stands between them.
func addressLists(s *Session) {
	for _, r := range s.messages() {
		to := r.Text("to_addresses")
		if strings.Count(to, "@") < 2 {
			continue
		}
		_, err := lists.ParseList(fold.ReplaceAllString(strings.TrimSpace(to), " "))
		expected := "comma-separated RFC 5322 addresses"
		if err != nil {
			expected += " (" + err.Error() + ")"
		}
		s.AssertRow(err == nil, r, "to_addresses", expected)
	}
	s.lookedAtSome("message that was looked at has several recipients")
}

// sendErrors takes an empty text for none, except on failed mail. Other clauses
// judge rows whose direction or send_status is wrong.
func sendErrors(s *Session) {
	failed := false
	for _, r := range s.messages() {
		switch status := r.Text("send_status"); {
		case status == "failed" && r.Text("direction") == "outbound":
			failed = true
			_, ok := r.Fields["send_error"].(string)
			s.AssertRow(ok, r, "send_error", "a string, because send_status is failed")
		case !r.Has("send_status"), slices.Contains([]string{"pending", "sending", "sent"}, status):
			none := !r.Has("send_error") || r.Fields["send_error"] == ""
			s.AssertRow(none, r, "send_error", "null or absent, because send_status is not failed")
		}
	}
	if !failed {
		s.Skip("no message that was looked at failed to be sent", "a workspace with an outbound message that failed")
	}
}
