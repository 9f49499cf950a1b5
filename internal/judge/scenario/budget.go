package scenario

import (
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// A run may send only so many requests. This file says how many are reserved
// for what.

const (
	// few is how many requests in company are sent in any case.
	few = 6
	// plenty is how many remaining requests allow for all of them.
	plenty = 300
	// forMore is how many requests the planned questions of a roomy run leave
	// to clauses that may ask more than they need.
	forMore = 80
	// mostRounds is in how many companies each refusal is sent if requests are
	// left.
	mostRounds = 3
)

// roomy reports whether a run may send far more requests than its clauses and
// refusals need.
func (s *Session) roomy() bool {
	const roomy = 1200
	return !s.many() && s.env.Client.Left()+s.env.Client.Requests() >= roomy
}

// surplus reports whether a clause that is judged after the planned questions may
// ask more than it needs.
func (s *Session) surplus() bool {
	const margin = 5
	switch left := s.env.Client.Left(); {
	case s.env.combined == nil:
		return s.roomy()
	case s.roomy():
		return left > s.keptBack()-writes
	default:
		return !s.many() && left > s.keptBack()+margin
	}
}

// many reports whether there are so many tickets that reading them took a good
// part of the requests of a run. It reads none for a run without a key of InboxOps.
func (s *Session) many() bool {
	const pages = 12
	if !s.Has(target.ReadWrite) {
		return false
	}
	all, err := s.env.Survey.Tickets(s.ctx)
	return err == nil && (!all.Complete || len(all.Rows) > pages*max(s.firstPage(), 1))
}

// companyOf is how many requests in company are reserved for an API: all if
// many requests are left, else a few.
func (s *Session) companyOf(api clause.API) int {
	n := len(s.accompanied(api, 1, companies{}))
	if s.env.Client.Left() < plenty && !s.roomy() {
		return min(n, few)
	}
	return n
}

// backward is how many requests the last scenarios, which judge what others
// met, send.
const backward = 14

// lookingBack is how many requests are reserved for the last scenarios and, in
// a roomy run, for running those that fail again.
func (s *Session) lookingBack() int {
	if s.roomy() {
		return 5 * backward
	}
	return backward
}

// writes is how many requests clauses about notes may take.
const writes = 80

// keptBack is how many requests are reserved for the scenarios that come later.
func (s *Session) keptBack() int {
	const others, values, burst, handoffBurst = 7, 9, 13, 10
	n := others
	if !s.many() {
		n += values
	}
	if s.env.Write {
		n += writes
	}
	if s.env.Burst > 0 || s.Has(target.Limited) {
		n += burst
	}
	if s.env.Burst > 0 || s.Has(target.MemberLimited) {
		n += handoffBurst
	}
	switch { // the limit of a given key is not known: the last scenario may need all requests
	case s.env.Burst > 0:
	case s.Has(target.MemberLimited):
		n += s.untilLimited(clause.AppHandoff)
	case s.Has(target.Limited):
		n += s.untilLimited(clause.InboxOps)
	}
	return n + backward + s.companyOf(clause.InboxOps) + s.companyOf(clause.AppHandoff)
}
