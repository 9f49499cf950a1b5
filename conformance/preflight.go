package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/runner"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/plain"
)

// state is how an API that was asked behaves.
type state int

const (
	works   state = iota
	odd           // answers, but not with a list: everything is judged
	strange       // something else answers: its first clause fails
	refuses       // refuses the key: its first clause fails
	silent        // does not answer: nothing can be said
)

// finding is what a first request to an API shows.
type finding struct {
	state state
	words string           // what is wrong, "" when nothing is
	seen  *target.Exchange // nil when nothing came back
}

// preflight sends one request to each API that is to be judged.
func (p *plan) preflight(ctx context.Context, client *target.Client) map[clause.API]finding {
	found, asked := map[clause.API]finding{}, map[clause.API]bool{}
	for _, c := range p.scenarios {
		if asked[c.API] {
			continue
		}
		asked[c.API] = true
		switch {
		case c.API == clause.InboxOps && p.keys[target.ReadWrite] != "":
			found[c.API] = p.look(ctx, client, target.ReadWrite, "/tickets", recognise)
		case c.API == clause.AppHandoff && p.keys[target.Member] != "" && p.Facts.HasHandoff():
			found[c.API] = p.lookHandoff(ctx, client)
		case c.API == clause.AppHandoff && p.keys[target.Member] != "":
			nobodys := scenario.HandoffPath(scenario.NobodyTicket, scenario.NobodyTicket)
			if f := p.look(ctx, client, target.Member, nobodys, stranger); f.words != "" { // otherwise its clauses say what is missing
				found[c.API] = f
			}
		}
	}
	return found
}

// mostProjects is how many projects of AppHandoff are tried, at most, until the
// target knows one.
const mostProjects = 5

// lookHandoff asks for known tickets of AppHandoff, at most two of a project,
// until the target knows one. Those that it does not know are out of date and
// are dropped from the facts.
func (p *plan) lookHandoff(ctx context.Context, client *target.Client) finding {
	var first finding
	var outdated []string
	given := p.Facts
	for i, project := range given.AppHandoff.Projects[:min(len(given.AppHandoff.Projects), mostProjects)] {
		for j := range min(len(project.Tickets), 2) {
			known := scenario.HandoffPath(project.ID, project.Tickets[j].ID)
			f := p.look(ctx, client, target.Member, known, recognise)
			if f.seen == nil || f.seen.Status != http.StatusNotFound {
				p.Facts, p.outdated = given.FromHandoff(i, j), outdated
				return f
			}
			if first.seen == nil {
				first = f
			}
			outdated = append(outdated, "the target does not know "+known+", which the facts name: they may be out of date")
		}
	}
	return first
}

// look sends a GET. It says what is wrong when nothing comes back, or what
// judge finds wrong with the answer.
func (p *plan) look(ctx context.Context, client *target.Client, who target.Who, path string, judge func(e *target.Exchange, who target.Who, asked string) finding) finding {
	base := client.Base(who.API())
	seen, err := p.get(ctx, client, who, base+path)
	none, unanswered := errors.AsType[*target.NoAnswer](err)
	if unanswered && !none.Timeout || err == nil && seen.Status >= http.StatusInternalServerError {
		seen, err = p.get(ctx, client, who, base+path) // a server that only stumbled deserves a second try
	}
	if halt, ok := errors.AsType[*target.Halt](err); ok {
		return finding{state: silent, words: halt.Reason}
	}
	if err != nil {
		return finding{state: silent, words: base + " does not answer: " + err.Error()}
	}
	f := judge(seen, who, "GET "+base+path)
	if f.words != "" {
		f.words += p.cause(seen)
	}
	return f
}

// get sends a GET with the key of a caller.
func (p *plan) get(ctx context.Context, client *target.Client, who target.Who, address string) (*target.Exchange, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+p.keys[who])
	tape := &target.Tape{Client: client}
	if _, err = tape.Do(req); err != nil {
		return nil, err
	}
	return tape.Last(), nil
}

// names are what the APIs call themselves.
var names = map[clause.API]string{clause.InboxOps: "InboxOps", clause.AppHandoff: "AppHandoff"}

// answered says what came back.
func answered(e *target.Exchange, asked string) string {
	media, _, _ := mime.ParseMediaType(e.ResponseHeader.Get("Content-Type"))
	return fmt.Sprintf("%s answered %d (%s)", asked, e.Status, shortly(media, e.ResponseBody))
}

// stranger tells AppHandoff from something else by its answer about a ticket
// that does not exist: AppHandoff says, in its own error format, that there is
// no such ticket, or that this key may not read it.
func stranger(e *target.Exchange, who target.Who, asked string) finding {
	f := recognise(e, who, asked)
	body, _ := e.JSON()
	object, _ := body.(map[string]any)
	switch {
	case e.Status >= http.StatusInternalServerError || f.state == works:
		return f
	case object["error"] == nil:
	case e.Status == http.StatusNotFound || e.Status == http.StatusForbidden:
		return finding{}
	case e.Status == http.StatusUnauthorized:
		return f
	}
	return finding{strange, "there is no AppHandoff: " + answered(e, asked), e}
}

// recognise tells whether the answer to a GET that must succeed comes from the
// API or from something else.
func recognise(e *target.Exchange, who target.Who, asked string) finding {
	answered := answered(e, asked)
	_, errJSON := e.JSON()
	name := names[who.API()]
	switch {
	case e.Status == http.StatusUnauthorized && errJSON == nil, e.Status == http.StatusForbidden && errJSON == nil:
		return finding{refuses, fmt.Sprintf("the target refuses the key $%s: %s", who.Variable(), answered), e}
	case e.Status >= http.StatusInternalServerError:
		return finding{strange, fmt.Sprintf("%s does not work: %s", name, answered), e}
	case e.Status == http.StatusNotFound && errJSON == nil && who == target.Member:
		return finding{strange, "AppHandoff does not know the ticket of the facts: " + answered, e}
	case e.Status == http.StatusNotFound || errJSON != nil:
		return finding{strange, fmt.Sprintf("there is no %s: %s", name, answered), e}
	case e.Status != http.StatusOK:
		return finding{odd, fmt.Sprintf("%s does not work: %s", name, answered), e}
	}
	list := map[clause.API]string{clause.InboxOps: "data", clause.AppHandoff: "messages"}[who.API()]
	if _, _, err := survey.List(e, list); err != nil {
		return finding{odd, fmt.Sprintf("this does not look like %s: %s: %v", name, answered, err), e}
	}
	return finding{}
}

// failure is the verdict of the clause that stands for an API which is not
// there although its key was given.
func (f finding) failure() scenario.Verdict {
	out := scenario.Failure{Path: "body", Message: f.words, Exchange: f.seen}
	if f.seen.Status != http.StatusOK {
		out = scenario.Failure{
			Path: "status", Expected: `"200 OK"`,
			Actual: strconv.Quote(strings.TrimSpace(fmt.Sprint(f.seen.Status, " ", http.StatusText(f.seen.Status)))), Exchange: f.seen,
		}
	}
	return scenario.Verdict{
		Outcome: scenario.Fail, Reason: f.words, Failures: []scenario.Failure{out}, Exchanges: []*target.Exchange{f.seen}, Asserts: 1,
	}
}

// shortly describes a body in a few words.
func shortly(media string, body []byte) string {
	const most = 60
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return "an empty body"
	case media == "":
		media = "no Content-Type"
	}
	if len(body) > most {
		return fmt.Sprintf("%s, %d bytes", media, len(body))
	}
	return fmt.Sprintf("%s, %s", media, plain.Line(string(body)))
}

// answers reports whether an API is in one of the states.
func answers(found map[clause.API]finding, states ...state) bool {
	for _, f := range found {
		if slices.Contains(states, f.state) {
			return true
		}
	}
	return false
}

// blocked are the verdicts on the clauses of an API that cannot be judged: its
// first one fails, because the key says that the API is there, and the others
// are not run. Nothing is said about an API that does not even answer.
func (p *plan) blocked(found map[clause.API]finding) map[string]scenario.Verdict {
	out := map[string]scenario.Verdict{}
	first := map[clause.API]bool{}
	for _, c := range p.scenarios {
		f := found[c.API]
		switch {
		case f.state == works || f.state == odd:
		case f.state != silent && !first[c.API]:
			first[c.API] = true
			out[c.ID] = f.failure()
		default:
			out[c.ID] = scenario.Verdict{Outcome: scenario.NotRun, Reason: f.words}
		}
	}
	return out
}

// insist fails the first clause of an API that gives no list, if no other
// clause of it has failed: whatever was judged there is not the API.
func (p *plan) insist(results []runner.Result, found map[clause.API]finding) {
	for api, f := range found {
		of := func(r runner.Result) bool { return r.Clause.API == api }
		failed := func(r runner.Result) bool { return of(r) && r.Verdict.Outcome == scenario.Fail }
		if f.state == odd && !slices.ContainsFunc(results, failed) {
			results[slices.IndexFunc(results, of)].Verdict = f.failure()
		}
	}
}
