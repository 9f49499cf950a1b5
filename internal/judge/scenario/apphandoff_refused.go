package scenario

import (
	"net/http"
	"slices"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// projects are up to two projects the key reaches.
func (s *Session) projects() []string {
	var out []string
	for _, p := range s.Facts().AppHandoff.Projects {
		if len(p.Tickets) > 0 && len(out) < 2 {
			out = append(out, p.ID)
		}
	}
	return out
}

// outOfReach are requests by callers without access to the project: for the first
// ticket of each, for the last and for one without messages.
func (s *Session) outOfReach() []fault {
	var out []fault
	ask := func(who target.Who, project string, tickets []facts.Handoff) {
		for i, t := range tickets {
			empty := t.Messages == 0 && len(tickets) > 2 && i == slices.IndexFunc(tickets, func(t facts.Handoff) bool { return t.Messages == 0 })
			if i == 0 || i == len(tickets)-1 || empty {
				out = append(out, fault{who, HandoffPath(project, t.ID), "", http.StatusForbidden})
			}
		}
	}
	for i, p := range s.Facts().AppHandoff.Projects {
		if s.Has(target.Outsider) && i < 2 {
			ask(target.Outsider, p.ID, p.Tickets)
		}
	}
	for i, p := range s.Facts().AppHandoff.InaccessibleProjects {
		if len(p.Tickets) == 0 {
			p.Tickets = []facts.Handoff{{ID: NobodyTicket}}
		}
		if i < 2 {
			ask(target.Member, p.ID, p.Tickets)
		}
	}
	return out
}

// handoffAstray asks for tickets through a project to which they do not belong.
// An empty list is not held against a target that gives one for unknown
// tickets: AH-ERR-04 judges that.
func handoffAstray(s *Session) {
	known := s.Facts().AppHandoff
	for _, of := range append(slices.Clone(known.Projects), known.InaccessibleProjects...) {
		i := slices.IndexFunc(s.projects(), func(id string) bool { return id != of.ID })
		if i < 0 || len(of.Tickets) == 0 {
			continue
		}
		through := s.projects()[i]
		unknown := s.exchange(target.Member, HandoffPath(through, NobodyTicket), "")
		e := s.exchange(target.Member, HandoffPath(through, of.Tickets[0].ID), "")
		if unknown.Status == http.StatusOK && string(unknown.ResponseBody) == string(e.ResponseBody) {
			continue
		}
		s.assert(e.Status/100 == 4, "status of a ticket of project "+of.ID+" through project "+through, "404 or another 4xx", e.Status, e)
		s.refused()
	}
	s.SkipUnlessAsserted("no two projects with tickets are known that can be told apart", "two projects with tickets under apphandoff in --facts FILE")
}

// handoffRefusals are the 4xx answers that the run has met, of which some have one
// of the statuses if the target can be made to.
func (s *Session) handoffRefusals(statuses ...int) []*target.Exchange {
	return s.met(clause.AppHandoff, answered(statuses...), s.handoffFaults)
}

// handoffFaults are the 4xx answers to requests with one fault each.
func (s *Session) handoffFaults() []*target.Exchange {
	t := s.firstThread()
	faults := append([]fault{
		{target.Stranger, t.path(), "", http.StatusUnauthorized},
		{target.Member, HandoffPath(t.project, NobodyTicket), "", http.StatusNotFound},
		{target.Member, HandoffPath(NobodyTicket, t.ticket.ID), "", http.StatusNotFound},
		{target.Member, HandoffPath(t.project, "not-a-uuid"), "", http.StatusNotFound},
		{target.Member, t.path(), "limit=abc", http.StatusBadRequest},
		{target.Member, t.path(), "limit=-1", http.StatusBadRequest},
		{target.Member, t.path(), Query("since", "not-a-date", "limit", "200"), http.StatusBadRequest},
		{target.Member, t.path(), Query("task_id", "not-a-uuid"), http.StatusBadRequest},
	}, s.outOfReach()...)
	for _, who := range []target.Who{target.MemberRevoked, target.Reconnect} {
		if s.Has(who) {
			faults = append(faults, fault{who, t.path(), "", http.StatusUnauthorized})
		}
	}
	out := s.faulty(faults, "")
	header := http.Header{"Authorization": {"Bearer " + madeUpHandoff[0]}}
	if e := refusedBy(s.send(target.Stranger, http.MethodGet, t.path(), "", header, nil)); e != nil {
		out = append(out, e)
	}
	return out
}
