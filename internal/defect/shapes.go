package defect

// shape is a member with a value that cannot be there.
type shape struct {
	id, name, what string
	value          any
}

// place says where a value is wrong, if not everywhere, with the words that end
// the sentence about it.
type place struct {
	words string
	is    when
	rows  pick
}

// misshapen makes two defects of each shape: one in all rows, and one in the
// rows at one of the places, which take turns.
func misshapen(here when, of string, shapes []shape, places ...place) []Defect {
	var all []Defect
	for i, s := range shapes {
		name, at, wrong := s.name+of+" is "+s.what, places[i%len(places)], member(s.name, s.value)
		all = append(all,
			always(s.id, name, tell(here, each(every, wrong))),
			sometimes(s.id, name+" "+at.words, tell(and(here, at.is), each(at.rows, wrong))))
	}
	return all
}

var messageRows = []shape{
	{"IO-LIST-MSG-17", "type", "another one", "sms"},
	{"IO-LIST-MSG-20", "id", "a number", 12},
	{"IO-LIST-MSG-21", "direction", "an unknown one", "in"},
	{"IO-LIST-MSG-23", "from_address", "a list", []any{"a@b.example"}},
	{"IO-LIST-MSG-23", "to_addresses", "a list", []any{"a@b.example"}},
	{"IO-LIST-MSG-23", "cc_addresses", "a list", []any{}},
	{"IO-LIST-MSG-23", "bcc_addresses", "an object", object{}},
	{"IO-LIST-MSG-24", "to_addresses", "joined by semicolons", "a@b.example; c@d.example"},
	{"IO-LIST-MSG-25", "send_status", "an unknown one", "queued"},
	{"IO-LIST-MSG-27", "body_text", "an object", object{"text": "x"}},
	{"IO-LIST-MSG-27", "body_html", "a list", []any{"<p>"}},
	{"IO-LIST-MSG-28", "created_at", "no RFC 3339 time", "Wed, 25 Dec 2024 10:00:00 GMT"},
	{"IO-LIST-MSG-28", "sent_at", "a number", 1735120800},
	{"IO-LIST-MSG-28", "created_at", "no real time", "2024-12-25T25:61:00Z"},
	{"IO-LIST-MSG-29", "attachments", "an object", object{}},
}

var attachmentRows = []shape{
	{"IO-LIST-MSG-30", "id", "no UUID", "a1"},
	{"IO-LIST-MSG-30", "file_name", "a number", 4},
	{"IO-LIST-MSG-30", "file_name", "null", nil},
	{"IO-LIST-MSG-30", "content_type", "a list", []any{}},
	{"IO-LIST-MSG-30", "content_type", "null", nil},
	{"IO-LIST-MSG-30", "size_bytes", "null", nil},
	{"IO-LIST-MSG-30", "size_bytes", "a text", "12 kB"},
	{"IO-LIST-MSG-30", "size_bytes", "negative", -1},
	{"IO-LIST-MSG-31", "disposition", "an unknown one", "embedded"},
	{"IO-LIST-MSG-32", "content_id", "empty", ""},
}

// messageShapes breaks rows of the timeline.
func messageShapes() []Defect {
	here := on(timeline)
	all := misshapen(here, " of messages", messageRows,
		place{"in the last row", anything, lastRow},
		place{"on outbound mails", anything, which("direction", "outbound")},
		place{"in the third row by number", byNumber, thirdRow})
	for _, s := range attachmentRows {
		meant := func(a object) bool { return s.name != "content_id" || a["disposition"] == "inline" }
		wrong := member(s.name, s.value)
		all = append(all,
			always(s.id, s.name+" of attachments is "+s.what, tell(here, attachments(func(_ int, a object) bool { return meant(a) }, wrong))),
			sometimes(s.id, s.name+" of the first attachment is "+s.what+" by number",
				tell(and(here, byNumber), attachments(func(i int, a object) bool { return i == 0 && meant(a) }, wrong))))
	}
	return append(all,
		always("IO-LIST-MSG-20", "the last message stands twice", tell(here, changed(twice))),
		sometimes("IO-LIST-MSG-20", "the last message stands twice by number", tell(and(here, byNumber), changed(twice))),
		always("IO-LIST-MSG-22", "mails have no direction", tell(here, each(which("type", "email"), member("direction", nil)))),
		sometimes("IO-LIST-MSG-22", "outbound mails have no direction", tell(here, each(which("direction", "outbound"), unset("direction")))),
		always("IO-LIST-MSG-26", "failed mails do not say why", tell(here, each(which("send_status", "failed"), member("send_error", nil)))),
		sometimes("IO-LIST-MSG-26", "sent mails have an error", tell(here, each(which("send_status", "sent"), member("send_error", "none")))),
		always("IO-LIST-MSG-26", "send_error is an object", tell(here, each(which("send_status", "failed"), member("send_error", object{"code": 550})))),
	)
}

// attachments changes the selected attachments.
func attachments(meant func(i int, a object) bool, edit func(object)) change {
	return each(every, func(row object) {
		all, _ := row["attachments"].([]any)
		for i, v := range all {
			if a, ok := v.(object); ok && meant(i, a) {
				edit(a)
			}
		}
	})
}
