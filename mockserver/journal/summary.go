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
	// Unjudged is how many requests left the journal before they were judged;
	// Judge keeps it at zero.
	Unjudged uint64 `json:"unjudged"`
}

// Group is the violations of one rule at one place.
type Group struct {
	Rule  string `json:"rule"`
	Where string `json:"where"`
	Count uint64 `json:"count"`
	// First is the first request with it, and Violation what was wrong there.
	First     Entry     `json:"first"`
	Violation Violation `json:"violation"`
}

// maxGroups bounds the groups: clients choose the names of places.
const maxGroups = 100

// ledger gathers the verdicts, each exchange's once.
type ledger struct {
	groups   map[place]*Group
	more     uint64
	unjudged uint64 // exchanges that were dropped and have no verdict
}

type place struct{ rule, where string }

// count counts an exchange. The lock is held.
func (j *Journal) count(x *exchange) {
	if j.counts == nil {
		j.counts = map[counted]uint64{}
	}
	j.counts[counted{x.Service, x.Operation, x.Status}]++
}

// fold puts the verdict on an exchange into the ledger.
func (j *Journal) fold(x *exchange) {
	var entry Entry
	if len(x.violations) > 0 {
		entry = x.describe()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	x.folded = true
	if x.seq <= j.cleared {
		return
	}
	if x.dropped {
		j.ledger.unjudged--
	}
	for _, v := range entry.Violations {
		j.ledger.add(entry, v)
	}
}

// add counts one violation of a request.
func (l *ledger) add(entry Entry, v Violation) {
	at := place{v.Rule, v.Where}
	group := l.groups[at]
	switch {
	case group == nil && len(l.groups) == maxGroups:
		l.more++
		return
	case group == nil:
		if l.groups == nil {
			l.groups = map[place]*Group{}
		}
		group = &Group{Rule: v.Rule, Where: v.Where, First: entry, Violation: v}
		l.groups[at] = group
	case entry.Seq < group.First.Seq:
		group.First, group.Violation = entry, v
	}
	group.Count++
}

// Total returns how many requests to each operation were answered with which
// status since the journal was made or cleared, in that order. It counts those
// that have left, too.
func (j *Journal) Total() []Count {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.total()
}

// total sorts the counts. The lock is held.
func (j *Journal) total() []Count {
	all := make([]Count, 0, len(j.counts))
	for by, count := range maps.All(j.counts) {
		all = append(all, Count{by.service, by.operation, by.status, count})
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Status, b.Status))
	})
	return all
}

// Violations returns how many violations the requests have that were judged
// since the journal was made or cleared. It judges nothing.
func (j *Journal) Violations() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	count := j.ledger.more
	for _, group := range j.ledger.groups {
		count += group.Count
	}
	return count
}

// Summary judges what is kept and returns what came of all requests.
func (j *Journal) Summary() Summary {
	for _, x := range j.kept() {
		x.judge()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	s := Summary{Operations: j.total(), Violations: []Group{}, More: j.ledger.more, Unjudged: j.ledger.unjudged}
	for _, count := range s.Operations {
		s.Requests += count.Count
	}
	for _, group := range j.ledger.groups {
		s.Violations = append(s.Violations, *group)
	}
	slices.SortFunc(s.Violations, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.First.Seq, b.First.Seq), cmp.Compare(a.Where, b.Where), cmp.Compare(a.Rule, b.Rule))
	})
	return s
}
