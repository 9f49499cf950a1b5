package scenario

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// What is refused alone is refused in company: filtered, sorted, on a later
// page, by the number of the ticket, and, where the key is the reason, by every
// operation. The clause that was judged by the request alone is the one that is
// broken.

const (
	// few requests in company are asked for in any case.
	few = 6
	// plenty of requests allow for all of them.
	plenty = 300
	// ample are left only where more may be sent than all clauses need.
	ample = 550
)

// spare reports whether a clause may ask more than it needs to be judged.
func (s *Session) spare() bool { return !s.many() && s.env.Client.Left() >= ample }

// roomy reports whether a run may send far more requests than its clauses need, of
// which refusals take some.
func (s *Session) roomy() bool {
	const roomy = 1200
	return !s.many() && s.env.Client.Left()+s.env.Client.Requests() >= roomy
}

// forSurplus is how many requests the planned questions leave to later clauses
// beyond what these need, where so many may be sent.
func (s *Session) forSurplus() int {
	const some = 80
	if s.spare() {
		return some
	}
	return 0
}

// surplus is spare for a clause that is judged after the planned questions.
func (s *Session) surplus() bool {
	const few = 5
	return s.spare() || s.env.combined != nil && !s.many() && s.env.Client.Left() > s.keptBack()+few
}

// refusal is a request that was refused, in company.
type refusal struct {
	clause string
	alone  *target.Exchange
	method string
	path   string   // below the base of the API
	with   []string // what the query has besides
}

// Within reports whether another request has the same reason to be refused, and
// all the company of this one.
func (r refusal) Within(other refusal) bool {
	return r.alone == other.alone && r.method == other.method && (r.path == other.path || r.path == below(other.alone)) &&
		!slices.ContainsFunc(r.with, func(w string) bool { return !slices.Contains(other.with, w) })
}

// smaller are the requests with less company.
func (r refusal) smaller() []refusal {
	var out []refusal
	for i := range r.with {
		less := r
		less.with = slices.Delete(slices.Clone(r.with), i, i+1)
		if len(less.with) > 0 || less.method != r.alone.Method || less.path != below(r.alone) {
			out = append(out, less)
		}
	}
	return out
}

// refused remembers that the last answer is a refusal that the clause asks for.
func (s *Session) refused() {
	e := s.tape.Last()
	if e == nil || e.Method != http.MethodGet || e.Status/100 != 4 || e.Status == http.StatusTooManyRequests || e.Header.Get("Prefer") != "" {
		return
	}
	name, _, _ := strings.Cut(queryOf(e), "=")
	for _, known := range s.env.refused {
		other, _, _ := strings.Cut(queryOf(known.alone), "=")
		if (known.clause == s.clause || !s.roomy()) && below(known.alone) == below(e) && other == name && (name != "" || known.alone.Header.Get("Authorization") == e.Header.Get("Authorization")) {
			return // of those (of a clause) that ask for one parameter, one will do
		}
	}
	r := refusal{clause: s.clause, alone: e, method: e.Method}
	r.path = below(r.alone)
	s.env.refused = append(s.env.refused, r)
}

// accompanied are the refusals of an API in company: each once, and where the key
// is the reason, at each operation.
func (s *Session) accompanied(api clause.API) []refusal {
	random := rand.New(rand.NewPCG(s.env.Seed, 1))
	var out []refusal
	add := func(r refusal, method, path string, with ...string) {
		r.method, r.path, r.with = method, path, s.unasked(r, with)
		if method != r.alone.Method || path != below(r.alone) || len(r.with) > 0 {
			out = append(out, r)
		}
	}
	for _, r := range s.env.refused {
		keyed := r.alone.Status == http.StatusUnauthorized || r.alone.Status == http.StatusForbidden
		switch {
		case r.alone.API != api:
		case api == clause.AppHandoff:
			if !keyed || s.whose(r) || random.IntN(3) == 0 { // of odd tokens some
				add(r, http.MethodGet, r.path, s.handoffCompany(random)...)
			}
			if keyed && r.alone.Header.Get("Authorization") == "" {
				add(r, http.MethodHead, r.path)
			}
		case !keyed && strings.HasSuffix(r.path, "/messages"):
			add(r, http.MethodGet, s.otherPath(r.path), emailsOnly)
		case !keyed:
			add(r, http.MethodGet, r.path, s.listCompany(random)...)
		case r.path == "/tickets":
			if s.whose(r) || s.roomy() {
				add(r, http.MethodGet, r.path, s.listCompany(random)...)
			}
			if s.whose(r) && s.roomy() {
				for _, sort := range []string{"created_at", "updated_at", "priority"} {
					add(r, http.MethodGet, r.path, "sort="+sort)
				}
			}
			if len(s.someTickets()) > 0 {
				add(r, http.MethodGet, numberPath(s.AnyTicket()), emailsOnly)
			}
			if len(s.someTickets()) > 0 && s.env.Write {
				add(r, http.MethodPost, numberPath(s.WriteTicket()))
			}
		}
	}
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// whose reports whether a request has no key or one that is or was somebody's.
func (s *Session) whose(r refusal) bool {
	key := strings.TrimSpace(strings.TrimPrefix(r.alone.Header.Get("Authorization"), "Bearer"))
	for _, known := range s.env.Keys {
		if key == known {
			return true
		}
	}
	return key == ""
}

// companyOf is how many requests in company are kept back for an API: all if many
// requests are left, else a few.
func (s *Session) companyOf(api clause.API) int {
	n := len(s.accompanied(api))
	if s.env.Client.Left() < plenty {
		return min(n, few)
	}
	return n
}

// otherPath is the path with the number of the ticket, if the id is known.
func (s *Session) otherPath(path string) string {
	for _, t := range s.someTickets() {
		if path == messagesPath(t) {
			return numberPath(t)
		}
	}
	return path
}

// unasked leaves out what a refused request asks for itself.
func (s *Session) unasked(r refusal, with []string) []string {
	own, _ := url.ParseQuery(queryOf(r.alone))
	return slices.DeleteFunc(slices.Clone(with), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		return own.Has(name)
	})
}

// listCompany is a filter of each family that works, an order and a later page.
func (s *Session) listCompany(random *rand.Rand) []string {
	filters := s.env.working
	if len(filters) == 0 {
		filters = []model.Filter{{Family: "status", Query: "status=open"}, {Family: "search", Query: "query=mockdesk"}, {Family: "priority", Query: "priority=high"}}
	}
	taken := map[string]bool{}
	var out []string
	for _, i := range random.Perm(len(filters)) {
		if f := filters[i]; !taken[f.Family] && !f.Joined && f.Class != "q" {
			taken[f.Family] = true
			out = append(out, f.Query)
		}
	}
	sort := []string{"created_at", "updated_at", "priority"}[random.IntN(3)]
	return append(out, "sort="+sort, "order=desc", "per_page=3", "page=2")
}

// handoffCompany is a since that is long ago, a limit and a task.
func (s *Session) handoffCompany(random *rand.Rand) []string {
	out := []string{"since=2001-01-01T00%3A00%3A00Z", fmt.Sprint("limit=", 1+random.IntN(50))}
	for _, p := range s.Facts().AppHandoff.Projects {
		for _, t := range p.Tickets {
			if len(t.Tasks) > 0 {
				return append(out, Query("task_id", t.Tasks[0].ID))
			}
		}
	}
	return out
}

// company asks for refusals in company, or those that were answered wrongly in
// the epoch before.
func (s *Session) company(api clause.API) {
	plan, again := s.env.companions[api], s.env.companions[api] != nil
	if !again {
		plan = s.accompanied(api)
	}
	c := &inquiry[refusal]{}
	inquire(s, c, plan, again, inquirer[refusal]{
		put:     func(r refusal) { s.accompany(r) },
		differ:  func(r refusal) *model.Difference { return s.taken(r, s.accompany(r)) },
		smaller: refusal.smaller,
		blame:   func(r refusal, _ *model.Difference) []string { return []string{r.clause} },
		spare:   map[clause.API]int{clause.InboxOps: backward + s.companyOf(clause.AppHandoff), clause.AppHandoff: few}[api],
	})
	s.env.companions[api] = c.suspects
	c.tell(s, func(string) bool { return false })
}

// accompany sends a refused request in company.
func (s *Session) accompany(r refusal) *target.Exchange {
	query := strings.Join(append(slices.Clone(r.with), queryOf(r.alone)), "&")
	header, body := http.Header{"Authorization": r.alone.Header["Authorization"]}, []byte(nil)
	if r.method == http.MethodPost {
		header.Set("Content-Type", jsonMedia)
		body = []byte(s.noteJSON())
	}
	return s.send(r.alone.API, r.method, r.path, strings.TrimSuffix(query, "&"), header, body)
}

// taken is how the answer in company differs from that alone, nil when both
// refuse for one reason.
func (s *Session) taken(r refusal, e *target.Exchange) *model.Difference {
	name := s.name(e)
	switch {
	case r.method == http.MethodHead:
		if e.Status/100 == 2 {
			return &model.Difference{Sort: model.Refused, Path: "status of " + name, Expected: "a refusal", Actual: fmt.Sprint(e.Status)}
		}
		return nil
	case !alike(r, e):
		return &model.Difference{Sort: model.Refused, Path: "status of " + name, Expected: fmt.Sprintf("%d, as of %s", r.alone.Status, s.name(r.alone)), Actual: fmt.Sprint(e.Status)}
	case r.alone.Status != e.Status:
		return nil
	}
	for _, said := range []struct{ what, alone, now string }{
		{"Content-Type", mediaOf(r.alone), mediaOf(e)}, {"code", codeIn(r.alone), codeIn(e)},
	} {
		if said.alone != said.now {
			return &model.Difference{Sort: model.Altered, Path: said.what + " of " + name, Expected: said.alone + ", as of " + s.name(r.alone), Actual: said.now}
		}
	}
	return nil
}

// alike reports whether a status refuses for the same reason as the request
// alone: no page says in which order a target looks for reasons.
func alike(r refusal, e *target.Exchange) bool {
	was, is := r.alone.Status, e.Status
	switch {
	case was == is:
		return true
	case r.alone.API == clause.AppHandoff && is/100 == 4: // pages leave the choice
		return slices.Contains(refusals, was) && slices.Contains(refusals, is) || was != http.StatusUnauthorized && is != http.StatusUnauthorized
	case r.path != below(r.alone) && was == http.StatusForbidden:
		return is == http.StatusNotFound // the ticket is another workspace's
	default:
		return was == http.StatusUnauthorized && is == http.StatusBadRequest && strings.Contains(r.alone.URL, "api_key=")
	}
}

// mediaOf is the media type of an answer.
func mediaOf(e *target.Exchange) string {
	media, _, _ := mime.ParseMediaType(e.ResponseHeader.Get("Content-Type"))
	return media
}

// codeIn is the code of an error, as JSON, or "none".
func codeIn(e *target.Exchange) string {
	v, _ := e.JSON()
	object, _ := v.(map[string]any)
	code, err := json.Marshal(object["code"])
	if err != nil || object["code"] == nil {
		return "none"
	}
	return string(code)
}
