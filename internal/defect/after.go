package defect

import (
	"slices"
	"strings"
)

// afterwards breaks the list once a note was written.
func afterwards() []Defect {
	touched := func(edit func(object)) step {
		return tell(on(list), func(x *exchange, p *reply) {
			each(func(_, _ int, row object) bool {
				return slices.Contains(x.m.written, strings.ToLower(text(row["id"]))) || slices.Contains(x.m.written, text(row["ticket_number"]))
			}, edit)(x, p)
		})
	}
	return []Defect{
		always(sameTicket, "a note puts its ticket in progress", touched(func(o object) {
			o["status"] = map[bool]string{true: "open", false: "in_progress"}[o["status"] == "in_progress"]
		})),
		always(sameTicket, "a note raises the priority", touched(func(o object) {
			o["priority"] = map[bool]string{true: "high", false: "urgent"}[o["priority"] == "urgent"]
		})),
		sometimes(sameTicket, "a note unassigns its ticket", touched(member("assignee_id", nil))),
		sometimes(sameTicket, "a note gives its ticket a new number", touched(member("ticket_number", 999_999))),
		sometimes(sameTicket, "a note makes a ticket more", tell(on(list), func(x *exchange, p *reply) {
			if len(x.m.written) > 0 {
				metaOf("total", func(n int) any { return n + 1 })(x, p)
			}
		})),
	}
}

// firstLast puts the last row first once a note was written.
func firstLast(x *exchange, p *reply) {
	if all := p.rows(); len(all) > 1 && slices.Contains(x.m.written, x.id()) {
		p.setRows(append(all[len(all)-1:len(all):len(all)], butLast(all)...))
	}
}
