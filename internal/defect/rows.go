package defect

var ticketShapes = []shape{
	{"IO-TICKET-01", "id", "no UUID", "42"},
	{"IO-TICKET-02", "ticket_number", "a text", "17"},
	{"IO-TICKET-02", "ticket_number", "no whole number", 1.5},
	{"IO-TICKET-03", "subject", "a number", 5},
	{"IO-TICKET-04", "inbox_id", "no UUID", "inbox"},
	{"IO-TICKET-05", "status", "capitalised", "Open"},
	{"IO-TICKET-05", "status", "an unknown one", "snoozed"},
	{"IO-TICKET-06", "status_id", "a number", 3},
	{"IO-TICKET-07", "status_name", "an object", object{}},
	{"IO-TICKET-08", "status_color", "no hex colour", "red"},
	{"IO-TICKET-09", "priority", "an unknown one", "medium"},
	{"IO-TICKET-09", "priority", "null", nil},
	{"IO-TICKET-10", "priority_id", "no UUID", "p1"},
	{"IO-TICKET-10", "priority_name", "a list", []any{}},
	{"IO-TICKET-10", "priority_color", "no hex colour", "blue"},
	{"IO-TICKET-11", "assignee_id", "no UUID", "ann"},
	{"IO-TICKET-11", "contact_id", "a number", 9},
	{"IO-TICKET-12", "remind_at", "a day", "2025-01-01"},
	{"IO-TICKET-12", "remind_transition_status_id", "no UUID", "open"},
	{"IO-TICKET-13", "created_at", "a number", 1735120800},
	{"IO-TICKET-13", "created_at", "without an offset", "2024-12-25T10:00:00"},
	{"IO-TICKET-13", "updated_at", "null", nil},
	{"IO-TICKET-13", "updated_at", "no real day", "2025-02-30T10:00:00Z"},
	{"IO-TICKET-14", "updated_at", "before created_at", "1999-01-01T00:00:00Z"},
}

// rows breaks the shape of tickets.
func rows() []Defect {
	here := on(list)
	all := misshapen(here, "", ticketShapes,
		place{"in the last row of later pages", late, lastRow},
		place{"in the third row", anything, thirdRow},
		place{"on waiting tickets", anything, which("status", "waiting")},
		place{"on unassigned tickets", anything, which("assignee_id", "")})
	const day = "2025-06-01T00:00:00Z"
	return append(all,
		always("IO-TICKET-15", "the last row stands twice", tell(here, changed(twice))),
		sometimes("IO-TICKET-15", "the last row of later pages stands twice", tell(and(here, late), changed(twice))),
		always("IO-TICKET-16", "every ticket has a reminder", tell(here, each(every, member("remind_at", day)))),
		sometimes("IO-TICKET-16", "closed tickets have a reminder", tell(here, each(which("status", "closed"), member("remind_at", day)))),
		always("IO-TICKET-18", "the first two tickets share a number", tell(here, sameNumber)),
		sometimes("IO-TICKET-18", "the first two tickets of later pages share a number", tell(and(here, late), sameNumber)),
		sometimes("IO-TICKET-18", "subjects differ under a search", tell(and(here, searched), each(every, member("subject", "found")))),
		sometimes("IO-TICKET-18", "updated_at differs in ascending order", tell(and(here, ascending), each(every, member("updated_at", "2031-01-01T00:00:00Z")))),
		sometimes("IO-TICKET-18", "priority_name differs when sorted by priority", tell(and(here, byPriority), each(every, member("priority_name", "P")))),
		sometimes("IO-TICKET-18", "the number differs under a filter", tell(and(here, filtered), each(every, member("ticket_number", 7)))),
	)
}

func sameNumber(_ *exchange, p *reply) {
	all := p.rows()
	if len(all) < 2 {
		return
	}
	a, _ := all[0].(object)
	b, _ := all[1].(object)
	b["ticket_number"] = a["ticket_number"]
	p.setRows(all)
}
