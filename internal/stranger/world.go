package stranger

import (
	"cmp"
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"time"
)

// anchor is the present of the world; its tickets were made at least sixty days
// earlier.
var anchor = time.Date(2025, 11, 1, 8, 0, 0, 0, time.UTC)

// world is the data of both services.
type world struct {
	inboxes    []named
	statuses   []named // kind is the category
	priorities []named // kind is the level, in the order of rank
	agents     []string
	tags       []named
	contacts   []string
	fields     []field
	tickets    []*ticket
	projects   []*project // the last is the one without access
}

// named is anything with an id, a name and a kind.
type named struct{ id, kind, name, colour string }

type ticket struct {
	id, subject, assignee, contact string
	number                         int64
	inbox, status, priority        int
	remindAt                       *time.Time
	remindTo                       string
	created, updated               time.Time
	tags                           []string
	fields                         map[string]any // string, float64, bool, []string or time.Time
	messages                       []*message
	words                          []string // of the subject
}

type message struct {
	id, direction, kind, from, to, cc, bcc, state, trouble, text, html string
	sent                                                               *time.Time
	created, shows                                                     time.Time
	draft                                                              bool
	attachments                                                        []attachment
	words                                                              []string
}

type attachment struct {
	id, name, kind, disposition, contentID string
	size                                   int
}

// uuid draws a UUID of version 4.
func uuid(r *rand.Rand) string {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%x%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, 8+b>>62, b>>48&0xfff, b&0xffffffffffff)
}

func newWorld(o Options) *world {
	w, r := &world{}, rand.New(rand.NewPCG(o.Seed, 1))
	list := func(kinds ...string) (all []named) {
		for i, k := range kinds {
			kind, name, _ := strings.Cut(k, ":")
			all = append(all, named{uuid(r), kind, name, fmt.Sprintf("#%02x%02x%02x", 40+i*30, 200-i*25, 90+i*7)})
		}
		return all
	}
	w.inboxes = list("mail:Support", "mail:Billing", "mail:Returns & Claims")
	w.statuses = list("open:New", "in_progress:Being handled", "waiting:Waiting for customer", "resolved:Solved",
		"closed:Closed", "open:Reopened")
	w.priorities = list("low:Someday", "normal:Ordinary", "high:Soon", "urgent:Now")
	w.tags = list("tag:vip", "tag:bug", "tag:invoice", "tag:shipping", "tag:refund", "tag:legal", "tag:beta", "tag:spam?",
		"tag:été", "tag:follow up", "tag:press", "tag:duplicate")
	for range 6 {
		w.agents = append(w.agents, uuid(r))
	}
	for range 40 {
		w.contacts = append(w.contacts, uuid(r))
	}
	w.fields = w.makeFields(r)
	if o.Sparse {
		w.inboxes, w.tags, w.fields, w.agents, w.statuses, w.priorities =
			w.inboxes[:1], nil, nil, nil, w.statuses[:1], w.priorities[1:2]
	}
	n := max(0, cmp.Or(o.Tickets, 180))
	for i := range n {
		w.tickets = append(w.tickets, w.makeTicket(o, rand.New(rand.NewPCG(o.Seed, 1000+uint64(i))), i, n))
	}
	w.projects = makeProjects(o, rand.New(rand.NewPCG(o.Seed, 2)))
	return w
}

// settle cuts a time to the digits that are shown, so that hidden digits decide
// nothing.
func settle(t time.Time, digits int) time.Time {
	unit := time.Second
	for range max(0, digits) {
		unit /= 10
	}
	return t.Truncate(max(unit, time.Nanosecond))
}

var subjects = []string{
	"Refund for order %d is late", "Cannot log in since update %d", "Invoice %d shows the wrong address",
	"Printer model %d jams", "Überweisung %d ist nicht angekommen", "A naïve question about plan %d",
	"支払い %d について", "Не пришёл счёт %d", "Delivery %d came damaged", "Please cancel subscription %d",
}

var sentences = []string{
	"The parcel was left at the back door.", "I have tried this twice today.", "Could you please check the invoice?",
	"Our accountant needs an answer by Friday.", "The screen shows error code seventeen.", "Thanks for the quick reply.",
	"We have sent you a new link.", "It worked until the last update.", "The refund was booked yesterday.",
	"Das Geld wurde per Überweisung bezahlt.", "It may be a naïve idea, but restarting helped.", "支払い は昨日しました。",
	"Пришлите, пожалуйста, счёт ещё раз.", "The printer blinks and then goes dark.", "My café is closed on Mondays.",
	"Please call me back after lunch.", "The address on file is out of date.", "Nobody answers the telephone.",
}

// coined returns a word no other ticket has, made of syllables.
func coined(i int) string {
	syllables := []string{"vel", "mor", "zan", "tir", "quo", "bex", "lun", "dra", "fip", "gow"}
	return syllables[i%10] + syllables[i/10%10] + syllables[i/100%10] + syllables[i/1000%10] + "ix"
}

func (w *world) makeTicket(o Options, r *rand.Rand, i, n int) *ticket {
	t := &ticket{id: uuid(r), number: max(1, o.NumberBase) + int64(i), fields: map[string]any{}}
	t.created = anchor.AddDate(0, 0, -60).Add(-time.Duration(n-i)*4*time.Hour - time.Duration(r.IntN(3_000_000_000))*time.Microsecond)
	if o.TiedTimes {
		t.created = t.created.Truncate(7 * 24 * time.Hour)
	}
	t.created = settle(t.created, o.Fraction)
	t.inbox, t.status, t.priority = r.IntN(len(w.inboxes)), r.IntN(len(w.statuses)), r.IntN(len(w.priorities))
	t.contact = w.contacts[r.IntN(len(w.contacts))]
	if len(w.agents) > 0 && r.IntN(4) > 0 {
		t.assignee = w.agents[r.IntN(len(w.agents))]
	}
	t.subject = fmt.Sprintf(subjects[r.IntN(len(subjects))], 1000+r.IntN(400))
	if i%3 == 0 {
		t.subject += " " + coined(i)
	}
	for _, tag := range w.tags {
		if r.IntN(4) == 0 {
			t.tags = append(t.tags, tag.id)
		}
	}
	w.fill(t, r)
	w.makeThread(o, t, r, i, n)
	t.updated = t.created
	for _, m := range t.messages {
		t.updated = m.created
	}
	t.updated = settle(t.updated.Add(time.Duration(r.IntN(90))*time.Hour), o.Fraction)
	if o.TiedTimes {
		t.updated = settle(t.created.Add(240*time.Hour), 0)
	}
	if i%9 == 8 { // nothing happened to it since
		t.updated = t.created
	}
	if w.statuses[t.status].kind == "waiting" {
		at := settle(t.updated.Add(72*time.Hour), o.Fraction)
		t.remindAt, t.remindTo = &at, w.statuses[0].id
	}
	t.words = words(t.subject, o)
	return t
}

// makeThread gives the ticket its messages. The third ticket of a world has none, the fourth 250, the fifth only
// drafts.
func (w *world) makeThread(o Options, t *ticket, r *rand.Rand, i, n int) {
	count := 1 + r.IntN(6)
	switch {
	case n >= 7 && i == 2:
		count = 0
	case n >= 7 && i == 3:
		count = 250
	case i%9 == 8:
		count = 1
	}
	at := t.created
	for j := range count {
		m := makeMessage(r, j, i%8 == 5, o.Sparse)
		if j == count-1 && i%3 == 1 {
			m.extend("", " Reference "+coined(i)+".")
		}
		m.draft = n >= 7 && i == 4 || j > 0 && m.direction == "outbound" && r.IntN(9) == 0
		if m.draft {
			m.extend("Unsent draft: ", "")
		}
		m.created = settle(at, o.Fraction)
		if m.kind == "email" && m.state != "pending" && m.state != "sending" {
			sent := m.created
			m.sent = &sent
		}
		m.words = bodyWords(m, o)
		t.messages = append(t.messages, m)
		at = at.Add(time.Duration(r.IntN(5_400_000_000)) * time.Microsecond)
	}
}

// extend adds to each half of a body that is there.
func (m *message) extend(before, after string) {
	if m.text != "" {
		m.text = before + m.text + after
	}
	m.html = strings.Replace(m.html, "<p>", "<p>"+before, 1)
	m.html = strings.Replace(m.html, "</p>", after+"</p>", 1)
}

func makeMessage(r *rand.Rand, j int, attach, sparse bool) *message {
	m := &message{id: uuid(r), kind: "email", direction: "inbound", from: "Ann O'Neil <ann@customer.example>", to: "help@shop.example"}
	m.text = sentences[r.IntN(len(sentences))] + " " + sentences[r.IntN(len(sentences))]
	m.html = "<p>" + html.EscapeString(m.text) + "</p>"
	switch p := r.IntN(10); {
	case j == 0 || p < 4 || sparse:
	case p < 8:
		m.direction, m.from, m.to = "outbound", "help@shop.example", `"Neil, Ann" <ann@customer.example>, bob@customer.example`
		m.cc, m.bcc = "archive@shop.example", "audit@shop.example, second@shop.example"
		m.state = []string{"sent", "sent", "sent", "failed", "pending", "sending"}[r.IntN(6)]
		if m.state == "failed" {
			m.trouble = "550 mailbox unavailable"
		}
	default:
		m.kind, m.direction, m.from, m.to = "internal_note", "", "", ""
	}
	switch half := r.IntN(8); {
	case attach && j == 0 && !sparse:
		m.attachments = []attachment{
			{uuid(r), "photo of the parcel.png", "image/png", "inline", "img-1@shop.example", 48_211 + r.IntN(999)},
			{uuid(r), "receipt (été).pdf", "application/pdf", "attachment", "", r.IntN(2) * 1_048_576},
		}
		m.html += `<img src="cid:img-1@shop.example">`
	case half == 0:
		m.html = ""
	case half == 1:
		m.text = "" // kept in the HTML only
	}
	return m
}
