package record

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// mostGap is the largest number that tickets keep: the tickets with smaller
// numbers that were not seen exist in the case as deleted ones.
const mostGap = fixtures.FirstNumber + 1000

// maker makes a state of what was seen.
type maker struct {
	*seen
	base    *fixtures.Dataset
	latest  time.Time
	sorts   fixtures.Tables
	people  []fixtures.Contact
	found   map[string]int // places of what tickets are sorted by
	named   map[string]bool
	numbers map[int]int // of tickets that do not keep theirs
}

// state returns the desk as a case, with the requests.
func (all *seen) state(requests []casefile.Request) (casefile.State, error) {
	base, err := fixtures.New(fixtures.Config{Seed: 1, Empty: true})
	if err != nil {
		return casefile.State{}, err
	}
	m := maker{seen: all, base: base, latest: fixtures.DefaultAt, found: map[string]int{}, named: map[string]bool{}, numbers: map[int]int{}}
	tickets := m.rows()
	m.number(tickets)
	s := casefile.State{World: casefile.World{Empty: new(true)}, Projects: m.projects()}
	for _, t := range tickets {
		s.Tickets = append(s.Tickets, m.ticket(t))
	}
	s.World.At = m.latest
	base.At = m.latest
	s.Data = base.Arrange(fixtures.Arrangement{Contacts: m.people, Tables: m.sorts})
	s.Requests = m.renamed(requests)
	return s, nil
}

// rows returns the tickets: the rows of lists, and one for each timeline whose
// ticket no list showed.
func (m *maker) rows() []*desk.TicketRow {
	var all []*desk.TicketRow
	numbers := map[string]bool{}
	for _, t := range m.tickets {
		row := *t
		all = append(all, &row)
		numbers[strconv.Itoa(t.TicketNumber)] = true
	}
	for _, ref := range slices.Sorted(maps.Keys(m.threads)) {
		if m.tickets[ref] != nil || numbers[ref] {
			continue
		}
		row := &desk.TicketRow{ID: ref, Subject: "Seen by its messages alone", Status: "open", Priority: "normal", CreatedAt: fixtures.DefaultAt}
		if n, err := strconv.Atoi(ref); err == nil {
			row.TicketNumber, row.ID = n, fixtures.NamedID("recorded ticket", ref).String()
		}
		if thread := m.threads[ref]; len(thread) > 0 {
			row.CreatedAt = thread[0].CreatedAt
		}
		all = append(all, row)
	}
	slices.SortFunc(all, func(a, b *desk.TicketRow) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.TicketNumber, 1<<40), cmp.Or(b.TicketNumber, 1<<40)), strings.Compare(a.ID, b.ID))
	})
	return all
}

// number gives each ticket a number that a world without other tickets can
// have: its own, unless one of the numbers is too small or too large.
func (m *maker) number(tickets []*desk.TicketRow) {
	keep := true
	for _, t := range tickets {
		if t.TicketNumber != 0 && (t.TicketNumber < fixtures.FirstNumber || t.TicketNumber > mostGap) {
			keep = false
		}
	}
	next := fixtures.FirstNumber
	for _, t := range tickets {
		if keep && t.TicketNumber != 0 {
			next = t.TicketNumber
		}
		if t.TicketNumber != 0 && t.TicketNumber != next {
			m.numbers[t.TicketNumber] = next
		}
		m.gather(t)
		t.TicketNumber = next
		next++
	}
}

// gather joins the messages of a ticket, which may have been asked for by id
// and by number.
func (m *maker) gather(t *desk.TicketRow) {
	for _, other := range m.threads[strconv.Itoa(t.TicketNumber)] {
		if !slices.ContainsFunc(m.threads[t.ID], func(m desk.MessageRow) bool { return m.ID == other.ID }) {
			m.threads[t.ID] = append(m.threads[t.ID], other)
		}
	}
}

// ticket returns a ticket as it was seen.
func (m *maker) ticket(t *desk.TicketRow) casefile.TicketState {
	id, _ := fixtures.ParseID(t.ID)
	made := casefile.TicketState{Ticket: fixtures.Ticket{
		ID: id, Number: t.TicketNumber, Subject: cmp.Or(t.Subject, "-"), Inbox: m.inbox(t.InboxID), Status: m.status(t), Priority: m.priority(t),
		Assignee: m.agent(t.AssigneeID), Contact: m.contact(t.ContactID), RemindStatus: -1, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt, Tags: m.tagged(t.ID),
	}}
	if t.RemindAt != nil {
		made.RemindAt = *t.RemindAt
	}
	if t.RemindTransitionStatusID != nil {
		made.RemindStatus = m.statusByID(*t.RemindTransitionStatusID)
	}
	for i := range m.threads[t.ID] {
		row := message(&m.threads[t.ID][i])
		if row.CreatedAt.Before(made.CreatedAt) {
			row.CreatedAt = made.CreatedAt // in a case, no message is older than its ticket
		}
		if made.UpdatedAt.Before(row.CreatedAt) {
			made.UpdatedAt = row.CreatedAt
		}
		made.Messages = append(made.Messages, row)
	}
	slices.SortFunc(made.Messages, func(a, b fixtures.Message) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), slices.Compare(a.ID[:], b.ID[:])) // as the fake has them
	})
	if made.UpdatedAt.After(m.latest) {
		m.latest = made.UpdatedAt
	}
	return made
}

// message returns a message as it was seen.
func message(m *desk.MessageRow) fixtures.Message {
	id, ok := fixtures.ParseID(m.ID)
	if !ok {
		id = fixtures.NamedID("recorded message", m.ID)
	}
	row := fixtures.Message{
		ID: id, Direction: m.Direction, Type: m.Type, From: orEmpty(m.FromAddress), To: orEmpty(m.ToAddresses), Cc: orEmpty(m.CcAddresses), Bcc: orEmpty(m.BccAddresses),
		SendStatus: orEmpty(m.SendStatus), SendError: orEmpty(m.SendError), BodyText: orEmpty(m.BodyText), BodyHTML: orEmpty(m.BodyHTML), CreatedAt: m.CreatedAt,
	}
	if m.SentAt != nil {
		row.SentAt = *m.SentAt
	}
	for _, a := range m.Attachments {
		id, _ := fixtures.ParseID(a.ID)
		row.Attachments = append(row.Attachments, fixtures.Attachment{
			ID: id, FileName: a.FileName, ContentType: a.ContentType, SizeBytes: a.SizeBytes, Disposition: a.Disposition, ContentID: orEmpty(a.ContentID),
		})
	}
	return row
}
