package life

import (
	"math/rand/v2"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// talk makes a human or an agent of the hand-off service write to a ticket in a
// project that members may read. It reports whether there is one.
func talk(tx *store.Tx, r *rand.Rand) bool {
	projects, edges := tx.Projects(), tx.Data().AppHandoff.Known
	known := map[fixtures.TicketRef]bool{}
	for _, at := range edges {
		known[at] = true
	}
	var open []fixtures.TicketRef
	for i := range projects {
		for j := range projects[i].Tickets {
			at, messages := fixtures.TicketRef{Project: i, Ticket: j}, projects[i].Tickets[j].Messages
			future := len(messages) > 0 && messages[len(messages)-1].CreatedAt.After(tx.Now())
			if projects[i].Member && !known[at] && !future {
				open = append(open, at)
			}
		}
	}
	if len(open) == 0 {
		return false
	}
	at := open[r.IntN(len(open))]
	project := &projects[at.Project]
	t := &project.Tickets[at.Ticket]
	id := store.MessageID(t.ID, tx.Serial())
	tx.AddPost(at.Project, at.Ticket, tx.Data().Post(project.Name, t, post(r, t), id, tx.Now()))
	return true
}

// post draws who writes and which task it is about: mostly the other side, about
// the same.
func post(r *rand.Rand, t *fixtures.HandoffTicket) fixtures.HandoffMessageWish {
	wish := fixtures.HandoffMessageWish{Author: "human"}
	if len(t.Messages) == 0 {
		return wish
	}
	last := &t.Messages[len(t.Messages)-1]
	if (last.AuthorType == "human") == (r.IntN(4) > 0) {
		wish.Author = "agent"
	}
	task := r.IntN(len(t.Tasks) + 1) // the last one stands for no task
	same := r.IntN(3) > 0
	for i := range t.Tasks {
		if same && t.Tasks[i].ID == last.Task || !same && i == task {
			wish.Task = t.Tasks[i].Title
		}
	}
	return wish
}
