package journal

import (
	"cmp"
	"maps"
	"slices"
)

// Count is how many requests to an operation were answered with a status.
type Count struct {
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Status    int    `json:"status"` // 0 when the connection was broken
	Count     uint64 `json:"count"`
}

// counted is what requests are counted by.
type counted struct {
	service, operation string
	status             int
}

// Summary is what came of all requests since the journal was made or cleared.
type Summary struct {
	Requests   uint64  `json:"requests"`
	Operations []Count `json:"operations"`
	// Violations has the earliest group first.
	Violations []Group `json:"violations"`
	// More is how many violations are in no group, because there are too many
	// groups already.
	More uint64 `json:"more_violations"`
	// AnswerViolations are those in the answers of the server behind a proxy;
	// MoreAnswers is how many of them are in no group.
	AnswerViolations []Group `json:"answer_violations,omitempty"`
	MoreAnswers      uint64  `json:"more_answer_violations,omitempty"`
	// Unjudged is how many requests left the journal before they were judged.
	Unjudged uint64 `json:"unjudged"`
	// Unread is how many requests were refused before their body had come, so
	// that their verdict leaves it out.
	Unread uint64 `json:"unread_bodies"`
	// Allowed is how many violations were intended, see AllowHeader.
	Allowed uint64 `json:"allowed"`
	// Unused is what requests allowed but did not do, in alphabetical order.
	Unused []Unused `json:"unused_allowances"`
}

// Unused is an allowance of a request that covers nothing.
type Unused struct {
	Allowance string `json:"allowance"` // with what is wrong with it
	Count     uint64 `json:"count"`
	First     Ref    `json:"first"`
}

// Group is the violations of one rule at one place.
type Group struct {
	Rule  string `json:"rule"`
	Where string `json:"where"`
	Count uint64 `json:"count"`
	// Workspace is where First came to, unless that is clear anyway.
	Workspace string `json:"workspace,omitempty"`
	// First is the first request with it, and Violation what was wrong there.
	First     Entry     `json:"first"`
	Violation Violation `json:"violation"`
}

// maxGroups bounds the groups: clients choose the names of places.
const maxGroups = 100

// tally gathers the verdicts, each exchange's once.
type tally struct {
	requests groups
	answers  groups
	unjudged uint64 // exchanges that were dropped and have no verdict
	unread   uint64
	allowed  uint64
	unused   map[string]*Unused
}

// groups are violations by their rules and places, as many as there may be.
type groups struct {
	by   map[place]*Group
	more uint64
}

type place struct{ rule, where string }

// count counts an exchange. The lock is held.
func (j *Journal) count(x *exchange) {
	if j.counts == nil {
		j.counts = map[counted]uint64{}
	}
	j.counts[counted{x.Service, x.Operation, x.Status}]++
}

// fold puts the verdict on an exchange into the tally.
func (j *Journal) fold(x *exchange) {
	var entry Entry
	var ref Ref
	if len(x.violations) > 0 || len(x.AnswerViolations) > 0 {
		entry = x.describe()
	}
	if len(x.unused) > 0 {
		ref = x.ref()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if x.folded {
		return
	}
	x.folded = true
	if x.seq <= j.cleared {
		return
	}
	if x.dropped {
		j.tally.unjudged--
	}
	if x.unread() {
		j.tally.unread++
	}
	j.tally.allowed += uint64(len(x.allowed))
	for i, v := range entry.Violations {
		if j.ledger.covers(x.violations[i]) {
			j.tally.allowed++
		} else {
			j.tally.requests.add(entry, v)
		}
	}
	for _, v := range entry.AnswerViolations {
		j.tally.answers.add(entry, v)
	}
	for _, allowance := range x.unused {
		j.tally.miss(shorten(x.masker().text(allowance), 500), ref)
	}
}

// miss counts an allowance of a request that covers nothing. Clients choose
// the words.
func (t *tally) miss(allowance string, ref Ref) {
	if t.unused == nil {
		t.unused = map[string]*Unused{}
	}
	unused := t.unused[allowance]
	if unused == nil {
		if len(t.unused) == maxGroups {
			return
		}
		unused = &Unused{Allowance: allowance, First: ref}
		t.unused[allowance] = unused
	}
	unused.Count++
}

// bytes returns what the groups and the unused allowances hold in memory.
func (t *tally) bytes() int {
	n := 0
	for _, all := range []groups{t.requests, t.answers} {
		for _, g := range all.by {
			n += len(g.Rule) + len(g.Where) + g.First.cost()
		}
	}
	for words := range t.unused {
		n += nameShare + len(words)
	}
	return n
}

// cost returns what an entry holds in memory, in bytes.
func (e Entry) cost() int {
	return share + len(e.RequestID) + len(e.Method) + len(e.Host) + len(e.URL) + len(e.Why) + len(e.RequestBody) + len(e.ResponseBody) +
		cost(e.RequestHeader) + cost(e.ResponseHeader) + costOf(e.Violations) + costOf(e.Allowed) + costOf(e.AnswerViolations)
}

func (g *groups) add(entry Entry, v Violation) {
	at := place{v.Rule, v.Where}
	group := g.by[at]
	switch {
	case group == nil && len(g.by) == maxGroups:
		g.more++
		return
	case group == nil:
		if g.by == nil {
			g.by = map[place]*Group{}
		}
		group = &Group{Rule: v.Rule, Where: v.Where, First: entry, Violation: v}
		g.by[at] = group
	case entry.Seq < group.First.Seq:
		group.First, group.Violation = entry, v
	}
	group.Count++
}

// total sorts the counts. The lock is held.
func (j *Journal) total() []Count {
	all := make([]Count, 0, len(j.counts))
	for by, count := range maps.All(j.counts) {
		all = append(all, Count{by.service, by.operation, by.status, count})
	}
	slices.SortFunc(all, Count.compare)
	return all
}

// compare orders counts by what they count.
func (c Count) compare(other Count) int {
	return cmp.Or(cmp.Compare(c.Service, other.Service), cmp.Compare(c.Operation, other.Operation), cmp.Compare(c.Status, other.Status))
}

// Violations returns how many violations were found in requests since the
// journal was made or cleared. It judges nothing itself.
func (j *Journal) Violations() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	count := j.tally.requests.more
	for _, group := range j.tally.requests.by {
		count += group.Count
	}
	return count
}

// AnswerViolations returns how many violations were found in the answers of the
// server behind a proxy since the journal was made or cleared.
func (j *Journal) AnswerViolations() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.answers
}

// Summary judges what is kept and returns what came of all requests.
func (j *Journal) Summary() Summary {
	for _, x := range j.kept() {
		x.judge()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s := Summary{
		Operations: j.total(), Violations: j.tally.requests.list(), More: j.tally.requests.more, Unjudged: j.tally.unjudged, Unread: j.tally.unread,
		MoreAnswers: j.tally.answers.more, Allowed: j.tally.allowed, Unused: []Unused{},
	}
	for _, allowance := range slices.Sorted(maps.Keys(j.tally.unused)) {
		s.Unused = append(s.Unused, *j.tally.unused[allowance])
	}
	if len(j.tally.answers.by) > 0 {
		s.AnswerViolations = j.tally.answers.list()
	}
	for _, count := range s.Operations {
		s.Requests += count.Count
	}
	return s
}

// list returns the groups, the earliest first.
func (g *groups) list() []Group {
	all := []Group{}
	for _, group := range g.by {
		all = append(all, *group)
	}
	slices.SortFunc(all, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.First.Seq, b.First.Seq), cmp.Compare(a.Where, b.Where), cmp.Compare(a.Rule, b.Rule))
	})
	return all
}
