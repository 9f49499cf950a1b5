package stranger

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// one returns a parameter that may be sent only once, and whether it was sent.
func (s *Server) one(c *call, name string) (string, bool, *failure) {
	values := c.args[name]
	switch {
	case len(values) == 0:
		return "", false, nil
	case len(values) > 1 && s.o.Repeated == "refused":
		return "", false, bad(name, "sent more than once")
	case s.o.Repeated == "last":
		return values[len(values)-1], true, nil
	}
	return values[0], true, nil
}

// items splits a comma-separated list; empty items do not count.
func (s *Server) items(text string) []string {
	all := strings.Split(text, ",")
	for i := range all {
		if !s.o.Untrimmed {
			all[i] = strings.TrimSpace(all[i])
		}
	}
	return slices.DeleteFunc(all, func(item string) bool { return item == "" })
}

// test reports whether a ticket passes a filter.
type test = func(*ticket) bool

// listTickets answers GET /tickets.
func (s *Server) listTickets(c *call) (answer, *failure) {
	tests, f := s.tests(c)
	if f != nil {
		return answer{}, f
	}
	page, f := s.number(c, "page", 1, s.o.BadPage)
	if f != nil {
		return answer{}, f
	}
	size, f := s.number(c, "per_page", cmp.Or(s.o.PerPage, 20), s.o.BadPerPage)
	if f != nil {
		return answer{}, f
	}
	most := cmp.Or(s.o.MaxPerPage, 500)
	if size > most && s.o.RefuseLarge {
		return answer{}, bad("per_page", "at most %d", most)
	}
	size = min(size, most)
	order, f := s.ordering(c)
	if f != nil {
		return answer{}, f
	}
	var found []*ticket
	for _, t := range s.w.tickets {
		if !slices.ContainsFunc(tests, func(pass test) bool { return !pass(t) }) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, order)
	rows := []object{}
	if page <= len(found)/size+1 {
		for _, t := range found[min(len(found), (page-1)*size):min(len(found), page*size)] {
			rows = append(rows, s.row(t))
		}
	}
	meta := s.extra(object{"page": page, "per_page": size, "total": len(found)})
	return answer{status: 200, kind: "application/json", body: s.extra(object{"data": rows, "meta": meta})}, nil
}

// number reads a positive number; one beyond all integers is the largest.
func (s *Server) number(c *call, name string, otherwise, option int) (int, *failure) {
	text, sent, f := s.one(c, name)
	if !sent || f != nil {
		return otherwise, f
	}
	n, err := strconv.Atoi(text)
	if errors.Is(err, strconv.ErrRange) && n > 0 {
		return math.MaxInt, nil
	}
	if err != nil || n < 1 {
		return otherwise, chosen(option, name, "not a positive number")
	}
	return n, nil
}

// tests reads all filters; they combine with AND.
func (s *Server) tests(c *call) ([]test, *failure) {
	var all []test
	readers := map[string]func(name, text string) (test, *failure){
		"status": s.byStatus, "inbox_id": s.byInbox, "assignee_id": s.byAssignee, "priority": s.byPriority, "tag_ids": s.byTags,
		"created_after": s.byTime, "created_before": s.byTime, "updated_after": s.byTime, "updated_before": s.byTime,
	}
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		text, sent, f := s.one(c, name)
		if sent && f == nil {
			var pass test
			pass, f = readers[name](name, text)
			all = append(all, pass)
		}
		if f != nil {
			return nil, f
		}
	}
	for _, name := range []string{"created", "updated"} {
		from, _ := s.bound(c.args.Get(name + "_after"))
		to, _ := s.bound(c.args.Get(name + "_before"))
		if s.o.Backward == 400 && !to.IsZero() && from.After(to) {
			return nil, bad(name+"_after", "later than %s_before", name)
		}
	}
	search, f := s.bySearch(c)
	if f != nil {
		return nil, f
	}
	fields, f := s.fieldFilters(c)
	return append(append(all, search), fields...), f
}

// bySearch reads query, or q when query is not there.
func (s *Server) bySearch(c *call) (test, *failure) {
	for _, name := range []string{"query", "q"} {
		text, sent, f := s.one(c, name)
		if f != nil {
			return nil, f
		}
		if !sent || s.o.BlankQuery == "" && strings.TrimSpace(text) == "" {
			continue
		}
		alternatives := parseSearch(text, s.o)
		return func(t *ticket) bool { return s.matches(s.documents(t, c.now), alternatives) }, nil
	}
	return func(*ticket) bool { return true }, nil
}

var (
	categories = []string{"open", "in_progress", "waiting", "resolved", "closed"}
	levels     = []string{"low", "normal", "high", "urgent"}
)

func (s *Server) byStatus(name, text string) (test, *failure) {
	items := s.items(text)
	if len(items) == 0 {
		return func(*ticket) bool { return true }, nil // B16
	}
	for _, item := range items {
		own := s.o.StatusNames && slices.ContainsFunc(s.w.statuses, func(n named) bool { return n.is(item) })
		if f := chosen(s.o.BadStatus, name, "unknown status"); f != nil && !own && !slices.Contains(categories, item) {
			return nil, f
		}
	}
	return func(t *ticket) bool {
		st := s.w.statuses[t.status]
		return slices.ContainsFunc(items, func(item string) bool { return st.kind == item || s.o.StatusNames && st.is(item) })
	}, nil
}

// is reports whether text is the id or the name.
func (n named) is(text string) bool { return n.id == strings.ToLower(text) || n.name == text }

func (s *Server) byInbox(name, text string) (test, *failure) {
	id := strings.ToLower(text)
	known := slices.ContainsFunc(s.w.inboxes, func(n named) bool { return n.id == id })
	if f := s.reference(name, text, known, s.o.BadInbox, s.o.NoInbox); f != nil {
		return nil, f
	}
	return func(t *ticket) bool { return s.w.inboxes[t.inbox].id == id }, nil
}

// reference refuses a text that is not a UUID, or a UUID that belongs to
// nothing, if the options say so.
func (s *Server) reference(name, text string, known bool, malformed, unknown int) *failure {
	switch {
	case !isUUID(text):
		return chosen(malformed, name, "not a UUID")
	case !known:
		return chosen(cmp.Or(unknown, 200), name, "not known")
	}
	return nil
}

func (s *Server) byAssignee(name, text string) (test, *failure) {
	if text == "__unassigned__" || s.o.Unassigned && text == "unassigned" {
		return func(t *ticket) bool { return t.assignee == "" }, nil
	}
	id := strings.ToLower(text)
	f := s.reference(name, text, slices.Contains(s.w.agents, id), s.o.BadAssignee, s.o.NoAssignee)
	if f != nil {
		return nil, f
	}
	return func(t *ticket) bool { return text != "" && t.assignee == id }, nil
}

func (s *Server) byPriority(name, text string) (test, *failure) {
	items := []string{text}
	if s.o.BadPriority == 200 {
		items = s.items(text)
	} else if !slices.Contains(levels, text) {
		return nil, bad(name, "unknown priority")
	}
	return func(t *ticket) bool { return slices.Contains(items, s.w.priorities[t.priority].kind) }, nil
}

func (s *Server) byTags(name, text string) (test, *failure) {
	ids := s.items(strings.ToLower(text))
	for _, id := range ids {
		known := slices.ContainsFunc(s.w.tags, func(n named) bool { return n.id == id })
		if f := s.reference(name, id, known, s.o.BadTag, s.o.NoTag); f != nil {
			return nil, f
		}
	}
	return func(t *ticket) bool {
		return !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(t.tags, id) })
	}, nil
}

// bound reads one of the four bounds.
func (s *Server) bound(text string) (time.Time, bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil && s.o.DateOnly == 200 {
		return day, true
	}
	return parseTime(text)
}

func (s *Server) byTime(name, text string) (test, *failure) {
	at, ok := s.bound(text)
	if !ok {
		return nil, bad(name, "not an ISO 8601 time with its offset")
	}
	return func(t *ticket) bool {
		have := t.created
		if strings.HasPrefix(name, "updated") {
			have = t.updated
		}
		if strings.HasSuffix(name, "_after") {
			return have.After(at) || s.o.Inclusive && have.Equal(at)
		}
		return have.Before(at) || s.o.Inclusive && have.Equal(at)
	}, nil
}

// ordering reads sort and order.
func (s *Server) ordering(c *call) (func(a, b *ticket) int, *failure) {
	chosenOf := func(name, otherwise string, known ...string) (string, *failure) {
		text, sent, f := s.one(c, name)
		if !sent || f != nil {
			return otherwise, f
		}
		if !slices.Contains(known, text) {
			return otherwise, chosen(s.o.BadSort, name, "not one of "+strings.Join(known, ", "))
		}
		return text, nil
	}
	by, f := chosenOf("sort", cmp.Or(s.o.DefaultSort, "updated_at"), "created_at", "updated_at", "priority")
	if f != nil {
		return nil, f
	}
	order, f := chosenOf("order", cmp.Or(s.o.DefaultOrder, "desc"), "asc", "desc")
	sign := 1
	if order == "desc" {
		sign = -1
	}
	return func(a, b *ticket) int {
		ties := cmp.Compare(a.number, b.number)
		switch s.o.TieBreak {
		case "id":
			ties = cmp.Compare(a.id, b.id)
		case "reversed":
			ties *= sign
		}
		return cmp.Or(sign*s.compare(by, a, b), ties)
	}, f
}

func (s *Server) compare(by string, a, b *ticket) int {
	switch by {
	case "created_at":
		return a.created.Compare(b.created)
	case "updated_at":
		return a.updated.Compare(b.updated)
	}
	if s.o.Alphabetical {
		return cmp.Compare(s.w.priorities[a.priority].kind, s.w.priorities[b.priority].kind)
	}
	return cmp.Compare(a.priority, b.priority)
}
