package report

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
)

// cause is one thing that speaks against the target and made one or more
// clauses fail or break.
type cause struct {
	Outcome scenario.Outcome
	Results []conformance.Result
	request string // that the first of them failed for, with its caller
	message string
}

// causes groups what speaks against the target and what broke, by the request
// of the first failure and by what the failure says. The largest group comes
// first.
func causes(r conformance.Report) []cause {
	var out []cause
	for _, result := range r.Results {
		if result.Outcome != scenario.Error && !result.Unexpected() {
			continue
		}
		c := cause{Outcome: result.Outcome, request: asked(result), message: message(result), Results: []conformance.Result{result}}
		same := func(o cause) bool {
			return o.Outcome == c.Outcome && (c.request != "" && c.request == o.request || c.message != "" && c.message == o.message)
		}
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Results = append(out[i].Results, result)
			continue
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b cause) int { return cmp.Compare(len(b.Results), len(a.Results)) })
	return out
}

// asked is the request for which a clause failed, "" when there is none: its
// caller, method and URL.
func asked(r conformance.Result) string {
	if r.Outcome != scenario.Fail || len(r.Evidence) == 0 {
		return ""
	}
	e := r.Evidence[0]
	caller := slices.IndexFunc(e.Header, func(line string) bool { return strings.HasPrefix(line, "Authorization: ") })
	if caller < 0 {
		return e.Method + " " + e.URL
	}
	return strings.Join([]string{e.Header[caller], e.Method, e.URL}, " ")
}

// message is what a result has in common with others of the same cause. A 401
// or a 5xx says the same whatever was expected instead.
func message(r conformance.Result) string {
	if len(r.Failures) == 0 {
		return why(r)
	}
	f := r.Failures[0]
	answer := strings.HasPrefix(f.Path, "status") || strings.HasPrefix(f.Path, "answer")
	if status := bad.FindStringSubmatch(f.Actual); f.Message == "" && answer && status != nil {
		return status[1]
	}
	return f.Message
}

// bad matches the beginning of an actual value that is an answer for which any
// clause would fail.
var bad = regexp.MustCompile(`^"?(401|5\d\d)\b`)

// IDs are the ids of the clauses.
func (c cause) IDs() string {
	var ids []string
	for _, r := range c.Results {
		ids = append(ids, r.Clause.ID)
	}
	return ranges(ids)
}

// Title names the clause, or how many they are.
func (c cause) Title() string {
	if len(c.Results) == 1 {
		return c.Results[0].Clause.Words
	}
	return Plural(len(c.Results), "clause")
}

// Many reports whether more than one clause is in the group.
func (c cause) Many() bool { return len(c.Results) > 1 }

// Curl sends the request again, "" when nobody knows which it was.
func (c cause) Curl() string { return c.Results[0].Curl }

// example is one difference of a group: the clause, and labels with values.
type example struct {
	Result conformance.Result
	Lines  [][2]string
}

// mostExamples is how many differences of a group are shown.
const mostExamples = 2

// Examples are the first differences of a group that do not say the same.
func (c cause) Examples() []example {
	var out []example
	for _, e := range c.all() {
		told := slices.ContainsFunc(out, func(o example) bool { return slices.Equal(o.Lines, e.Lines) })
		if !told && len(out) < mostExamples {
			out = append(out, e)
		}
	}
	return out
}

// More says how many clauses, or differences of the only clause, are not among
// the examples, "" when all are.
func (c cause) More() string {
	if left := len(c.all()) - len(c.Examples()); left > 0 {
		return fmt.Sprintf("and %d more", left)
	}
	return ""
}

// all are the first difference of each clause, or all of the only one.
func (c cause) all() []example {
	var out []example
	for _, r := range c.Results {
		all := blocks(r.Failures)
		if c.Many() {
			all = all[:min(len(all), 1)]
		}
		for _, block := range all {
			out = append(out, example{r, c.without(block)})
		}
		if text := why(r); text != "" && (len(all) == 0 || !c.Many()) {
			out = append(out, example{r, [][2]string{{"because", text}}})
		}
	}
	return out
}

// without leaves out the request, which the group shows once.
func (c cause) without(lines [][2]string) [][2]string {
	evidence := c.Results[0].Evidence
	if len(evidence) == 0 {
		return lines
	}
	return slices.DeleteFunc(lines, func(l [2]string) bool { return l[0] == "request" && l[1] == evidence[0].Name() })
}
