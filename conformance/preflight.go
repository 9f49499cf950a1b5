package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"

	"github.com/mockdesk/mockdesk/conformance/clause"
	"github.com/mockdesk/mockdesk/conformance/scenario"
	"github.com/mockdesk/mockdesk/conformance/survey"
	"github.com/mockdesk/mockdesk/conformance/target"
)

// finding is what a first request to an API shows.
type finding struct {
	absent bool   // the API is not there or cannot be reached
	closed bool   // the API refuses the key or does not work
	words  string // what is wrong, "" when nothing is
}

// preflight sends one request to each API that is to be judged.
func (p *plan) preflight(ctx context.Context, client *target.Client) map[clause.API]finding {
	found := map[clause.API]finding{}
	for _, c := range p.clauses {
		if _, done := found[c.API]; done {
			continue
		}
		switch {
		case c.API == clause.InboxOps && p.keys[target.ReadWrite] != "":
			found[c.API] = p.look(ctx, client, target.ReadWrite, "/tickets")
		case c.API == clause.AppHandoff && p.keys[target.Member] != "" && p.firstHandoff() != "":
			found[c.API] = p.look(ctx, client, target.Member, p.firstHandoff())
		}
	}
	return found
}

// firstHandoff is the path of a known AppHandoff ticket's messages, or "".
func (p *plan) firstHandoff() string {
	for _, project := range p.Facts.AppHandoff.Projects {
		if len(project.Tickets) > 0 {
			return scenario.HandoffPath(project.ID, project.Tickets[0].ID)
		}
	}
	return ""
}

// look sends a GET that must succeed and says what is wrong when it does not.
func (p *plan) look(ctx context.Context, client *target.Client, who target.Who, path string) finding {
	tape := &target.Tape{Client: client}
	base := client.Base(who.API())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, http.NoBody)
	if err != nil {
		return finding{absent: true, words: err.Error()}
	}
	req.Header.Set("Authorization", "Bearer "+p.keys[who])
	_, err = tape.Do(req)
	none := (*target.NoAnswer)(nil)
	if errors.As(err, &none) && !none.Timeout || err == nil && tape.Last().Status >= http.StatusInternalServerError {
		_, err = tape.Do(req) // a server that only stumbled deserves a second try
	}
	if err != nil {
		return finding{absent: true, words: base + " does not answer: " + err.Error()}
	}
	return recognise(tape.Last(), who, "GET "+base+path)
}

// recognise tells an API from something else that answers.
func recognise(e *target.Exchange, who target.Who, asked string) finding {
	media, _, _ := mime.ParseMediaType(e.ResponseHeader.Get("Content-Type"))
	answered := fmt.Sprintf("%s answered %d (%s)", asked, e.Status, shortly(media, e.ResponseBody))
	_, errJSON := survey.Decode(e.ResponseBody)
	name := map[clause.API]string{clause.InboxOps: "InboxOps", clause.AppHandoff: "AppHandoff"}[who.API()]
	switch {
	case e.Status == http.StatusUnauthorized && errJSON == nil, e.Status == http.StatusForbidden && errJSON == nil:
		return finding{closed: true, words: fmt.Sprintf("the target refuses the key $%s: %s", who.Variable(), answered)}
	case e.Status >= http.StatusInternalServerError:
		return finding{closed: true, words: fmt.Sprintf("%s does not work: %s", name, answered)}
	case e.Status == http.StatusNotFound && errJSON == nil && who == target.Member:
		return finding{absent: true, words: "AppHandoff does not know the ticket of the facts: " + answered}
	case e.Status == http.StatusNotFound || errJSON != nil:
		return finding{absent: true, words: fmt.Sprintf("there is no %s: %s", name, answered)}
	case e.Status != http.StatusOK:
		return finding{words: fmt.Sprintf("%s does not work: %s", name, answered)}
	}
	list := map[clause.API]string{clause.InboxOps: "data", clause.AppHandoff: "messages"}[who.API()]
	if _, _, err := survey.List(e, list); err != nil {
		return finding{words: fmt.Sprintf("this does not look like %s: %s: %v", name, answered, err)}
	}
	return finding{}
}

// shortly describes a body in a few words.
func shortly(media string, body []byte) string {
	const most = 40
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
	return fmt.Sprintf("%s, %s", media, body)
}

// usable is how many APIs can be judged.
func usable(found map[clause.API]finding) int {
	n := 0
	for _, f := range found {
		if !f.absent && !f.closed {
			n++
		}
	}
	return n
}

// blocked are the verdicts on clauses that cannot be judged after what was
// found: skipped when the target has only the other API, else not run.
func (p *plan) blocked(found map[clause.API]finding) map[string]scenario.Verdict {
	outcome := scenario.Skip
	if usable(found) == 0 {
		outcome = scenario.NotRun
	}
	out := map[string]scenario.Verdict{}
	for _, c := range p.clauses {
		f := found[c.API]
		// Whether a valid key is accepted can be judged of a target that refuses it.
		acceptance := c.ID == "IO-AUTH-01" || c.ID == "AH-LIST-MSG-01"
		if f.absent || f.closed && !acceptance {
			out[c.ID] = scenario.Verdict{Outcome: outcome, Reason: f.words}
		}
	}
	return out
}
