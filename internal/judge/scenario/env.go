package scenario

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// Env is what the scenarios of a run share.
type Env struct {
	Client *target.Client
	Keys   target.Keys
	Facts  *facts.Facts
	Mask   *target.Mask
	Survey *survey.Survey
	Write  bool
	// WriteTicket is the UUID or number of the one ticket that may be written
	// to; empty leaves the choice to the run.
	WriteTicket string
	NoWrite     string // why nothing is written although that is allowed
	Burst       int    // requests the main keys may send to meet their rate limit; 0 forbids it
	ErrorFormat string // problem or sample; empty detects it
	RunID       string // part of every marker
	// Timeout bounds the time the requests of a scenario take together, waits
	// not counted; 0 means no bound.
	Timeout time.Duration
	Settle  time.Duration // how long a stored note may take to show
	Settled time.Duration // how long the run waited until one showed

	writeTicket *survey.Row
	dialect     Dialect
	limits      *limits
	scopeHeld   bool                          // a write of the read-only key was refused
	numbered    string                        // yes or no: notes can be sent by number
	numberShows bool                          // and one was shown then
	refusals    map[string][]*target.Exchange // by Prefer header
	markers     int
	note        *sentNote
	Seed        uint64 // of the planned questions
	combined    *combinations
	space       *space           // of those questions
	suspects    []model.Question // of the epoch before
	stretch     *stretch         // of those questions
	together    []model.Question // of them that found tickets by several filters
	leftovers   []model.Question // suspects of the rest

	refused    []refusal                     // of the run, each alone
	companions map[clause.API][]refusal      // that were answered wrongly in the epoch before
	doubted    map[string][]*target.Exchange // that a clause held against the target, by its id
	working    []model.Filter                // that the planned questions of the list were made of

	timelines        *inquiry[timelineQuestion]
	timelineSuspects []timelineQuestion
	threads          *inquiry[threadQuestion]
	threadSuspects   []threadQuestion
}

// Forget drops the answers that scenarios share, except those of the survey.
func (e *Env) Forget() {
	e.Client.NewEpoch()
	e.dialect, e.limits, e.refusals, e.combined, e.space, e.note = "", nil, map[string][]*target.Exchange{}, nil, nil, nil
	e.timelines, e.threads, e.together = nil, nil, nil
	if e.doubted == nil {
		e.doubted, e.companions = map[string][]*target.Exchange{}, map[clause.API][]refusal{}
	}
}

// NewEpoch forgets every answer and begins a new survey.
func (e *Env) NewEpoch() *survey.Survey {
	e.Forget()
	e.writeTicket = nil // it may have been deleted
	e.Survey = e.survey(&target.Tape{Client: e.Client})
	return e.Survey
}

// Resurvey begins a survey that shares no answer with anything.
func (e *Env) Resurvey() *survey.Survey {
	return e.survey(&target.Tape{Client: e.Client, Fresh: true})
}

func (e *Env) survey(tape *target.Tape) *survey.Survey {
	return survey.New(func(ctx context.Context, who target.Who, path, query string) (*target.Exchange, error) {
		return e.get(ctx, tape, who, path, query)
	}, e.Facts)
}

// get sends a GET and returns the whole exchange.
func (e *Env) get(ctx context.Context, tape *target.Tape, who target.Who, path, query string) (*target.Exchange, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.Client.Base(who.API())+path, nil)
	if err != nil {
		return nil, err
	}
	req.URL.RawQuery = query
	e.authorize(req.Header, who)
	if _, err := tape.Do(req); err != nil {
		return nil, err
	}
	return tape.Last(), nil
}

// authorize sets the header of the caller's key, if it has one.
func (e *Env) authorize(h http.Header, who target.Who) {
	if key := e.Keys[who]; key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
}

// Missing returns the first need of the clause that the run does not meet, ""
// when it meets all.
func (e *Env) Missing(c clause.Clause) clause.Need {
	for _, n := range c.Needs {
		if !e.meets(n) {
			return n
		}
	}
	return ""
}

// Lacks says why a need is not met, and what would meet it.
func (e *Env) Lacks(n clause.Need) (reason, unlock string) {
	if n == clause.Write && e.NoWrite != "" {
		return e.NoWrite, "--write-ticket ID of a ticket that the target has"
	}
	return n.Reason(), n.Unlock()
}

// callers are those whose keys clauses need.
var callers = map[clause.Need]target.Who{
	clause.Key: target.ReadWrite, clause.ReadOnlyKey: target.ReadOnly, clause.RevokedKey: target.Revoked,
	clause.UnentitledKey: target.Unentitled, clause.HandoffKey: target.Member,
}

// meets reports whether the run can give what a clause needs.
func (e *Env) meets(n clause.Need) bool {
	io, ah := &e.Facts.InboxOps, &e.Facts.AppHandoff
	if who, ok := callers[n]; ok {
		return e.Keys[who] != ""
	}
	switch n {
	case clause.Write:
		return e.Write
	case clause.Burst:
		return e.Burst > 0 || e.Keys[target.Limited] != ""
	case clause.HandoffBurst:
		return e.Burst > 0 || e.Keys[target.MemberLimited] != ""
	case clause.Tags:
		return len(io.Tags) > 0
	case clause.CustomFields:
		return len(io.CustomFields) > 0
	case clause.Drafts:
		for _, t := range io.Tickets {
			if len(t.DraftIDs) > 0 {
				return true
			}
		}
		return false
	case clause.HandoffTicket:
		return e.Facts.HasHandoff()
	case clause.Tasks:
		return slices.ContainsFunc(ah.Projects, func(p facts.Project) bool {
			return slices.ContainsFunc(p.Tickets, func(t facts.Handoff) bool { return len(t.Tasks) > 0 })
		})
	case clause.NoAccess:
		return e.Keys[target.Outsider] != "" || len(ah.InaccessibleProjects) > 0
	default:
		return false
	}
}

// LeftBehind is a message that the run stored and cannot delete.
type LeftBehind struct {
	URL    string `json:"url"`
	Marker string `json:"marker,omitempty"` // text to find it by; empty when it was sent without one
	Body   string `json:"body"`
}

// Left lists the messages the run stored.
func (e *Env) Left() []LeftBehind {
	var out []LeftBehind
	for _, x := range e.Client.Exchanges() {
		if x.Method != http.MethodPost || x.Status/100 != 2 {
			continue
		}
		left := LeftBehind{URL: x.URL, Body: e.Mask.Cut(string(x.Body), 200)}
		left.Marker = e.markerOf(x)
		out = append(out, left)
	}
	return out
}

// errNoAnswer extracts the error of a request that got no answer.
func errNoAnswer(err error) *target.NoAnswer {
	var none *target.NoAnswer
	errors.As(err, &none)
	return none
}
