package scenario

import (
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/conformance/survey"
)

var ticketTags = []Scenario{
	{Clause: "IO-LIST-TICKETS-31", Run: oneTag},
	{Clause: "IO-LIST-TICKETS-32", Run: func(s *Session) {
		a, b := s.tagPair()
		s.agree(s.found(tagQuery(a.id, b.id)), "it carries both tags",
			func(r survey.Row) bool { return a.has(r.ID()) && b.has(r.ID()) }, a.finding, b.finding)
	}},
	{Clause: "IO-LIST-TICKETS-33", Run: func(s *Session) {
		s.tickets()
		s.findsNothing(tagQuery(NobodyTicket), http.StatusBadRequest)
		for _, t := range s.tagged(1) {
			s.findsNothing(tagQuery(t.id, NobodyTicket), http.StatusBadRequest)
			s.findsNothing(tagQuery(NobodyTicket, t.id), http.StatusBadRequest)
		}
	}},
	{Clause: "IO-LIST-TICKETS-34", Run: func(s *Session) {
		a, b := s.tagPair()
		s.same(s.found(tagQuery(b.id, a.id)), s.found(tagQuery(a.id, b.id)))
	}},
}

// mostTags is how many tags of the facts are tried.
const mostTags = 8

// taggedTickets is what a tag finds.
type taggedTickets struct {
	id string
	finding
}

func tagQuery(ids ...string) string {
	q := "tag_ids="
	for i, id := range ids {
		if i > 0 {
			q += ","
		}
		q += id
	}
	return q
}

// tagged are at most n tags that find some tickets and not others.
func (s *Session) tagged(n int) []taggedTickets {
	var out []taggedTickets
	for _, tag := range s.Facts().InboxOps.Tags[:min(len(s.Facts().InboxOps.Tags), mostTags)] {
		if len(out) == n {
			break
		}
		if f := s.find(tagQuery(tag.ID)); s.narrows(f) {
			out = append(out, taggedTickets{tag.ID, f})
		}
	}
	return out
}

// oneTag has no way to see the tags of a ticket: it judges that a tag finds
// some tickets and not all.
func oneTag(s *Session) {
	if len(s.tickets()) < 2 {
		s.Skip("the workspace has one ticket alone", "a workspace with more tickets")
	}
	found, everything := 0, true
	for _, tag := range s.Facts().InboxOps.Tags[:min(len(s.Facts().InboxOps.Tags), 3)] {
		f := s.found(tagQuery(tag.ID))
		found += len(f.rows)
		if len(f.rows) > 0 {
			everything = everything && !s.narrows(f)
		}
	}
	if found == 0 {
		s.Skip("the tags that the facts name find no ticket", "inboxops.tags in --facts FILE with tags that tickets carry")
	}
	if everything && len(s.find(tagQuery(NobodyTicket)).rows) == 0 {
		s.Skip("the tags that the facts name are on every ticket", "inboxops.tags in --facts FILE with a tag that some tickets carry")
	}
	s.Assert(!everything, "tickets that tag_ids with one of the facts' tags finds", "some of the tickets", "all, as without it")
}

// tagPair is two tags that some ticket has both of while others have one; if
// there are none, two that are never together.
func (s *Session) tagPair() (a, b taggedTickets) {
	tags := s.tagged(mostTags)
	var apart [][2]taggedTickets
	for i, a := range tags {
		for _, b := range tags[i+1:] {
			onlyA := func(r survey.Row) bool { return b.covers(r) && !b.has(r.ID()) }
			onlyB := func(r survey.Row) bool { return a.covers(r) && !a.has(r.ID()) }
			if !slices.ContainsFunc(a.rows, onlyA) || !slices.ContainsFunc(b.rows, onlyB) {
				continue
			}
			if slices.ContainsFunc(a.rows, func(r survey.Row) bool { return b.has(r.ID()) }) {
				return a, b
			}
			apart = append(apart, [2]taggedTickets{a, b})
		}
	}
	if len(apart) == 0 {
		s.Skip("no two tags of the facts are on different tickets", "inboxops.tags in --facts FILE with two tags that some tickets carry")
	}
	return apart[0][0], apart[0][1]
}
