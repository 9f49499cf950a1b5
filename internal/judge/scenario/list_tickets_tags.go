package scenario

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

var ticketTags = []Scenario{
	{Clause: strict("IO-LIST-TICKETS-31", listTickets, "tag_ids with one UUID returns only tickets carrying it.", clause.Tags), Run: oneTag},
	{Clause: strict("IO-LIST-TICKETS-32", listTickets, "tag_ids with two UUIDs returns only tickets carrying both, not either.", clause.Tags), Run: func(s *Session) {
		a, b := s.tagPair(false)
		s.agree(s.found(tagQuery(a.id, b.id)), "it carries both tags",
			func(r survey.Row) bool { return a.has(r.ID()) && b.has(r.ID()) }, a.finding, b.finding)
		s.same(s.found(tagQuery(a.id, a.id)), a.finding)
	}},
	{Clause: lenient("IO-LIST-TICKETS-33", listTickets, "tag_ids including an unused UUID returns nothing."), Run: func(s *Session) {
		s.tickets()
		s.findsNothing(tagQuery(NobodyTicket), http.StatusBadRequest)
		if s.roomy() {
			s.findsNothing("tag_ids=not-a-uuid", http.StatusBadRequest)
			s.findsNothing(tagQuery(NobodyTicket[:len(NobodyTicket)-1]), http.StatusBadRequest)
		}
		for i := range s.countTags() {
			if t, ok := s.tag(i); ok {
				s.findsNothing(tagQuery(NobodyTicket, t.id), http.StatusBadRequest)
				if s.roomy() {
					s.findsNothing(tagQuery(t.id, "not-a-uuid"), http.StatusBadRequest)
				}
				return
			}
		}
	}},
	{Clause: strict("IO-LIST-TICKETS-34", listTickets, "Order of UUIDs inside tag_ids does not matter.", clause.Tags), Run: func(s *Session) {
		a, b := s.tagPair(true)
		s.same(s.found(tagQuery(b.id, a.id)), s.found(tagQuery(a.id, b.id)))
	}},
}

// mostTags is how many tags of the facts are tried.
const mostTags = 24

// taggedTickets is what a tag finds.
type taggedTickets struct {
	id string
	finding
}

func tagQuery(ids ...string) string {
	return "tag_ids=" + strings.Join(ids, ",")
}

// tag returns what the i-th tag of the facts finds, and whether it finds some
// tickets but not all.
func (s *Session) tag(i int) (taggedTickets, bool) {
	id := s.Facts().InboxOps.Tags[i].ID
	f := s.find(tagQuery(id))
	return taggedTickets{id, f}, s.narrows(f)
}

// countTags is how many tags are tried.
func (s *Session) countTags() int { return min(len(s.Facts().InboxOps.Tags), mostTags) }

// oneTag judges that a tag finds some tickets but not all, and that it finds
// those which have it according to the facts: the API does not show the tags of
// tickets.
func oneTag(s *Session) {
	const probes, several = 3, 10
	found, everywhere := 0, 0
	tags := min(s.countTags(), probes)
	if len(s.tickets()) < 2 {
		s.Skip("the workspace has one ticket alone", "a workspace with more tickets")
	}
	var findings []taggedTickets
	for i := range tags {
		f := s.found(tagQuery(s.Facts().InboxOps.Tags[i].ID))
		findings = append(findings, taggedTickets{s.Facts().InboxOps.Tags[i].ID, f})
		found += len(f.rows)
		if len(f.rows) > 0 && !s.narrows(f) {
			everywhere++
		}
	}
	if found == 0 {
		s.Skip("the tags that the facts name find no ticket", "inboxops.tags in --facts FILE with tags that tickets carry")
	}
	ignored := len(s.find(tagQuery(NobodyTicket)).rows) > 0 || tags == probes && len(s.tickets()) >= several
	if everywhere == tags && !ignored {
		s.Skip("the tags that the facts name are on every ticket", "inboxops.tags in --facts FILE with a tag that some tickets carry")
	}
	s.Assert(everywhere < tags, "tickets that tag_ids with one of the facts' tags finds", "some of the tickets", "all, as without it")
	s.knownTags(findings)
}

// knownTags compares what tags find with the tags that tickets have according
// to the facts. A single ticket that now has others means that the facts are
// out of date.
func (s *Session) knownTags(findings []taggedTickets) {
	wrong := map[string][]taggedTickets{} // by the ticket's id
	for _, known := range s.Facts().InboxOps.Tickets {
		ticket, ok := s.listed(known.ID)
		if !ok || known.TagIDs == nil {
			continue
		}
		for _, f := range findings {
			if s.asserts++; f.covers(ticket) && f.has(known.ID) != slices.Contains(known.TagIDs, f.id) {
				wrong[known.ID] = append(wrong[known.ID], f)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(wrong)) {
		if len(wrong) == 1 && len(s.Facts().InboxOps.Tickets) > 1 {
			s.Remark("the facts name other tags of ticket %s than those that find it: they may be out of date", id)
			continue
		}
		for _, f := range wrong[id] {
			listed := f.has(id)
			s.Assert(false, "ticket "+id+" in the result of "+f.query, listing(!listed)+", by its tags in the facts", listing(listed))
		}
	}
}

// tagPair returns two tags such that some ticket has both and others have only
// one. If there are none, it returns two tags of one ticket if they must occur
// together, else two that never do.
func (s *Session) tagPair(together bool) (a, b taggedTickets) {
	var tags, apart, joint []taggedTickets
	for i := range s.countTags() {
		b, ok := s.tag(len(s.Facts().InboxOps.Tags) - 1 - i)
		if !ok {
			continue
		}
		for _, a := range tags {
			switch both, differ := overlap(a.finding, b.finding); {
			case both && differ:
				return a, b
			case both:
				joint = []taggedTickets{a, b}
			case differ:
				apart = []taggedTickets{a, b}
			}
		}
		tags = append(tags, b)
	}
	second := apart
	if together {
		second = joint
	}
	if second == nil {
		s.Skip("no two tags of the facts are on different tickets or on one together",
			"inboxops.tags in --facts FILE with two tags that some tickets carry")
	}
	return second[0], second[1]
}
