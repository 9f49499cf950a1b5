package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/gavv/httpexpect/v2"
)

// absent stands for a member that is not there.
const absent = missing("(absent)")

// missing is text that is shown without quotes.
type missing string

// doer sends the requests of httpexpect through the session's tape.
type doer struct{ s *Session }

// Do sends or answers from memory. It follows no redirect.
func (d doer) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.s.tape.Do(r)
	if none := errNoAnswer(err); none != nil {
		d.s.noAnswer = none
	}
	return resp, err
}

// handler records what httpexpect finds.
type handler struct{ s *Session }

// looking has the steps of a chain that look at something without judging it.
var looking = map[string]bool{
	"Request": true, "Expect": true, "Body": true, "Header": true, "Headers": true, "Raw": true, "Reader": true,
	"RoundTripTime": true, "Duration": true, "Alias": true, "Builder": true, "Decode": true,
}

// Success counts the assertions among the steps.
func (h handler) Success(c *httpexpect.AssertionContext) {
	if len(c.Path) == 0 {
		return
	}
	step, _, _ := strings.Cut(c.Path[len(c.Path)-1], "(")
	if !looking[step] && !strings.HasPrefix(step, "With") {
		h.s.asserts++
	}
	if step == "Status" {
		h.s.refused()
	}
}

// Failure records a failed assertion.
func (h handler) Failure(c *httpexpect.AssertionContext, f *httpexpect.AssertionFailure) {
	if f.Severity != httpexpect.SeverityError || h.s.tape.Halted() != nil {
		return
	}
	h.s.asserts++
	out := Failure{Path: h.path(c), Exchange: h.s.tape.Last()}
	switch {
	case f.Actual != nil && f.Expected != nil: // these say everything; the words of httpexpect add nothing
		out.Actual, out.Expected = text(f.Actual.Value), text(f.Expected.Value)
	case h.s.noAnswer != nil:
		out.Message = "the request got no answer: " + h.s.noAnswer.Reason
	default:
		out.Message = fmt.Sprint(errors.Join(f.Errors...))
	}
	h.s.fail(out)
}

// path names what was looked at: status of GET /api/v1/tickets?page=2.
func (h handler) path(c *httpexpect.AssertionContext) string {
	steps := c.Path
	for len(steps) > 0 && (strings.HasPrefix(steps[0], "Request(") || steps[0] == "Expect()") {
		steps = steps[1:]
	}
	looked := strings.Join(steps, ".")
	if strings.HasPrefix(looked, "Status") {
		looked = "status"
	}
	e := h.s.tape.Last()
	if e == nil {
		return looked
	}
	return strings.TrimPrefix(looked+" of "+h.s.name(e)+h.s.with, " of ")
}

// text shows a value in a report: JSON.
func text(v any) string {
	var out string
	switch v := v.(type) {
	case nil:
		out = "null"
	case missing:
		out = string(v)
	case error:
		out = v.Error()
	case httpexpect.AssertionRange:
		out = fmt.Sprintf("between %s and %s", text(v.Min), text(v.Max))
	case httpexpect.AssertionList:
		out = oneOf(v)
	default:
		encoded, err := json.Marshal(v)
		if err != nil {
			encoded = fmt.Appendf(nil, "%v", v)
		}
		out = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(encoded))
	}
	return out
}

func oneOf(list httpexpect.AssertionList) string {
	if len(list) == 1 {
		return text(list[0])
	}
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = text(v)
	}
	return "one of " + strings.Join(parts, ", ")
}

// apart returns two objects without the members that are the same in both,
// because the difference may be far beyond the part of a row that is shown.
// Other texts are returned unchanged.
func apart(expected, actual string) (string, string) {
	var want, got map[string]any
	if json.Unmarshal([]byte(expected), &want) != nil || json.Unmarshal([]byte(actual), &got) != nil {
		return expected, actual
	}
	for name, value := range want {
		if other, has := got[name]; has && reflect.DeepEqual(value, other) {
			delete(want, name)
			delete(got, name)
		}
	}
	if len(want)+len(got) == 0 { // they differ only in notation
		return expected, actual
	}
	return text(want), text(got)
}
