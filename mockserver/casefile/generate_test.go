package casefile_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// words are texts that a file has to take care of.
var words = []string{
	"Export never finishes", "yes", "12", "null", "~", "- a", "a: b", "# no comment", "{a}", "[a", "'", `"`, `\`, "a\nb", "a\n\nb\n", " a", "a ", "\n a", "a\n  b", "a\tb",
	"\r\n", "é", "مرحبا", "🚨", "\u2028", "\ufeff", "\u0085", "\x7f", "&a *a !a %a @a", "2025-06-02", "2025-06-02T09:00:00Z", "a#b", "a #b", "---", "...", "? a", "|", ">", "nobody", "never", "none",
	strings.Repeat("long ", 100), "<p>It <b>hangs</b></p>", "&lt;", "", " ", "\x01", "=", "<<", "0x1f", "1e3", ".inf", "on\noff",
}

// anything returns an arrangement of this and that.
func anything(r *rand.Rand, base *fixtures.Dataset) fixtures.Arrangement {
	a := fixtures.Arrangement{Contacts: []fixtures.Contact{{ID: fixtures.NamedID("contact", "ada@example.com"), Name: "Ada", Email: "ada@example.com"}, {ID: fixtures.NamedID("x"), Name: "Bob: \"x\"", Email: "bob@example.com"}}}
	g := generator{r, base, len(a.Contacts)}
	for i := range r.IntN(6) {
		wish := g.ticket()
		if r.IntN(2) == 0 {
			wish.Name = "ticket " + string(rune('a'+i))
		}
		if r.IntN(3) == 0 {
			wish.ID = g.id()
		}
		a.Tickets = append(a.Tickets, wish)
	}
	own, seeded := len(a.Tickets), base.InboxOps.Seeded()
	if seeded > 0 {
		for _, i := range r.Perm(seeded)[:r.IntN(5)] {
			wish := g.ticket()
			wish.Seeded = &i
			if wish.CreatedAt = (time.Time{}); wish.Messages == nil {
				wish.UpdatedAt = time.Time{}
			} else {
				for j := range wish.Messages {
					wish.Messages[j].CreatedAt = fixtures.DefaultAt.Add(time.Duration(j) * time.Minute)
				}
				wish.UpdatedAt = fixtures.DefaultAt.AddDate(0, 0, 2)
			}
			if wish.Fields != nil {
				wish.Inbox = new(4)
			}
			a.Tickets = append(a.Tickets, wish)
		}
	}
	if n := seeded + own; n > 0 {
		a.Deleted = r.Perm(n)[:r.IntN(min(n, 4)+1)]
	}
	a.Projects = g.projects()
	return a
}

// generator makes arrangements.
type generator struct {
	r        *rand.Rand
	base     *fixtures.Dataset
	contacts int
}

func (g generator) id() fixtures.ID { return fixtures.RandomID(g.r.Uint64(), g.r.Uint64()) }

// word returns a text; one that says something unless it may be blank.
func (g generator) word(blank bool) string {
	for {
		if s := words[g.r.IntN(len(words))]; blank || strings.TrimSpace(s) != "" {
			return s
		}
	}
}

// some returns a pointer to a value, or nil.
func some[T any](g generator, make func() T) *T {
	if g.r.IntN(2) == 0 {
		return nil
	}
	return new(make())
}

func (g generator) index(n, least int) func() int {
	return func() int { return least + g.r.IntN(n-least) }
}

func (g generator) ticket() fixtures.TicketWish {
	w := &g.base.InboxOps
	wish := fixtures.TicketWish{
		Status: some(g, g.index(len(w.Statuses), 0)), Priority: some(g, g.index(len(w.Priorities), 0)), Inbox: new(4),
		Assignee: some(g, g.index(len(w.Agents), -1)), Contact: some(g, g.index(len(w.Contacts)+g.contacts, -1)),
		RemindAt: some(g, func() time.Time {
			return []time.Time{{}, fixtures.DefaultAt.Add(time.Duration(g.r.IntN(1e9)) * time.Millisecond)}[g.r.IntN(2)]
		}),
		CreatedAt: fixtures.DefaultAt.Add(time.Duration(g.r.IntN(1e9)-1e9) * time.Millisecond),
	}
	if wish.RemindAt != nil && !wish.RemindAt.IsZero() {
		wish.RemindStatus = some(g, g.index(len(w.Statuses), -1))
	}
	if g.r.IntN(2) == 0 {
		wish.Subject = g.word(false)
	}
	if g.r.IntN(2) == 0 {
		wish.Tags = g.r.Perm(len(w.Tags))[:g.r.IntN(3)]
		slices.Sort(wish.Tags)
	}
	if g.r.IntN(2) == 0 {
		wish.Fields = g.fields()
	}
	if g.r.IntN(4) > 0 {
		wish.Messages = g.messages(&wish)
	}
	return wish
}

func (g generator) fields() []fixtures.FieldValue {
	values := []fixtures.FieldValue{}
	for i, def := range g.base.InboxOps.CustomFields {
		if g.r.IntN(2) == 0 {
			continue
		}
		value := fixtures.FieldValue{Field: i}
		switch def.Type {
		case fixtures.FieldNumber:
			value.Number = []float64{0, -1, 1e21, 0.1, 1 << 53, 1e-7}[g.r.IntN(6)]
		case fixtures.FieldBoolean:
			value.Bool = g.r.IntN(2) == 0
		case fixtures.FieldSelect:
			value.Options = []int{g.r.IntN(len(def.Options))}
		case fixtures.FieldMultiSelect:
			value.Options = g.r.Perm(len(def.Options))[:1+g.r.IntN(len(def.Options))]
			slices.Sort(value.Options)
		case fixtures.FieldDate:
			value.Time = time.Date(2025, 1, 1+g.r.IntN(500), 0, 0, 0, 0, time.UTC)
		case fixtures.FieldDateTime:
			value.Time = fixtures.DefaultAt.Add(time.Duration(g.r.IntN(1e9)) * time.Millisecond)
		case fixtures.FieldURL:
			value.Text = "https://example.com/?a=b#c"
		case fixtures.FieldEmail:
			value.Text = "ada@example.com"
		default:
			value.Text = g.word(false)
		}
		values = append(values, value)
	}
	return values
}

// messages returns a thread whose times may go on after the world's instant.
func (g generator) messages(wish *fixtures.TicketWish) []fixtures.MessageWish {
	all := []fixtures.MessageWish{}
	at, timed := wish.CreatedAt, g.r.IntN(2) == 0
	for range g.r.IntN(6) {
		m := fixtures.MessageWish{From: fixtures.Side(g.r.IntN(3))}
		if timed {
			at = at.Add(time.Duration(g.r.IntN(3)*g.r.IntN(2e8)) * time.Millisecond)
			m.CreatedAt = at
		}
		if g.r.IntN(4) == 0 {
			m.ID = g.id()
		}
		m.Text = some(g, func() string { return g.word(true) })
		m.HTML = some(g, func() string { return g.word(true) })
		if m.Text == nil && m.HTML != nil && *m.HTML == "" || m.HTML == nil && m.Text != nil && *m.Text == "" || m.Text != nil && m.HTML != nil && *m.Text+*m.HTML == "" {
			m.Text, m.HTML = nil, nil
		}
		if m.From != fixtures.FromNote {
			address := func() string {
				return []string{"", "ada@example.com", `"Lovelace, Ada" <ada@example.com>, bob@example.com`}[g.r.IntN(3)]
			}
			m.Sender, m.To, m.Cc, m.Bcc = some(g, address), some(g, address), some(g, address), some(g, address)
			m.SentAt = some(g, func() time.Time { return []time.Time{{}, wish.CreatedAt.Add(time.Hour)}[g.r.IntN(2)] })
		}
		if m.From == fixtures.FromAgent {
			if m.Draft = g.r.IntN(3) == 0; !m.Draft {
				m.SendStatus = []string{"", "sent", "pending", "sending", "failed"}[g.r.IntN(5)]
			}
			if m.SendStatus == "failed" {
				m.SendError = "full: \"x\""
			}
		}
		for range g.r.IntN(3) * g.r.IntN(2) {
			m.Attachments = append(m.Attachments, g.attachment())
		}
		all = append(all, m)
	}
	if g.r.IntN(2) == 0 && timed {
		wish.UpdatedAt = at.Add(time.Minute)
	}
	return all
}

func (g generator) attachment() fixtures.Attachment {
	file := fixtures.Attachment{FileName: []string{"a.png", "report: 1.pdf", "b"}[g.r.IntN(3)]}
	if g.r.IntN(2) == 0 {
		file.Disposition = "inline"
		file.ContentID = []string{"", "cid@example.com"}[g.r.IntN(2)]
	}
	if g.r.IntN(2) == 0 {
		file.ContentType, file.SizeBytes, file.ID = "text/x-log; charset=utf-8", 1+g.r.IntN(1e6), g.id()
	}
	return file
}

func (g generator) projects() []fixtures.ProjectWish {
	var all []fixtures.ProjectWish
	for i := range g.base.AppHandoff.Projects {
		if g.r.IntN(2) > 0 {
			continue
		}
		wish := fixtures.ProjectWish{Seeded: &i, Outside: g.r.IntN(2) == 0}
		if g.r.IntN(2) == 0 {
			wish.Tickets = g.handoffs(g.base.AppHandoff.Projects[i].Tickets)
		}
		all = append(all, wish)
	}
	for i := range g.r.IntN(3) {
		wish := fixtures.ProjectWish{Name: "project " + string(rune('a'+i)), Outside: g.r.IntN(2) == 0, Tickets: g.handoffs(nil)}
		if g.r.IntN(2) == 0 {
			wish.ID = g.id()
		}
		all = append(all, wish)
	}
	return all
}

func (g generator) handoffs(seeded []fixtures.HandoffTicket) []fixtures.HandoffWish {
	all := []fixtures.HandoffWish{}
	for i := range len(seeded) + g.r.IntN(3) {
		wish := fixtures.HandoffWish{Name: "ticket " + string(rune('a'+i))}
		if i < len(seeded) {
			wish = fixtures.HandoffWish{Seeded: &i}
		} else if g.r.IntN(2) == 0 {
			wish.ID = g.id()
		}
		if g.r.IntN(2) == 0 {
			wish.Tasks, wish.TaskIDs = []string{"api", "it: is"}, map[string]fixtures.ID{"api": g.id()}
		}
		if g.r.IntN(2) == 0 {
			wish.Messages = []fixtures.HandoffMessageWish{}
			at := fixtures.DefaultAt
			for range g.r.IntN(4) {
				at = at.Add(time.Duration(g.r.IntN(1000)) * time.Second)
				m := fixtures.HandoffMessageWish{
					Author: []string{"human", "agent"}[g.r.IntN(2)], AuthorID: some(g, func() string { return []string{"", "it: is"}[g.r.IntN(2)] }),
					Format: []string{"", "plain", "markdown", fixtures.NoFormat}[g.r.IntN(4)], CreatedAt: at,
				}
				if g.r.IntN(2) == 0 {
					m.Text = g.word(false)
				}
				if wish.Tasks != nil && g.r.IntN(2) == 0 {
					m.Task = "it: is"
				}
				if g.r.IntN(3) == 0 {
					m.ID = g.id()
				}
				wish.Messages = append(wish.Messages, m)
			}
		}
		all = append(all, wish)
	}
	return all
}
