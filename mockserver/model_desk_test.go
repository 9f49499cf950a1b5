package mockserver_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
)

// modelDesk is what clients and testers have changed. Tickets are numbers: the
// seeded ones, and behind them those that came.
type modelDesk struct {
	noted    int // notes of clients
	happened int // events
	notes    []modelNote
	born     []modelTicket
	updated  map[int]time.Time // of tickets that were touched
	deleted  map[int]bool
	posts    []modelPost
}

// modelNote is a note, or another message, as it was added.
type modelNote struct {
	ticket int
	at     time.Time
	text   string
	row    string // as it was answered
	id     string
	draft  bool
	act    bool // a tester's
}

// modelTicket is a ticket that came.
type modelTicket struct {
	id fixtures.ID
	at time.Time
}

// modelPost is a message of AppHandoff that came.
type modelPost struct {
	id, text string
	at       time.Time
}

// clone returns a copy that changes by itself.
func (d modelDesk) clone() modelDesk {
	d.notes, d.born, d.posts = slices.Clone(d.notes), slices.Clone(d.born), slices.Clone(d.posts)
	if d.updated = maps.Clone(d.updated); d.updated == nil {
		d.updated = map[int]time.Time{}
	}
	if d.deleted = maps.Clone(d.deleted); d.deleted == nil {
		d.deleted = map[int]bool{}
	}
	return d
}

// ticket returns the id of a ticket and when it came.
func (m *ideal) ticket(n int) (id fixtures.ID, created time.Time) {
	if seeded := len(m.desk.Tickets); n >= seeded {
		return m.born[n-seeded].id, m.born[n-seeded].at
	}
	return m.desk.Tickets[n].ID, m.desk.Tickets[n].CreatedAt
}

// after is now, or a millisecond after a time.
func (m *ideal) after(last time.Time) time.Time {
	if at := m.now.Truncate(time.Millisecond); at.After(last) {
		return at
	}
	return last.Add(time.Millisecond)
}

// noteTime is when a note of now is dated: never before what is there.
func (m *ideal) noteTime(ticket int) time.Time {
	_, last := m.ticket(ticket)
	if ticket < len(m.desk.Tickets) {
		for _, message := range m.desk.Messages(ticket) {
			if !message.Draft {
				last = message.CreatedAt
			}
		}
	}
	for _, note := range m.notes {
		if note.ticket == ticket && !note.draft {
			last = note.at
		}
	}
	if changed := m.updated[ticket]; changed.After(last) {
		last = changed
	}
	return m.after(last)
}

// updatedAt is the time of the last change of a ticket.
func (m *ideal) updatedAt(ticket int) time.Time {
	at, touched := m.updated[ticket]
	switch {
	case touched:
		return at
	case ticket < len(m.desk.Tickets):
		return m.desk.Tickets[ticket].UpdatedAt
	}
	return m.born[ticket-len(m.desk.Tickets)].at
}

// add puts a message at the end of a ticket.
func (m *ideal) add(note modelNote) {
	m.notes = append(m.notes, note)
	m.touch(note.ticket, note.at, note.draft)
}

// touch lets something happen to a ticket at a time, which shows unless it is of a
// draft.
func (m *ideal) touch(ticket int, at time.Time, hidden bool) {
	if hidden {
		at = m.updatedAt(ticket)
	}
	m.updated[ticket] = at
	m.happened++
}

// rows are the messages of a ticket as they were answered.
func (m *ideal) rows(ticket int) string {
	var rows []string
	for _, note := range m.notes {
		if note.ticket == ticket && !note.draft {
			rows = append(rows, note.row)
		}
	}
	return strings.Join(rows, ",")
}

// list returns the ids of the tickets, or of those with a message that has the
// word, by their last change.
func (m *ideal) list(word string, ascending bool) []string {
	found := map[int]bool{}
	for _, note := range m.notes {
		found[note.ticket] = found[note.ticket] || !note.draft && slices.Contains(strings.Fields(note.text), word)
	}
	var tickets []int
	for n := range len(m.desk.Tickets) + len(m.born) {
		if !m.deleted[n] && (word == "" || found[n]) {
			tickets = append(tickets, n)
		}
	}
	slices.SortFunc(tickets, func(a, b int) int {
		order := m.updatedAt(a).Compare(m.updatedAt(b))
		if !ascending {
			order = -order
		}
		one, _ := m.ticket(a)
		other, _ := m.ticket(b)
		return cmp.Or(order, bytes.Compare(one[:], other[:]))
	})
	var ids []string
	for _, n := range tickets {
		id, _ := m.ticket(n)
		ids = append(ids, id.String())
	}
	return ids
}

// draw draws one of the tickets that something happens to.
func (a *actor) draw() int {
	n := a.chance.IntN(5 + len(a.model.born))
	if n >= 5 {
		n += len(a.model.desk.Tickets) - 5
	}
	return n
}

// act does something at the desk, as another than the client would.
func (a *actor) act() {
	m := a.model
	ticket := a.draw()
	path := "desk/tickets/" + strconv.Itoa(fixtures.FirstNumber+ticket)
	if m.deleted[ticket] {
		a.control("PATCH", path, `{"subject":"It is gone"}`, 404)
		return
	}
	switch a.chance.IntN(9) {
	case 0, 1:
		a.bring()
	case 2:
		if ticket >= 4 { // the others stay, so that there is something to talk about
			a.control("DELETE", path, "", 204)
			m.deleted[ticket] = true
			m.notes = slices.DeleteFunc(m.notes, func(n modelNote) bool { return n.ticket == ticket })
			m.happened++
		}
	case 3:
		at := m.after(m.updatedAt(ticket))
		recorder := a.control("PATCH", path, fmt.Sprintf(`{"subject":"Change %d"}`, m.happened), 200)
		a.expect("updated_at", at.Format(wire), a.member(recorder, "updated_at"))
		m.touch(ticket, at, false)
	case 4, 5, 6:
		a.say(ticket, path)
	default:
		a.edit()
	}
}

// member returns a text of an answer.
func (a *actor) member(recorder *httptest.ResponseRecorder, name string) string {
	var members map[string]any
	if err := json.Unmarshal(recorder.Body.Bytes(), &members); err != nil {
		panic(err)
	}
	text, _ := members[name].(string)
	return text
}

// bring brings a ticket without messages.
func (a *actor) bring() {
	m := a.model
	name := "born-" + strconv.Itoa(len(m.born))
	recorder := a.control("POST", "desk/tickets", `{"name":"`+name+`","messages":[]}`, 201)
	made := modelTicket{fixtures.TicketID(name), m.now.Truncate(time.Millisecond)}
	a.expect("the id", made.id, a.member(recorder, "id"))
	a.expect("updated_at", made.at.Format(wire), a.member(recorder, "updated_at"))
	m.born = append(m.born, made)
	m.updated[len(m.desk.Tickets)+len(m.born)-1] = made.at
	m.happened++
}

// say adds a mail, a note or a draft to a ticket.
func (a *actor) say(ticket int, path string) {
	note := modelNote{ticket: ticket, at: a.model.noteTime(ticket), text: pick(a, modelWords...) + " " + pick(a, modelWords...), act: true}
	body := pick(a, `{"from":"customer","text":"%s"}`, `{"from":"agent","text":"%s"}`, `{"note":"%s"}`, `{"from":"agent","draft":true,"text":"%s"}`)
	note.draft = strings.Contains(body, "draft")
	recorder := a.control("POST", path+"/messages", fmt.Sprintf(body, note.text), 201)
	a.expect("the time of the message", note.at.Format(wire), a.member(recorder, "created_at"))
	note.id, note.row = a.member(recorder, "id"), strings.TrimSpace(recorder.Body.String())
	a.model.add(note)
}

// edit changes a message of a tester, sends it or takes it away.
func (a *actor) edit() {
	m := a.model
	i := slices.IndexFunc(m.notes, func(n modelNote) bool { return n.act })
	if i < 0 {
		return
	}
	note := &m.notes[i]
	path := "desk/tickets/" + strconv.Itoa(fixtures.FirstNumber+note.ticket) + "/messages/" + note.id
	at := m.noteTime(note.ticket)
	switch {
	case a.chance.IntN(2) == 0:
		a.control("DELETE", path, "", 204)
		ticket, draft := note.ticket, note.draft
		m.notes = slices.Delete(m.notes, i, i+1)
		m.touch(ticket, at, draft)
	case note.draft:
		recorder := a.control("PATCH", path, `{"draft":false}`, 200)
		a.expect("the time of the message", at.Format(wire), a.member(recorder, "created_at"))
		sent := *note
		sent.at, sent.draft, sent.row = at, false, strings.TrimSpace(recorder.Body.String())
		m.notes = slices.Delete(m.notes, i, i+1)
		m.add(sent)
	default:
		text := pick(a, modelWords...)
		recorder := a.control("PATCH", path, `{"text":"`+text+`"}`, 200)
		if note.text != text {
			note.text, note.row = text, strings.TrimSpace(recorder.Body.String())
			m.touch(note.ticket, at, false)
		}
	}
}

// post lets somebody write in the thread of AppHandoff, write it anew or take it
// away.
func (a *actor) post() {
	m := a.model
	path := "desk/" + strings.TrimPrefix(a.thread, "/api/")
	if n := len(m.posts); n > 0 && a.chance.IntN(3) == 0 {
		last := &m.posts[n-1]
		if a.chance.IntN(2) == 0 {
			a.control("DELETE", path+"/"+last.id, "", 204)
			m.posts = m.posts[:n-1]
		} else {
			last.text = fmt.Sprintf("Change %d", m.happened)
			a.control("PATCH", path+"/"+last.id, `{"text":"`+last.text+`"}`, 200)
		}
		m.happened++
		return
	}
	last := a.talked
	if n := len(m.posts); n > 0 {
		last = m.posts[n-1].at
	}
	made := modelPost{text: fmt.Sprintf("Post %d", m.happened), at: m.after(last)}
	recorder := a.control("POST", path, `{"text":"`+made.text+`"}`, 201)
	a.expect("the time of the message", made.at.Format(wire), a.member(recorder, "created_at"))
	made.id = a.member(recorder, "id")
	m.posts = append(m.posts, made)
	m.happened++
}

// handoff compares what has come to a thread of AppHandoff.
func (a *actor) handoff() {
	recorder, ok := a.ask("GET", "listTicketMessages", pick(a, auth.Member, auth.Member, auth.Outsider),
		a.thread+"?limit=200&since="+a.talked.Format(wire), "")
	if !ok {
		return
	}
	var got struct{ Messages []struct{ ID, Body string } }
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		panic(err)
	}
	var want, came []string
	for _, post := range a.model.posts[:min(200, len(a.model.posts))] {
		want = append(want, post.id+" "+post.text)
	}
	for _, post := range got.Messages {
		came = append(came, post.ID+" "+post.Body)
	}
	a.expect("what came to the thread", want, came)
}

// events compares how much has happened.
func (a *actor) events() {
	happened := a.model.happened
	var got struct{ Events []struct{ Seq int } }
	recorder := a.call("GET", "", "/_mockdesk/events?workspace="+a.model.name+"&after="+strconv.Itoa(max(0, happened-1)), "")
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		panic(err)
	}
	last := 0
	for _, e := range got.Events {
		last = e.Seq
	}
	a.expect("the number of the last event", happened, last)
}
