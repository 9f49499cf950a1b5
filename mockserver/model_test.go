package mockserver_test

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
)

// ideal is a workspace as plainly as can be said: everything is looked for from
// the beginning, and nobody else is there.
type ideal struct {
	name   string
	desk   *fixtures.InboxOps
	gone   bool
	now    time.Time
	passed time.Duration // what the clock went forward, however often it was set back
	modelDesk
	access    map[auth.Kind]auth.Access
	limit     int // requests in modelWindow; 0 is off
	windows   map[string]modelOpen
	faults    []modelFault
	made      int // rules so far
	requests  int
	absent    bool // what the next request is for is not there
	snapshots map[string]modelKept
}

// modelWindow is how long a rate window lasts.
const modelWindow = time.Minute

// modelOpen is a rate window that is open since its first request.
type modelOpen struct {
	since time.Duration // of what has passed
	count int
}

// modelFault is a rule with its counts.
type modelFault struct {
	id, operation, kind      string
	status                   int
	nth, after, every, times int
	matched, fired           int
}

// modelKept is what a snapshot keeps.
type modelKept struct {
	now    time.Time
	desk   modelDesk
	access map[auth.Kind]auth.Access
	limit  int
	faults []modelFault
	made   int
}

// newIdeal is a fresh workspace.
func newIdeal(name string, desk *fixtures.InboxOps) *ideal {
	m := &ideal{name: name, desk: desk, snapshots: map[string]modelKept{}}
	m.reset()
	return m
}

// reset forgets everything but the snapshots.
func (m *ideal) reset() {
	m.now, m.modelDesk, m.faults, m.made, m.requests = nine, modelDesk{}.clone(), nil, 0, 0
	m.setLimit(0)
	m.access = map[auth.Kind]auth.Access{
		auth.ReadWrite: {}, auth.ReadOnly: {ReadOnly: true}, auth.Unentitled: {Unentitled: true}, auth.Member: {}, auth.Outsider: {Outsider: true},
	}
}

// set sets the clock.
func (m *ideal) set(now time.Time) {
	m.passed += max(0, now.Sub(m.now))
	m.now = now
}

// setLimit replaces the limit and empties the windows.
func (m *ideal) setLimit(limit int) {
	m.limit, m.windows = limit, map[string]modelOpen{}
}

// snapshot keeps the present state.
func (m *ideal) snapshot(name string) {
	m.snapshots[name] = modelKept{m.now, m.clone(), maps.Clone(m.access), m.limit, slices.Clone(m.faults), m.made}
}

// restore goes back to what was kept.
func (m *ideal) restore(name string) {
	kept := m.snapshots[name]
	m.now, m.modelDesk, m.access = kept.now, kept.desk.clone(), maps.Clone(kept.access)
	m.faults, m.made = slices.Clone(kept.faults), kept.made
	m.setLimit(kept.limit)
}

// request says what a right request gets; seconds is how long it is told to
// wait.
func (m *ideal) request(method, operation string, kind auth.Kind) (status, seconds int) {
	if m.gone {
		return 401, 0
	}
	m.requests++
	access := m.access[kind]
	if access.Revoked {
		return 401, 0
	}
	if status := m.fault(operation, kind); status != 0 {
		if status == 429 {
			seconds = 60
		}
		return status, seconds
	}
	within, seconds := m.take(kind)
	switch {
	case access.Unentitled, access.ReadOnly && method == "POST":
		return 403, 0
	case !within:
		return 429, seconds
	case access.Outsider && kind == auth.Member || kind == auth.Outsider && access.Outsider:
		return 403, 0
	case m.absent:
		return 404, 0
	case method == "POST":
		return 201, 0
	}
	return 200, 0
}

// take counts a request in its rate window.
func (m *ideal) take(kind auth.Kind) (within bool, seconds int) {
	if m.limit == 0 {
		return true, 0
	}
	name := m.windowOf(kind)
	open := m.windows[name]
	if !m.isOpen(open) {
		open = modelOpen{since: m.passed}
	}
	open.count++
	m.windows[name] = open
	left := open.since + modelWindow - m.passed
	return open.count <= m.limit, int((left + time.Second - 1) / time.Second)
}

// windowOf names the window of a key: InboxOps has one for all.
func (m *ideal) windowOf(kind auth.Kind) string {
	if kind == auth.Member || kind == auth.Outsider {
		return string(kind)
	}
	return "inboxops"
}

// isOpen reports whether a window still counts.
func (m *ideal) isOpen(w modelOpen) bool {
	return w.count > 0 && m.passed < w.since+modelWindow
}

// fault returns the status of the first rule that fires, 0 when none does.
func (m *ideal) fault(operation string, kind auth.Kind) int {
	for i := range m.faults {
		rule := &m.faults[i]
		if rule.operation != "" && rule.operation != operation || rule.kind != "" && rule.kind != string(kind) {
			continue
		}
		rule.matched++
		fires := (rule.nth == 0 || rule.matched == rule.nth) && rule.matched > rule.after &&
			(rule.every == 0 || (rule.matched-rule.after)%rule.every == 0) && (rule.times == 0 || rule.fired < rule.times)
		if fires {
			rule.fired++
			return rule.status
		}
	}
	return 0
}

// addFault puts a rule in force and names it.
func (m *ideal) addFault(rule modelFault) string {
	m.made++
	rule.id = "fault-" + strconv.Itoa(m.made)
	m.faults = append(m.faults, rule)
	return rule.id
}
