package survey

import (
	"cmp"
	"slices"
	"strings"
)

// What a target can show. Met and missing are named by these words.
var (
	ticketFeatures = []string{
		"status open", "status in_progress", "status waiting", "status resolved", "status closed",
		"priority low", "priority normal", "priority high", "priority urgent",
		"an assigned ticket", "an unassigned ticket", "a ticket with a reminder",
	}
	timelineFeatures = []string{
		"an email", "an internal note", "an inbound email", "an outbound email",
		"send_status pending", "send_status sending", "send_status sent", "send_status failed",
		"an attachment", "an inline attachment", "a message to several addresses",
		"a timeline with emails and notes", "an empty timeline",
	}
)

// Missing says what neither tickets nor timelines showed, of the parts that were read.
func (s *Survey) Missing() []string {
	var out []string
	if s.tickets != nil {
		out = absent(ticketFeatures, s.metInTickets())
	}
	if s.sampled {
		out = append(out, s.missingInTimelines()...)
	}
	return out
}

// missingInTimelines are the features no timeline read so far has.
func (s *Survey) missingInTimelines() []string {
	met := map[string]bool{}
	for _, t := range s.timelines {
		meet(met, t.Messages)
	}
	return absent(timelineFeatures, met)
}

// absent returns the wanted features that were not met.
func absent(wanted []string, met map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(w string) bool { return met[w] })
}

// metInTickets are the features of the tickets.
func (s *Survey) metInTickets() map[string]bool {
	met := map[string]bool{}
	for _, r := range s.tickets.Rows {
		met["status "+r.Text("status")] = true
		met["priority "+r.Text("priority")] = true
		if r.Has("assignee_id") {
			met["an assigned ticket"] = true
		} else {
			met["an unassigned ticket"] = true
		}
		if r.Has("remind_at") {
			met["a ticket with a reminder"] = true
		}
	}
	return met
}

// meet adds the features of one timeline.
func meet(met map[string]bool, messages []Row) {
	types := map[string]bool{}
	for _, m := range messages {
		kind := m.Text("type")
		types[kind] = true
		if kind == "email" {
			met["an email"] = true
			met["an "+m.Text("direction")+" email"] = true
		}
		met["send_status "+m.Text("send_status")] = true
		met["an internal note"] = met["an internal note"] || kind == "internal_note"
		met["a message to several addresses"] = met["a message to several addresses"] || strings.Contains(m.Text("to_addresses"), ",")
		for _, a := range m.Rows("attachments") {
			met["an attachment"] = true
			met["an inline attachment"] = met["an inline attachment"] || a.Text("disposition") == "inline"
		}
	}
	met["an empty timeline"] = met["an empty timeline"] || len(messages) == 0
	met["a timeline with emails and notes"] = met["a timeline with emails and notes"] || types["email"] && types["internal_note"]
}

// Values counts the strings the rows have in a member, most frequent first;
// null and absent are left out.
func Values(rows []Row, name string) []Value {
	counts := map[string]int{}
	for _, r := range rows {
		if r.Has(name) {
			counts[r.Text(name)]++
		}
	}
	out := make([]Value, 0, len(counts))
	for text, n := range counts {
		out = append(out, Value{text, n})
	}
	slices.SortFunc(out, func(a, b Value) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return out
}

// Value is a value of a member and how many rows have it.
type Value struct {
	Text  string
	Count int
}
