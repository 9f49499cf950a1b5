package mockserver_test

import (
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

func TestMessageRow(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Config{}).Server
	messageRowProofs.share(t, server)
	attachmentProofs.share(t, server)
}

// everyMessage looks at every row of the tickets known by name, which have
// every kind of message.
func (f *fake) everyMessage(look func(row object)) {
	f.t.Helper()
	seen := 0
	for _, i := range f.desk().Known {
		for _, row := range f.messages(strconv.Itoa(1001+i), "") {
			look(row)
			seen++
		}
	}
	if seen < 300 {
		f.t.Errorf("only %d messages were seen", seen)
	}
}

// everyAttachment looks at every attachment.
func (f *fake) everyAttachment(look func(message, attachment object)) {
	f.t.Helper()
	seen := 0
	f.everyMessage(func(row object) {
		for _, a := range row["attachments"].([]any) {
			look(row, a.(map[string]any))
			seen++
		}
	})
	if seen < 5 {
		f.t.Errorf("only %d attachments were seen", seen)
	}
}

// column returns the rows that everyMessage sees.
func (f *fake) column() []object {
	f.t.Helper()
	var rows []object
	f.everyMessage(func(row object) { rows = append(rows, row) })
	return rows
}

var messageRowProofs = proofs{
	"IO-LIST-MSG-17 a row is mail or a note": func(t *testing.T, f *fake) { checkEnum(t, f.column(), "type", bothTypes...) },
	"IO-LIST-MSG-20 ids are UUIDs, each of one message": func(t *testing.T, f *fake) {
		rows := f.column()
		checkStrings(t, rows, "id", uuidForm, false)
		seen := map[any]bool{}
		for _, row := range rows {
			seen[row["id"]] = true
		}
		same(t, "distinct ids", len(rows), len(seen))
	},
	"IO-LIST-MSG-21 IO-LIST-MSG-22 a direction is inbound or outbound": func(t *testing.T, f *fake) {
		checkEnum(t, f.column(), "direction", "inbound", "outbound")
	},
	"C10 C11 C17 C36 a note is outbound, and has no addresses, no send status and no time of sending": func(t *testing.T, f *fake) {
		notes := 0
		f.everyMessage(func(row object) {
			if row["type"] != "internal_note" {
				return
			}
			notes++
			row.is(t, "note", "direction", "outbound")
			for _, member := range []string{"send_status", "send_error", "sent_at", "from_address", "to_addresses", "cc_addresses", "bcc_addresses"} {
				row.is(t, "note", member, nil)
			}
		})
		if notes == 0 {
			t.Error("there are no notes")
		}
	},
	"IO-LIST-MSG-23 C13 addresses are strings or null": func(t *testing.T, f *fake) {
		for _, member := range []string{"from_address", "to_addresses", "cc_addresses", "bcc_addresses"} {
			checkStrings(t, f.column(), member, nil, true)
		}
	},
	"IO-LIST-MSG-24 C13 C14 to, cc and bcc are comma-separated RFC 5322 addresses": func(t *testing.T, f *fake) {
		most := map[string]int{}
		f.everyMessage(func(row object) {
			for _, member := range []string{"from_address", "to_addresses", "cc_addresses", "bcc_addresses"} {
				if row[member] == nil {
					continue
				}
				list, err := mail.ParseAddressList(row[member].(string))
				if err != nil {
					t.Errorf("%s %q: %v", member, row[member], err)
				}
				most[member] = max(most[member], len(list))
			}
		})
		same(t, "most addresses", map[string]int{"from_address": 1, "to_addresses": 6, "cc_addresses": 3, "bcc_addresses": 1}, most)
	},
	"IO-LIST-MSG-25 C11 mail that went out has one of four send statuses, mail that came in none": func(t *testing.T, f *fake) {
		var out []object
		f.everyMessage(func(row object) {
			if row["direction"] == "outbound" && row["type"] == "email" {
				out = append(out, row)
			} else {
				row.is(t, "other", "send_status", nil)
			}
		})
		checkEnum(t, out, "send_status", "pending", "sending", "sent", "failed")
	},
	"IO-LIST-MSG-26 C12 failed mail has a send error, and nothing else has one": func(t *testing.T, f *fake) {
		failed := 0
		f.everyMessage(func(row object) {
			if row["send_status"] != "failed" {
				row.is(t, "not failed", "send_error", nil)
				return
			}
			failed++
			row.isText(t, "failed", "send_error")
		})
		if failed == 0 {
			t.Error("no mail failed")
		}
	},
	"IO-LIST-MSG-27 bodies are strings or null": func(t *testing.T, f *fake) {
		checkStrings(t, f.column(), "body_text", nil, true)
		checkStrings(t, f.column(), "body_html", nil, true)
	},
	"IO-LIST-MSG-28 A23 created_at is an instant, sent_at too or null": func(t *testing.T, f *fake) {
		checkStrings(t, f.column(), "created_at", timeForm, false)
		checkStrings(t, f.column(), "sent_at", timeForm, true)
	},
	"C17 mail that came in or was sent has a time of sending, other mail has none": func(t *testing.T, f *fake) {
		f.everyMessage(func(row object) {
			if row["type"] == "email" {
				gone := row["direction"] == "inbound" || row["send_status"] == "sent"
				same(t, fmt.Sprint(row["id"]), gone, row["sent_at"] != nil)
			}
		})
	},
}

var attachmentProofs = proofs{
	"IO-LIST-MSG-29 C15 attachments is an array, empty when there is none": func(t *testing.T, f *fake) {
		empty := 0
		f.everyMessage(func(row object) {
			list, ok := row["attachments"].([]any)
			if !ok {
				t.Errorf("attachments is %#v", row["attachments"])
			}
			if len(list) == 0 {
				empty++
			}
		})
		if empty == 0 {
			t.Error("every message has attachments")
		}
	},
	"IO-LIST-MSG-30 an attachment has an id, a name, a type and a size": func(t *testing.T, f *fake) {
		var all []object
		f.everyAttachment(func(_, a object) {
			all = append(all, a)
			if size, ok := a["size_bytes"].(float64); !ok || size < 0 || size != float64(int(size)) {
				t.Errorf("size_bytes is %#v", a["size_bytes"])
			}
		})
		checkStrings(t, all, "id", uuidForm, false)
		checkStrings(t, all, "file_name", nil, false)
		checkStrings(t, all, "content_type", nil, false)
	},
	"IO-LIST-MSG-31 an attachment is attached or inline": func(t *testing.T, f *fake) {
		var all []object
		f.everyAttachment(func(_, a object) { all = append(all, a) })
		checkEnum(t, all, "disposition", "attachment", "inline")
	},
	"IO-LIST-MSG-32 C16 an inline attachment has a content id that the HTML cites": func(t *testing.T, f *fake) {
		inline := 0
		f.everyAttachment(func(message, a object) {
			if a["disposition"] != "inline" {
				return
			}
			inline++
			a.isText(t, "inline", "content_id")
			if html, _ := message["body_html"].(string); !strings.Contains(html, fmt.Sprint(`"cid:`, a["content_id"], `"`)) {
				t.Errorf("the HTML does not cite %v", a["content_id"])
			}
		})
		if inline == 0 {
			t.Error("nothing is inline")
		}
	},
	"IO-LIST-MSG-33 C16 another attachment has no content id": func(t *testing.T, f *fake) {
		f.everyAttachment(func(_, a object) {
			if a["disposition"] == "attachment" {
				a.is(t, "attachment", "content_id", nil)
			}
		})
	},
}
