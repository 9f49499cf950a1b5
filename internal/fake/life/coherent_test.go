package life_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// week is a desk that has been busy for some days.
var week = sync.OnceValues(func() (*desk, error) {
	d, err := makeDesk(5, life.Busy)
	if err == nil {
		d.reach(d.now.AddDate(0, 0, 8))
	}
	return d, err
})

// aWeek returns the desk of week.
func aWeek(t *testing.T) *desk {
	t.Helper()
	d, err := week()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMailGoesItsWay(t *testing.T) {
	t.Parallel()
	seen := map[[2]string]int{}
	for _, e := range aWeek(t).Events(0) {
		for _, c := range e.Changed {
			if c.Member == "send_status" {
				seen[[2]string{c.From, c.To}]++
			}
		}
	}
	for _, way := range [][2]string{{"pending", "sending"}, {"sending", "sent"}, {"sending", "failed"}, {"failed", "pending"}} {
		if seen[way] == 0 {
			t.Errorf("no mail went from %s to %s", way[0], way[1])
		}
		delete(seen, way)
	}
	if len(seen) > 0 {
		t.Errorf("mail went another way: %v", seen)
	}
}

func TestTimesAreInOrder(t *testing.T) {
	t.Parallel()
	d := aWeek(t)
	last, at := map[string]time.Time{}, time.Time{}
	for _, e := range d.Events(0) {
		if thing := e.TicketID; thing != "" {
			if e.At.Before(last[thing]) {
				t.Errorf("event %d of %s comes at %s, after one at %s", e.Seq, thing, e.At, last[thing])
			}
			last[thing] = e.At
		}
		if e.At.Add(10 * time.Millisecond).Before(at) {
			t.Errorf("event %d comes at %s, after one at %s", e.Seq, e.At, at)
		}
		at = e.At
	}
	tickets, _ := d.Changed()
	for _, ticket := range tickets {
		before := ticket.CreatedAt
		for _, m := range ticket.Messages {
			switch {
			case m.CreatedAt.Before(before):
				t.Errorf("%d: a message of %s comes behind one of %s", ticket.Number, m.CreatedAt, before)
			case m.Direction == "inbound" && m.SentAt.After(m.CreatedAt), m.Direction == "outbound" && !m.SentAt.IsZero() && m.SentAt.Before(m.CreatedAt):
				t.Errorf("%d: a message of %s was sent at %s", ticket.Number, m.CreatedAt, m.SentAt)
			}
			if before = m.CreatedAt; !m.Draft && before.After(ticket.UpdatedAt) {
				t.Errorf("%d: changed at %s, before the message of %s", ticket.Number, ticket.UpdatedAt, before)
			}
		}
		if !ticket.RemindAt.IsZero() && ticket.RemindAt.Before(d.now) {
			t.Errorf("%d: a reminder of %s is still there", ticket.Number, ticket.RemindAt)
		}
	}
	for _, p := range d.Projects() {
		for _, ticket := range p.Tickets {
			if !slices.IsSortedFunc(ticket.Messages, func(a, b fixtures.HandoffMessage) int { return a.CreatedAt.Compare(b.CreatedAt) }) {
				t.Errorf("%s: the messages are not in order", ticket.Title)
			}
		}
	}
}

func TestStatusesFollowMessages(t *testing.T) {
	t.Parallel()
	d := aWeek(t)
	tickets, _ := d.Changed()
	statuses, met := d.Desk().Statuses, map[int]int{}
	for _, ticket := range tickets {
		if ticket.Seeded {
			continue // which come with what the seed made of them
		}
		met[ticket.Status]++
		var mails []fixtures.Message
		for _, m := range ticket.Messages {
			if m.Type == "email" {
				mails = append(mails, m)
			}
		}
		last := mails[len(mails)-1]
		wrong := false
		switch ticket.Status {
		case fixtures.StatusNew:
			wrong = slices.ContainsFunc(mails, func(m fixtures.Message) bool { return m.Direction == "outbound" })
		case fixtures.StatusReopened:
			wrong = last.Direction != "inbound"
		case fixtures.StatusWaitingCustomer, fixtures.StatusWaitingThirdParty, fixtures.StatusClosedNoReply:
			wrong = last.Direction != "outbound"
		case fixtures.StatusResolved, fixtures.StatusClosed:
			wrong = len(mails) < 2
		}
		if mails[0].Direction != "inbound" || wrong {
			t.Errorf("%d is %s behind %d mails, the last %s", ticket.Number, statuses[ticket.Status].Name, len(mails), last.Direction)
		}
		if !ticket.RemindAt.IsZero() && statuses[ticket.Status].Type != "waiting" {
			t.Errorf("%d is %s and has a reminder", ticket.Number, statuses[ticket.Status].Name)
		}
		if len(mails) > 20 {
			t.Errorf("%d has %d mails", ticket.Number, len(mails))
		}
	}
	for status := range statuses {
		if met[status] == 0 {
			t.Errorf("no ticket is %s", statuses[status].Name)
		}
	}
}

func TestEverythingHappens(t *testing.T) {
	t.Parallel()
	d := aWeek(t)
	kinds, members := map[string]bool{}, map[string]bool{}
	for _, e := range d.Events(0) {
		kinds[e.Service+" "+e.Kind] = true
		if e.By != store.ByLife {
			t.Fatalf("event %d is by %s", e.Seq, e.By)
		}
		for _, c := range e.Changed {
			members[c.Member] = true
		}
	}
	for _, kind := range []string{"inboxops ticket.created", "inboxops ticket.changed", "inboxops message.added", "inboxops message.changed", "apphandoff message.added"} {
		if !kinds[kind] {
			t.Errorf("there is no %s", kind)
		}
	}
	for _, member := range []string{"status", "status_name", "priority", "assignee", "remind_at", "remind_status", "send_status", "send_error", "sent_at"} {
		if !members[member] {
			t.Errorf("no %s has changed", member)
		}
	}
}

func TestEdgesStay(t *testing.T) {
	t.Parallel()
	d := aWeek(t)
	tickets, _ := d.Changed()
	for _, ticket := range tickets {
		if _, edge := d.World().Data.InboxOps.Known[ticket.Name]; edge {
			t.Errorf("%s has changed", ticket.Name)
		}
	}
	if before, after := d.World().Data.AppHandoff, d.Projects(); len(before.Known) == 0 {
		t.Error("there are none")
	} else {
		for name, at := range before.Known {
			was, is := before.Projects[at.Project].Tickets[at.Ticket], after[at.Project].Tickets[at.Ticket]
			if len(was.Messages) != len(is.Messages) {
				t.Errorf("%s has changed", name)
			}
		}
	}
}
