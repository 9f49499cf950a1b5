package stranger

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

type project struct {
	id, name string
	threads  []*thread
}

type thread struct {
	id       string
	tasks    []string
	messages []*post
}

type post struct {
	id, author, authorID, body, task, format string
	created                                  time.Time
}

// digits is how many digits after the second AppHandoff shows.
func (o Options) digits() int { return cmp.Or(o.Digits, 3) }

// makeProjects makes two projects members see and one nobody does.
func makeProjects(o Options, r *rand.Rand) []*project {
	sizes := [][]int{{0, 5, 60, 130, 230}, {5, 60}, {3}}
	if o.Tickets < 0 {
		sizes = [][]int{{0}, {}, {3}}
	}
	var all []*project
	for i, threads := range sizes {
		p := &project{id: uuid(r), name: []string{"Storefront", "Backend for phones", "Of another team"}[i]}
		for _, n := range threads {
			p.threads = append(p.threads, makeProjectThread(o, r, n))
		}
		all = append(all, p)
	}
	return all
}

// makeProjectThread makes a thread with ties, gaps and many messages in one second; long ones have tasks.
func makeProjectThread(o Options, r *rand.Rand, n int) *thread {
	t := &thread{id: uuid(r)}
	for range min(3, n/20) {
		t.tasks = append(t.tasks, uuid(r))
	}
	at := anchor.AddDate(0, 0, -40)
	for i := range n {
		p := &post{id: uuid(r), author: "human", body: fmt.Sprintf("%s (%d)", sentences[r.IntN(len(sentences))], i+1)}
		if r.IntN(3) == 0 {
			p.author, p.format = "agent", "markdown"
		} else if r.IntN(3) == 0 {
			p.format = "plain"
		}
		if r.IntN(6) > 0 {
			p.authorID = uuid(r)
		}
		if o.AuthorLabels && p.authorID != "" {
			p.authorID = "agent:" + p.authorID[:4]
		}
		if len(t.tasks) > 0 && r.IntN(4) > 0 {
			p.task = t.tasks[min(r.IntN(5), len(t.tasks)-1)]
		}
		switch r.IntN(5) {
		case 0: // a tie
		case 1, 2:
			at = at.Add(time.Duration(1+r.IntN(400_000)) * time.Microsecond)
		default:
			at = at.Add(time.Duration(r.IntN(7_200_000_000)) * time.Microsecond)
		}
		p.created = settle(at, o.digits())
		t.messages = append(t.messages, p)
	}
	return t
}

// findThread finds the ticket the path names and the caller may see.
func (s *Server) findThread(c *call) (*thread, *failure) {
	name, ticket := strings.ToLower(c.segs[2]), strings.ToLower(c.segs[4])
	switch badPath := cmp.Or(s.o.BadPath, 404); {
	case !isUUID(name):
		return nil, &failure{status: cmp.Or(s.o.BadProject, badPath), field: "id", detail: "not a project"}
	case !isUUID(ticket):
		return nil, &failure{status: badPath, field: "ticketId", detail: "not a ticket"}
	}
	i := slices.IndexFunc(s.w.projects, func(p *project) bool { return p.id == name })
	switch {
	case i < 0:
		return nil, &failure{status: cmp.Or(s.o.NoProject, 404), detail: "Not found"}
	case i == len(s.w.projects)-1 || c.caller == "outsider":
		return nil, &failure{status: cmp.Or(s.o.NoAccess, 403), detail: "Forbidden"}
	}
	for _, t := range s.w.projects[i].threads {
		if t.id == ticket {
			return t, nil
		}
	}
	return nil, &failure{status: 404, detail: "Not found"}
}

// thread answers GET /projects/{id}/tickets/{ticketId}/messages.
func (s *Server) thread(c *call) (answer, *failure) {
	t, f := s.findThread(c)
	if f != nil {
		return answer{}, f
	}
	limit, f := s.limit(c)
	if f != nil {
		return answer{}, f
	}
	since, f := s.since(c)
	if f != nil {
		return answer{}, f
	}
	task, byTask, f := s.one(c, "task_id")
	if f != nil {
		return answer{}, f
	}
	task = strings.ToLower(task)
	switch {
	case byTask && !isUUID(task) && s.o.BadTask != 200:
		return answer{}, s.invalid("task_id", "not a UUID")
	case byTask && isUUID(task) && !slices.Contains(t.tasks, task) && s.o.NoTask == 404:
		return answer{}, &failure{status: 404, detail: "Task not found"}
	}
	posts := slices.DeleteFunc(slices.Clone(t.messages), func(p *post) bool {
		return !since.IsZero() && !p.created.After(since) || byTask && (p.task == "" || p.task != task)
	})
	slices.SortStableFunc(posts, func(a, b *post) int {
		if s.o.TiesByID {
			return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id))
		}
		return a.created.Compare(b.created)
	})
	from := 0
	if s.o.LatestFirst {
		from = max(0, len(posts)-limit)
	}
	rows := []object{}
	for _, p := range posts[from:min(len(posts), from+limit)] {
		rows = append(rows, s.post(p))
	}
	return answer{status: 200, kind: "application/json", body: s.extra(object{"messages": rows})}, nil
}

// invalid refuses a parameter with the status chosen for all of them.
func (s *Server) invalid(name, detail string) *failure {
	return &failure{status: cmp.Or(s.o.Refusal, 400), field: name, detail: detail}
}

func (s *Server) limit(c *call) (int, *failure) {
	text, sent, f := s.one(c, "limit")
	if !sent || f != nil {
		return 50, f
	}
	n, err := strconv.Atoi(text)
	if errors.Is(err, strconv.ErrRange) {
		err = nil // n is the largest or the smallest
	}
	switch {
	case err == nil && n > 200:
		if s.o.LargeLimit == 400 {
			return 0, s.invalid("limit", "at most 200")
		}
		return 200, nil
	case err == nil && n > 0:
		return n, nil
	case s.o.BadLimit == "default":
		return 50, nil
	case s.o.BadLimit == "clamp" && err == nil:
		return 1, nil
	case s.o.BadLimit == "zero" && n == 0 && err == nil:
		return 0, nil
	}
	return 0, s.invalid("limit", "not a positive number")
}

func (s *Server) since(c *call) (time.Time, *failure) {
	text, sent, f := s.one(c, "since")
	if !sent || f != nil {
		return time.Time{}, f
	}
	at, ok := parseTime(text)
	if !ok && s.o.BadSince != 200 {
		return at, s.invalid("since", "not an ISO timestamp")
	}
	return at, nil
}

func (s *Server) post(p *post) object {
	o := object{"id": s.handoffID(p.id), "author_type": p.author, "body": p.body, "created_at": s.write(p.created, s.o.digits())}
	if !s.o.OnlyRequired {
		s.put(o, "author_id", p.authorID)
		s.put(o, "task_id", s.handoffID(p.task))
		s.put(o, "body_format", p.format)
	}
	return s.extra(o)
}

func (s *Server) handoffID(id string) string {
	if s.o.HandoffIDLower {
		return id
	}
	return s.show(id)
}
