package life

import (
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

const (
	newest  = 60          // the newest tickets, to which most things happen
	tries   = 12          // to find one to which something can happen
	settles = time.Minute // how long a changed ticket is left alone
	long    = 10          // mails from which on a thread comes to its end
)

// happen makes one thing happen.
func happen(tx *store.Tx, r *rand.Rand) {
	switch n := r.IntN(100); {
	case n < 10:
		bring(tx)
		return
	case n < 22 && talk(tx, r):
		return
	}
	n, ok := pick(tx, r)
	if !ok {
		bring(tx)
		return
	}
	t := tx.Ticket(n)
	does := choose(r, &t)
	does(tx, r, n, &t)
}

// bring makes a customer open a new ticket.
func bring(tx *store.Tx) {
	made := tx.Desk().Bring(fixtures.TicketWish{}, "life\x00"+strconv.Itoa(tx.Serial()), tx.Now())
	tx.Create("", made.Record, made.Ticket, made.Fields, made.Messages)
}

// pick draws a ticket to which something can happen, most often one of the
// newest.
func pick(tx *store.Tx, r *rand.Rand) (n uint32, ok bool) {
	size := tx.Len()
	for i := range min(tries, size*tries) {
		among := min(newest, size)
		if i%4 == 3 {
			among = size
		}
		n = uint32(size - 1 - r.IntN(among))
		t, there := tx.Peek(n)
		if there && tx.Desk().Statuses[t.Status].Type != "closed" && !edge(tx, n) && !t.UpdatedAt.Add(settles).After(tx.Now()) {
			return n, true
		}
	}
	return 0, false
}

// deed is something that happens to a ticket; t is the ticket before it.
type deed func(tx *store.Tx, r *rand.Rand, n uint32, t *store.Ticket)

// odds are deeds, each as likely as its weight.
type odds []struct {
	weight int
	deed   deed
}

// What happens to a ticket, by its status and who wrote last.
var (
	silent   = odds{{6, note}, {3, assign}, {1, prioritize}}
	unsent   = odds{{6, note}, {2, assign}}
	theirs   = odds{{30, ask}, {25, fix}, {9, update}, {8, vendor}, {12, note}, {9, assign}, {4, prioritize}, {3, news}}
	ours     = odds{{35, fix}, {18, ask}, {8, vendor}, {12, note}, {8, assign}, {4, prioritize}, {15, news}}
	ending   = odds{{7, fix}, {2, note}, {1, assign}}
	asked    = odds{{68, answer}, {10, note}, {14, remind}, {4, assign}, {4, prioritize}}
	external = odds{{36, update}, {30, fix}, {12, news}, {10, note}, {12, remind}}
	resolved = odds{{60, thanks}, {22, back}, {6, note}, {12, shut}}
	thanked  = odds{{45, closing}, {12, back}, {43, shut}}
)

// choose draws what happens to a ticket.
func choose(r *rand.Rand, t *store.Ticket) deed {
	mails, last := mailsOf(t.Messages)
	var from odds
	switch {
	case mails == 0:
		from = silent
	case last.SendStatus == "pending" || last.SendStatus == "sending":
		from = unsent
	case last.SendStatus == "failed":
		return resend
	case t.Status == fixtures.StatusResolved && last.Direction == "inbound":
		from = thanked
	case t.Status == fixtures.StatusResolved:
		from = resolved
	case t.Status == fixtures.StatusWaitingCustomer && last.Direction == "outbound":
		from = asked
	case mails >= long:
		from = ending
	case t.Status == fixtures.StatusWaitingThirdParty:
		from = external
	case last.Direction == "inbound":
		from = theirs
	default:
		from = ours
	}
	sum := 0
	for _, o := range from {
		sum += o.weight
	}
	draw := r.IntN(sum)
	for _, o := range from {
		if draw -= o.weight; draw < 0 {
			return o.deed
		}
	}
	return note
}

// mailsOf counts the mails that show, and returns the last.
func mailsOf(messages []fixtures.Message) (count int, last *fixtures.Message) {
	for i := range messages {
		if m := &messages[i]; m.Type == "email" && !m.Draft {
			count, last = count+1, m
		}
	}
	return count, last
}

// say appends a message to a ticket. An agent's mail is pending.
func say(tx *store.Tx, n uint32, from fixtures.Side, turn fixtures.Turn) {
	t := tx.Ticket(n)
	wish := fixtures.MessageWish{From: from, SendStatus: "pending"}
	id := store.MessageID(t.ID, tx.Serial())
	tx.AddMessage(n, tx.Desk().Say(&t.Ticket, tx.Record(n), t.Messages, wish, turn, id, tx.Now()))
}

// reply makes an agent write and gives the ticket a status. An unassigned
// ticket becomes that agent's.
func reply(turn fixtures.Turn, status int) deed {
	return func(tx *store.Tx, r *rand.Rand, n uint32, t *store.Ticket) {
		if t.Assignee < 0 {
			assign(tx, r, n, t)
		}
		say(tx, n, fixtures.FromAgent, turn)
		move(tx, n, status)
	}
}

// What agents do.
var (
	ask     = reply(fixtures.TurnAny, fixtures.StatusWaitingCustomer)
	update  = reply(fixtures.TurnUpdate, fixtures.StatusInProgress)
	fix     = reply(fixtures.TurnFix, fixtures.StatusResolved)
	vendor  = reply(fixtures.TurnVendor, fixtures.StatusWaitingThirdParty)
	closing = reply(fixtures.TurnClosing, fixtures.StatusClosed)
)

// note makes an agent leave a note for the others.
func note(tx *store.Tx, _ *rand.Rand, n uint32, t *store.Ticket) {
	say(tx, n, fixtures.FromNote, fixtures.TurnAny)
	if t.Status == fixtures.StatusNew {
		move(tx, n, fixtures.StatusInProgress)
	}
}

// resend makes an agent send failed mail again.
func resend(tx *store.Tx, _ *rand.Rand, n uint32, t *store.Ticket) {
	_, last := mailsOf(t.Messages)
	if i, ok := tx.FindMessage(n, last.ID.String()); ok {
		tx.ChangeMessage(n, i, func(m *fixtures.Message) { m.SendStatus, m.SendError = "pending", "" })
	}
}

// shut makes an agent close a resolved ticket.
func shut(tx *store.Tx, _ *rand.Rand, n uint32, _ *store.Ticket) { move(tx, n, fixtures.StatusClosed) }

// assign gives the ticket to another agent.
func assign(tx *store.Tx, r *rand.Rand, n uint32, _ *store.Ticket) {
	tx.Change(n, func(t *fixtures.Ticket) {
		agents := len(tx.Desk().Agents)
		t.Assignee = (max(t.Assignee, 0) + 1 + r.IntN(agents-1)) % agents
	}, nil)
}

// prioritize gives the ticket another priority. An urgent ticket that somebody
// works on is escalated.
func prioritize(tx *store.Tx, r *rand.Rand, n uint32, _ *store.Ticket) {
	tx.Change(n, func(t *fixtures.Ticket) {
		priorities := tx.Desk().Priorities
		t.Priority = (t.Priority + 1 + r.IntN(len(priorities)-1)) % len(priorities)
		if priorities[t.Priority].Level == "urgent" && t.Status == fixtures.StatusInProgress {
			t.Status = fixtures.StatusEscalated
		}
	}, nil)
}

// remind sets when to look again at a waiting ticket.
func remind(tx *store.Tx, r *rand.Rand, n uint32, _ *store.Ticket) {
	tx.Change(n, func(t *fixtures.Ticket) {
		days, hours := 1+r.IntN(5), 8+r.IntN(9)
		t.RemindAt = tx.Now().Truncate(day).AddDate(0, 0, days).Add(time.Duration(hours) * time.Hour)
		t.RemindStatus = fixtures.StatusInProgress
	}, nil)
}

// write makes the customer write. A waiting ticket is worked on again.
func write(turn fixtures.Turn) deed {
	return func(tx *store.Tx, _ *rand.Rand, n uint32, t *store.Ticket) {
		say(tx, n, fixtures.FromCustomer, turn)
		if tx.Desk().Statuses[t.Status].Type == "waiting" {
			move(tx, n, fixtures.StatusInProgress)
		}
	}
}

// What customers do.
var (
	answer = write(fixtures.TurnAny)
	news   = write(fixtures.TurnAny)
	thanks = write(fixtures.TurnThanks)
)

// back makes the customer come back to a resolved ticket.
func back(tx *store.Tx, _ *rand.Rand, n uint32, _ *store.Ticket) {
	say(tx, n, fixtures.FromCustomer, fixtures.TurnBack)
	move(tx, n, fixtures.StatusReopened)
}
