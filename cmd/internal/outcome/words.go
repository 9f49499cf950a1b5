package outcome

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/plain"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// maxNamed is how many workspaces are named one by one.
const maxNamed = 20

// line is the command as it was typed, more or less, or what was asked instead.
func (o Outcome) line() string {
	if o.Server != "" {
		return plain.Line(o.Server + ", workspace " + o.Workspace)
	}
	return plain.Line(strings.Join(o.Command, " "))
}

// took says how long the command ran.
func (o Outcome) took() string {
	if o.Server != "" {
		return "until now"
	}
	return o.Duration.Round(time.Millisecond).String()
}

// came says how many requests came, and to how many workspaces if there were
// several.
func (o Outcome) came() string {
	text := requests(o.Summary.Requests)
	if n := len(o.Summary.Workspaces); n > 1 && o.Summary.MoreRequests > 0 {
		text += fmt.Sprintf(" in more than %d workspaces", n)
	} else if n > 1 {
		text += fmt.Sprintf(" in %d workspaces", n)
	}
	if unread := o.unread(); unread != "" {
		text += ", " + unread
	}
	return text
}

// unread says how many bodies were not judged, "" when all were.
func (o Outcome) unread() string {
	const why = "not judged (the refusal came first)"
	switch n := o.Summary.Unread; n {
	case 0:
		return ""
	case 1:
		return "1 body " + why
	default:
		return fmt.Sprintf("%d bodies %s", n, why)
	}
}

// visits says how many requests came to which workspace, "" when there is only
// one.
func (o Outcome) visits() string {
	all := o.Summary.Workspaces
	if len(all) < 2 {
		return ""
	}
	var named []string
	for _, v := range all[:min(len(all), maxNamed)] {
		named = append(named, fmt.Sprintf("%s %d", v.Workspace, v.Requests))
	}
	if rest := o.Summary.MoreRequests; len(all) > maxNamed || rest > 0 {
		for _, v := range all[min(len(all), maxNamed):] {
			rest += v.Requests
		}
		named = append(named, fmt.Sprintf("others %d", rest))
	}
	return strings.Join(named, ", ")
}

// operation names what requests were for.
func operation(c journal.Count) string {
	return cmp.Or(strings.TrimSpace(c.Service+" "+c.Operation), "(an address of neither service)")
}

// breach is a way in which requests broke the contract.
type breach struct {
	Name    string // rule and place
	Times   string
	Words   string
	Request string // the first request with it
	Where   string // printed after Request: the workspace it came to, if there are several
	Curl    string
}

// found describes the breaches.
func (o Outcome) found() []breach { return o.describe(o.Summary.Violations) }

// answers describes the breaches of the answers.
func (o Outcome) answers() []breach { return o.describe(o.Summary.AnswerViolations) }

// describe puts breaches into words.
func (o Outcome) describe(groups []journal.Group) []breach {
	var all []breach
	for _, group := range groups {
		b := breach{
			Name: plain.Line(group.Rule + " " + group.Where), Times: times(group.Count), Words: plain.Line(group.Violation.String()),
			Request: plain.Line(cmp.Or(strings.TrimSpace(group.First.Method+" "+group.First.URL), "what is no HTTP")), Curl: group.First.Curl(),
		}
		if len(o.Summary.Workspaces) > 1 {
			b.Where = " in workspace " + group.Workspace
		}
		all = append(all, b)
	}
	return all
}

// more says how many violations are not described.
func (o Outcome) more() string { return further(o.Summary.More) }

// moreAnswers says the same of the answers.
func (o Outcome) moreAnswers() string { return further(o.Summary.MoreAnswers) }

func further(n uint64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("and %s of further kinds", report.Plural(n, "violation"))
}

// hasty describes the requests that came back too early.
func (o Outcome) hasty() []string {
	var all []string
	for _, e := range o.Summary.EarlyRetries {
		text := fmt.Sprintf("%s %s came after %s, told to wait %s", e.Retry.Method, e.Retry.URL, seconds(e.Waited), seconds(e.RetryAfter))
		if len(o.Summary.Workspaces) > 1 {
			text += " in workspace " + e.Workspace
		}
		all = append(all, plain.Line(text))
	}
	if o.Summary.MoreEarly > 0 {
		all = append(all, fmt.Sprintf("and %d more", o.Summary.MoreEarly))
	}
	return all
}

// unclear says how many requests may have come too early.
func (o Outcome) unclear() string {
	if o.Summary.Unclear == 0 {
		return ""
	}
	return fmt.Sprintf("%s may have come back before Retry-After had passed, or from another client with the same key.", requests(o.Summary.Unclear))
}

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond).String()
}

// needless describes the allowances that nothing used.
func (o Outcome) needless() []string {
	var all []string
	for _, use := range o.Summary.Allowances {
		if use.Used == 0 {
			all = append(all, fmt.Sprintf("--allow %q", plain.Line(use.String())))
		}
	}
	for _, u := range o.Summary.Unused {
		all = append(all, plain.Line(fmt.Sprintf("%s: %s, %s, first by %s %s", journal.AllowHeader, u.Allowance, times(u.Count), u.First.Method, u.First.URL)))
	}
	return all
}

// fired says what became of a fault.
func fired(f fault.InForce) string {
	name := f.ID
	if f.Name != "" {
		name += " (" + plain.Line(f.Name) + ")"
	}
	text := name + " fired " + times(uint64(f.Fired))
	if f.Missed > 0 {
		text += ", and changed nothing " + times(uint64(f.Missed))
	}
	return text
}
