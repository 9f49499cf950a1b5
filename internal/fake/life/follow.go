package life

import (
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// failing is the percentage of mail that fails.
const failing = 6

// follow does what is due on a ticket now, if anything is.
func follow(tx *store.Tx, n uint32) {
	at, what := next(tx, n)
	if at.After(tx.Now()) {
		return // the ticket was touched since and has another look
	}
	switch what {
	case dueMail:
		forward(tx, n)
	case dueReminder:
		tx.Change(n, func(t *fixtures.Ticket) {
			if t.RemindStatus >= 0 {
				t.Status = t.RemindStatus
			}
			forget(t)
		}, nil)
	case dueSilence:
		insist(tx, n)
	case dueClosing:
		move(tx, n, fixtures.StatusClosed)
	}
}

// forward moves mail on: from pending to sending, then to sent or failed.
// Failed mail is tried again.
func forward(tx *store.Tx, n uint32) {
	m, _ := tx.Unsent(n)
	i, ok := tx.FindMessage(n, m.ID.String())
	if !ok {
		return
	}
	t, _ := tx.Peek(n)
	r := tx.Data().Stream("life of mail", int(t.UpdatedAt.UnixMilli())^int(m.ID[15]))
	tx.ChangeMessage(n, i, func(m *fixtures.Message) {
		switch m.SendStatus {
		case "pending":
			m.SendStatus = "sending"
		case "failed":
			m.SendStatus, m.SendError = "pending", ""
		case "sending":
			if errors := tx.Desk().SendErrors(); r.IntN(100) < failing {
				m.SendStatus, m.SendError = "failed", errors[r.IntN(len(errors))]
				return
			}
			m.SendStatus, m.SentAt = "sent", tx.Now()
		}
	})
}

// insist writes to a customer who does not answer: first a reminder, then that
// the ticket is closed.
func insist(tx *store.Tx, n uint32) {
	if tx.Room(1) != nil {
		return
	}
	t := tx.Ticket(n)
	if asked := trailing(t.Messages); asked < 2 {
		say(tx, n, fixtures.FromAgent, fixtures.TurnNudge)
		return
	}
	say(tx, n, fixtures.FromAgent, fixtures.TurnWrap)
	move(tx, n, fixtures.StatusClosedNoReply)
}

// trailing counts the agents' mails after the customer's last one.
func trailing(messages []fixtures.Message) (count int) {
	for _, m := range messages {
		switch {
		case m.Draft || m.Type != "email":
		case m.Direction == "inbound":
			count = 0
		default:
			count++
		}
	}
	return count
}

// move gives a ticket a status. Only a waiting ticket keeps its reminder.
func move(tx *store.Tx, n uint32, status int) {
	tx.Change(n, func(t *fixtures.Ticket) {
		t.Status = status
		if tx.Desk().Statuses[status].Type != "waiting" {
			forget(t)
		}
	}, nil)
}

// forget removes the reminder.
func forget(t *fixtures.Ticket) { t.RemindAt, t.RemindStatus = time.Time{}, -1 }
