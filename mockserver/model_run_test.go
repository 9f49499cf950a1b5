package mockserver_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

var (
	seedFlag  = flag.Uint64("seed", 1, "what TestModel draws its calls from")
	stepsFlag = flag.Int("steps", 400, "how many calls each workspace of TestModel gets")
)

// actor drives one workspace and its model. Nothing it does may reach another.
type actor struct {
	*prey
	model  *ideal
	chance *rand.Rand
	seeded map[int]string // timelines without notes
	talked time.Time      // the last seeded message of the thread
	did    []string       // the latest calls
}

// words are what notes are made of; no seeded ticket has them.
var modelWords = []string{"zyxlor", "quvint", "brelma", "fosdek"}

// errGone ends an actor that has found a difference.
var errGone = errors.New("the model and the server differ")

// expect panics with a difference.
func (a *actor) expect(what string, want, got any) {
	if w, g := fmt.Sprint(want), fmt.Sprint(got); w != g {
		panic(fmt.Errorf("%w in workspace %s: %s is\n%s\nwant\n%s\nafter\n  %s", errGone, a.model.name, what, g, w, strings.Join(a.did, "\n  ")))
	}
}

// call sends a request and keeps what was sent.
func (a *actor) call(method, key, path, body string) *httptest.ResponseRecorder {
	bare, query, _ := strings.Cut(path, "?")
	r := request(method, key, bare, query, body)
	r.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	a.ServeHTTP(recorder, r)
	if a.did = append(a.did, fmt.Sprintf("%s %s %s %s: %d", method, key, path, body, recorder.Code)); len(a.did) > 20 {
		a.did = a.did[1:]
	}
	return recorder
}

// key returns the key of a kind.
func (a *actor) key(kind auth.Kind) string {
	prefix := "ixk_"
	if kind == auth.Member || kind == auth.Outsider {
		prefix = "ah_k_"
	}
	return prefix + a.model.name + "_" + strings.ReplaceAll(string(kind), "-", "")
}

// ask sends a request to a service and compares the status; ok says that the
// operation itself answered.
func (a *actor) ask(method, operation string, kind auth.Kind, path, body string) (*httptest.ResponseRecorder, bool) {
	status, seconds := a.model.request(method, operation, kind)
	a.model.absent = false
	recorder := a.call(method, a.key(kind), path, body)
	a.expect("the status", status, recorder.Code)
	want := ""
	if status == 429 {
		want = strconv.Itoa(seconds)
	}
	a.expect("Retry-After", want, recorder.Header().Get("Retry-After"))
	return recorder, status < 300
}

// control sends a request to the control API.
func (a *actor) control(method, path, body string, status int) *httptest.ResponseRecorder {
	recorder := a.call(method, "", control.Prefix+path+"?workspace="+a.model.name, body)
	a.expect("the status", status, recorder.Code)
	return recorder
}

// pick draws one of a list.
func pick[T any](a *actor, list ...T) T { return list[a.chance.IntN(len(list))] }

// kind draws a key of InboxOps.
func (a *actor) kind() auth.Kind {
	return pick(a, auth.ReadWrite, auth.ReadWrite, auth.ReadWrite, auth.ReadOnly, auth.Unentitled)
}

// list compares a page that holds everything, or a hundred of it.
func (a *actor) list() {
	word, order := pick(a, "", "", modelWords[0], modelWords[1]), pick(a, "asc", "desc")
	recorder, ok := a.ask("GET", "listTickets", a.kind(), ticketsPath+"?sort=updated_at&per_page=100&query="+word+"&order="+order, "")
	if !ok {
		return
	}
	var got page
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		panic(err)
	}
	var ids []string
	for _, row := range got.Data {
		ids = append(ids, row.ID)
	}
	want := a.model.list(word, order == "asc")
	a.expect("the list", want[:min(100, len(want))], ids)
	a.expect("the total", len(want), got.Meta.Total)
}

// note adds a note.
func (a *actor) note() {
	ticket, text := a.draw(), pick(a, modelWords...)+" "+pick(a, modelWords...)
	at := a.model.noteTime(ticket)
	a.model.absent = a.model.deleted[ticket]
	recorder, ok := a.ask("POST", "addInternalNote", a.kind(), a.messages(ticket), `{"type":"internal_note","body_text":"`+text+`"}`)
	if !ok {
		return
	}
	var got struct{ Data message }
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		panic(err)
	}
	a.expect("the time of the note", at.Format(wire), got.Data.CreatedAt)
	row := strings.TrimSuffix(strings.TrimPrefix(recorder.Body.String(), `{"data":`), "}")
	a.model.add(modelNote{ticket: ticket, at: at, text: text, row: row})
	a.model.noted++
}

// messages is the path of a ticket's messages.
func (a *actor) messages(ticket int) string {
	return ticketsPath + "/" + strconv.Itoa(fixtures.FirstNumber+ticket) + "/messages"
}

// timeline compares what was there and what was added.
func (a *actor) timeline() {
	ticket := a.draw()
	a.model.absent = a.model.deleted[ticket]
	recorder, ok := a.ask("GET", "listTicketMessages", a.kind(), a.messages(ticket), "")
	if !ok {
		return
	}
	before, rows := `{"data":[`, a.model.rows(ticket)
	if seeded := a.seeded[ticket]; seeded != "" {
		before = strings.TrimSuffix(seeded, "]}")
	}
	if rows != "" && !strings.HasSuffix(before, "[") {
		before += ","
	}
	a.expect("the timeline", before+rows+"]}", recorder.Body)
}

// put adds a rule, or takes one or all out of force.
func (a *actor) put() {
	m := a.model
	switch n := a.chance.IntN(6); {
	case n == 0:
		a.control("DELETE", "faults", "", 204)
		m.faults, m.made = nil, 0
	case n == 1 && len(m.faults) > 0:
		i := a.chance.IntN(len(m.faults))
		a.control("DELETE", "faults/"+m.faults[i].id, "", 204)
		m.faults = slices.Delete(m.faults, i, i+1)
	case n < 4 && len(m.faults) < 4:
		rule := modelFault{
			operation: pick(a, "", "listTickets", "addInternalNote"), kind: pick(a, "", string(auth.ReadWrite)), status: pick(a, 429, 500, 503),
			after: a.chance.IntN(3), every: a.chance.IntN(3), times: 1 + a.chance.IntN(3),
		}
		if rule.every == 0 && a.chance.IntN(2) == 0 {
			rule.nth = rule.after + 1 + a.chance.IntN(3)
		}
		id := m.addFault(rule)
		when := map[string]int{}
		for name, n := range map[string]int{"after": rule.after, "every": rule.every, "times": rule.times, "nth": rule.nth} {
			if n > 0 {
				when[name] = n
			}
		}
		body, err := json.Marshal(map[string]any{
			"match": written(map[string]string{"operation": rule.operation, "key_kind": rule.kind}), "when": when, "then": map[string]any{"status": map[string]any{"code": rule.status}},
		})
		if err != nil {
			panic(err)
		}
		recorder := a.control("POST", "faults", string(body), 201)
		a.expect("the id", true, strings.HasPrefix(recorder.Body.String(), `{"id":"`+id+`"`))
	}
	var got struct {
		Faults []struct {
			ID             string
			Matched, Fired int
		}
	}
	if err := json.Unmarshal(a.control("GET", "faults", "", 200).Body.Bytes(), &got); err != nil {
		panic(err)
	}
	var want, counts []string
	for _, rule := range m.faults {
		want = append(want, fmt.Sprint(rule.id, " ", rule.matched, " ", rule.fired))
	}
	for _, rule := range got.Faults {
		counts = append(counts, fmt.Sprint(rule.ID, " ", rule.Matched, " ", rule.Fired))
	}
	a.expect("the counts of the rules", want, counts)
}

// lever moves the clock, a key or the limit.
func (a *actor) lever() {
	m := a.model
	switch a.chance.IntN(4) {
	case 0:
		by := pick(a, time.Millisecond, time.Second, 20*time.Second, time.Hour, -time.Second)
		a.control("POST", "clock/advance", `{"by":"`+by.String()+`"}`, 200)
		m.set(m.now.Add(by))
	case 1:
		m.set(nine.Add(time.Duration(a.chance.IntN(1000)) * time.Second))
		a.control("PUT", "clock", `{"mode":"frozen","at":"`+m.now.Format(time.RFC3339)+`"}`, 200)
	case 2:
		kind, service := a.kind(), "inboxops"
		if a.chance.IntN(3) == 0 {
			kind, service = auth.Member, "apphandoff"
		}
		access := m.access[kind]
		access.Revoked = a.chance.IntN(4) == 0
		m.access[kind] = access
		a.control("PATCH", "keys/"+service+"/"+string(kind), fmt.Sprintf(`{"revoked":%t}`, access.Revoked), 200)
	case 3:
		limit := pick(a, 0, 0, 3, 10)
		text := "off"
		if limit > 0 {
			text = strconv.Itoa(limit) + "/1m"
		}
		a.control("PUT", "rate-limit", `{"rate_limit":"`+text+`"}`, 200)
		m.setLimit(limit)
	}
}

// travel resets, keeps, brings back, deletes and makes workspaces.
func (a *actor) travel() {
	m := a.model
	name := pick(a, "one", "two")
	switch _, kept := m.snapshots[name]; a.chance.IntN(6) {
	case 0:
		a.control("POST", "reset", "", 200)
		m.reset()
	case 1, 2:
		a.control("POST", "snapshot", `{"name":"`+name+`"}`, 200)
		m.snapshot(name)
	case 3, 4:
		if !kept {
			a.control("POST", "restore", `{"name":"`+name+`"}`, 404)
			return
		}
		a.control("POST", "restore", `{"name":"`+name+`"}`, 200)
		m.restore(name)
	case 5:
		a.expect("the status", 204, a.call("DELETE", "", control.Prefix+"workspaces/"+m.name, "").Code)
		m.gone = true
		a.list()
		a.note()
		a.control("GET", "clock", "", 404)
		a.create()
		*m = *newIdeal(m.name, m.desk)
	}
}

// create makes the actor's workspace.
func (a *actor) create() {
	body := `{"name":"` + a.model.name + `","frozen_at":"` + nine.Format(time.RFC3339) + `"}`
	a.expect("the status", 201, a.call("POST", "", control.Prefix+"workspaces", body).Code)
}

// describe compares what the control API says of the workspace.
func (a *actor) describe() {
	m := a.model
	var got struct {
		Notes, Faults, Requests int
		Clock                   struct{ Now time.Time }
		Snapshots               []string
	}
	recorder := a.call("GET", "", control.Prefix+"workspaces/"+m.name, "")
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		panic(err)
	}
	a.expect("notes, rules, requests, time, snapshots", []any{m.noted, len(m.faults), m.requests, m.now, len(m.snapshots)},
		[]any{got.Notes, got.Faults, got.Requests, got.Clock.Now, len(got.Snapshots)})
	a.events()
	var limit struct {
		Windows []struct {
			Keys []string
			Used int
		}
	}
	if err := json.Unmarshal(a.control("GET", "rate-limit", "", 200).Body.Bytes(), &limit); err != nil {
		panic(err)
	}
	for _, window := range limit.Windows {
		kind := auth.Kind(window.Keys[0][strings.IndexByte(window.Keys[0], '/')+1:])
		want := 0
		if w := m.windows[m.windowOf(kind)]; m.isOpen(w) && !strings.Contains(window.Keys[0], "apphandoff/re") {
			want = w.count
		}
		a.expect("used of "+window.Keys[0], want, window.Used)
	}
}

// run makes so many calls.
func (a *actor) run(steps int) (err error) {
	defer func() {
		if found, _ := recover().(error); found != nil {
			err = found
		}
	}()
	a.create()
	calls := []func(){a.list, a.list, a.note, a.note, a.note, a.timeline, a.timeline, a.handoff, a.act, a.act, a.act, a.post, a.put, a.lever, a.lever, a.describe, a.travel}
	for range steps {
		calls[a.chance.IntN(len(calls))]()
	}
	a.describe()
	return nil
}

// TestModel lets many actors drive workspaces of their own on one server, side
// by side; each sees what the plain model says.
func TestModel(t *testing.T) {
	t.Parallel()
	const actors = 12
	p := newPrey(t, mockserver.Config{Limits: workspace.Limits{JournalEntries: 1 << 20}})
	seeded := map[int]string{}
	for ticket := range 5 {
		seeded[ticket] = p.seededTimeline(ticket)
	}
	var wait sync.WaitGroup
	errs := make([]error, actors)
	for n := range actors {
		a := &actor{
			prey: p, seeded: seeded, talked: p.talked(), chance: rand.New(rand.NewPCG(*seedFlag, uint64(n))), model: newIdeal("m"+strconv.Itoa(n), p.desk()),
		}
		wait.Go(func() { errs[n] = a.run(*stepsFlag) })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Errorf("%v\nagain: go test -run TestModel ./mockserver -seed %d -steps %d", err, *seedFlag, *stepsFlag)
	}
}

// seededTimeline returns the seeded timeline of a ticket.
func (p *prey) seededTimeline(ticket int) string {
	r := request("GET", readWrite, ticketsPath+"/"+strconv.Itoa(p.desk().Tickets[ticket].Number)+"/messages", "", "")
	recorder := httptest.NewRecorder()
	p.ServeHTTP(recorder, r)
	return recorder.Body.String()
}

// talked is when the last message of the thread was written.
func (p *prey) talked() time.Time {
	var last time.Time
	for _, project := range p.projects() {
		for _, ticket := range project.Tickets {
			if threadPath(project.ID, ticket.ID) == p.thread {
				last = ticket.Messages[len(ticket.Messages)-1].CreatedAt
			}
		}
	}
	return last
}

// TestSharedWorkspace lets many callers work in one workspace with calls whose
// order does not matter; in the end everything is there, counted once.
func TestSharedWorkspace(t *testing.T) {
	t.Parallel()
	const callers, each = 8, 40
	p := newPrey(t, mockserver.Config{Limits: workspace.Limits{JournalEntries: 1 << 20}})
	w := p.Workspace("")
	rule := `{"match":{"operation":"addInternalNote"},"when":{"every":4},"then":{"status":{"code":503}}}`
	p.t = t
	p.fake.control("POST", "faults", rule).want(201)
	p.fake.control("PUT", "rate-limit", `{"rate_limit":"100000/1h"}`).want(200)
	rows := make([][]string, callers)
	var wait sync.WaitGroup
	for n := range callers {
		wait.Go(func() {
			a := &actor{prey: p, model: &ideal{name: "test", desk: p.desk()}}
			for i := range each {
				recorder := a.call("POST", readWrite, a.messages(n), fmt.Sprintf(`{"type":"internal_note","body_text":"%d of %d"}`, i, n))
				if recorder.Code == 201 {
					rows[n] = append(rows[n], strings.TrimSuffix(strings.TrimPrefix(recorder.Body.String(), `{"data":`), "}"))
				}
				a.call("GET", readWrite, ticketsPath+"?sort=updated_at&per_page=100", "")
			}
		})
	}
	wait.Wait()
	stored := 0
	for n := range callers {
		stored += len(rows[n])
		if got := p.seededTimeline(n); !strings.HasSuffix(got, strings.Join(rows[n], ",")+"]}") {
			t.Errorf("the timeline of caller %d is %s\nwant its notes at the end: %s", n, got, rows[n])
		}
	}
	inForce, used := w.Faults.List()[0], w.Key("inboxops", auth.ReadWrite).Window.State(w.Clock.Now()).Used
	want := []int{callers * each * 3 / 4, callers * each, callers * each / 4, callers*each*7/4 + callers, callers*each*2 + callers}
	got := []int{stored, inForce.Matched, inForce.Fired, used, w.Journal.Len()}
	same(t, "notes, matched, fired, used, journal", want, got)
	same(t, "notes", stored, w.Store.Notes())
}

// written drops the members that say nothing, which a rule may not hold.
func written(members map[string]string) map[string]string {
	maps.DeleteFunc(members, func(_, value string) bool { return value == "" })
	return members
}
