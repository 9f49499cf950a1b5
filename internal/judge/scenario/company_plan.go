package scenario

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// accompanied returns the refusals of an API in company: each once and, if the
// key is the reason, at each operation. Later rounds have other company and
// leave out made-up keys.
func (s *Session) accompanied(api clause.API, round uint64, had companies) []refusal {
	random := rand.New(rand.NewPCG(s.env.Seed, round))
	var out []refusal
	add := func(r refusal, method, path string, with ...string) {
		r.method, r.path, r.with = method, path, s.unasked(r, with)
		if method != r.alone.Method || path != below(r.alone) || len(r.with) > 0 {
			out = append(out, r)
		}
	}
	for _, r := range s.env.refused {
		if had[r.alone] == nil {
			had[r.alone] = map[string]bool{}
		}
		keyed := r.alone.Status == http.StatusUnauthorized || r.alone.Status == http.StatusForbidden
		switch {
		case r.alone.API != api, round > 1 && keyed && !s.whose(r):
		case api == clause.AppHandoff:
			if !keyed || s.whose(r) || random.IntN(3) == 0 { // only some of the odd tokens
				add(r, http.MethodGet, r.path, s.handoffCompany(random)...)
			}
			if keyed && r.alone.Header.Get("Authorization") == "" {
				add(r, http.MethodHead, r.path)
			}
		case !keyed && strings.HasSuffix(r.path, "/messages"):
			add(r, http.MethodGet, s.otherPath(r.path), emailsOnly)
		case !keyed:
			add(r, http.MethodGet, r.path, s.listCompany(random, had[r.alone], true)...)
		case r.path == "/tickets":
			if s.whose(r) || s.roomy() {
				add(r, http.MethodGet, r.path, s.listCompany(random, had[r.alone], round > 1)...)
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

// otherPath is the path with the number of the ticket, if the id is known.
func (s *Session) otherPath(path string) string {
	for _, t := range s.someTickets() {
		if path == messagesPath(t) {
			return numberPath(t)
		}
	}
	return path
}

// unasked leaves out the parameters that a refused request has already.
func (s *Session) unasked(r refusal, with []string) []string {
	own, _ := url.ParseQuery(queryOf(r.alone))
	return only(with, func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		return !own.Has(name)
	})
}

// companies are the families of filters that refusals were combined with.
type companies map[*target.Exchange]map[string]bool

// listCompany returns a filter of each family that works, an order and a later
// page. If the request must find tickets apart from the reason to refuse it,
// the company is that of a planned question that found some and that has the
// most families not used before.
func (s *Session) listCompany(random *rand.Rand, had map[string]bool, found bool) []string {
	news := func(q model.Question) int {
		return len(only(q.Filters, func(f model.Filter) bool { return !had[f.Family] }))
	}
	if all := s.foundTogether(random); found && len(all) > 0 {
		q := slices.MaxFunc(all, func(a, b model.Question) int { return news(a) - news(b) })
		for _, f := range q.Filters {
			had[f.Family] = true
		}
		return strings.Split(q.Raw(), "&")
	}
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

// foundTogether are planned questions of several filters that found tickets, in any
// order.
func (s *Session) foundTogether(random *rand.Rand) []model.Question {
	if s.env.space == nil || !s.roomy() {
		return nil
	}
	if s.env.together == nil {
		s.env.together = append([]model.Question{}, s.together()...) // not nil: none is remembered, too
	}
	out := slices.Clone(s.env.together)
	random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// together returns them in the order of the plan.
func (s *Session) together() []model.Question {
	return only(s.env.combined.asked, func(q model.Question) bool {
		odd := slices.ContainsFunc(q.Filters, func(f model.Filter) bool { return f.Class == "q" || f.Joined })
		return !odd && len(q.Filters) > 1 && len(s.env.space.List.Page(q)) > 0
	})
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
