package scenario

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var errorBodies = []Scenario{
	{Clause: strict("IO-ERR-01", on(listTickets, "listTickets", "listTicketMessages", "addInternalNote"), "Every 4xx body is a JSON object."), Steady: true, Last: true, Run: func(s *Session) {
		s.company(clause.InboxOps)
		s.each(s.refusals(""), func(e *target.Exchange) {
			v, err := e.JSON()
			_, isObject := v.(map[string]any)
			s.assert(err == nil && isObject, bodyOf(s, e), "a JSON object", shown(v, err), e)
		})
	}},
	{Clause: lenient("IO-ERR-02", also(listTickets, problems), "Problem dialect: Content-Type is application/problem+json on errors."), Steady: true, Last: true, Run: func(s *Session) {
		s.each(s.refusalsIn(Problem), func(e *target.Exchange) {
			s.assert(mediaOf(e) == "application/problem+json", "Content-Type", "application/problem+json", e.ResponseHeader.Get("Content-Type"), e)
		})
	}},
	{Clause: lenient("IO-ERR-03", also(listTickets, problems), "Problem dialect: code is a string equal to the last segment of type."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachError(Problem, func(e *target.Exchange, problem map[string]any) {
			code, _ := problem["code"].(string)
			kind, _ := problem["type"].(string)
			s.assert(code != "" && lastSegment(kind) == code, "code", "the last segment of type "+text(problem["type"]), member(problem, "code"), e)
		})
	}},
	{Clause: lenient("IO-ERR-04", also(listTickets, problems), "Problem dialect: status equals the HTTP status."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachError(Problem, func(e *target.Exchange, problem map[string]any) {
			status, ok := survey.Integer(problem["status"])
			s.assert(ok && status == int64(e.Status), "status", e.Status, member(problem, "status"), e)
		})
	}},
	{
		Clause: lenient("IO-ERR-05", also(listTickets, problems), "Problem dialect: instance, if present, ends in the X-Request-Id value."),
		Steady: true, Last: true, Run: instances,
	},
	{Clause: lenient("IO-ERR-06", listTickets, "Sample dialect: error and message are strings; code, where it is there, is the integer HTTP status or a string problem code."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachError(Sample, func(e *target.Exchange, body map[string]any) {
			for _, name := range []string{"error", "message"} {
				_, ok := body[name].(string)
				s.assert(ok, name, "a string", member(body, name), e)
			}
			code, isNumber := survey.Integer(body["code"])
			word, isWord := body["code"].(string)
			_, there := body["code"]
			right := !there || isNumber && code == int64(e.Status) || isWord && word != "" // A2
			s.assert(right, "code", fmt.Sprintf("%d, a problem code, or none", e.Status), member(body, "code"), e)
		})
	}},
	{Clause: lenient("IO-ERR-07", listTickets, "Sample dialect: 400 has details, an array of objects with field and message."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachOf(Sample, http.StatusBadRequest, func(e *target.Exchange, body map[string]any) {
			details, ok := body["details"].([]any)
			s.assert(ok, "details", "an array", member(body, "details"), e)
			for _, d := range details {
				detail, _ := d.(map[string]any)
				_, field := detail["field"].(string)
				_, message := detail["message"].(string)
				s.assert(field && message, "details[]", "an object with strings field and message", d, e)
			}
		})
	}},
	{Clause: lenient("IO-ERR-08", listTickets, "Sample dialect: 429 has numeric retryAfter.", clause.Burst), Steady: true, Run: sampleRetryAfter},
	{Clause: lenient("IO-ERR-09", listMessages, "Sample dialect: the code of a 404 body, where it is a number, is 404."), Steady: true, Last: true, Run: func(s *Session) {
		s.eachOf(Sample, http.StatusNotFound, func(e *target.Exchange, body map[string]any) {
			code, isNumber := survey.Integer(body["code"])
			s.assert(!isNumber || code == http.StatusNotFound, "code", http.StatusNotFound, member(body, "code"), e)
		})
	}},
}

// instances looks for the request id in every error that names its instance.
func instances(s *Session) {
	named := false
	s.eachError(Problem, func(e *target.Exchange, problem map[string]any) {
		instance, ok := problem["instance"].(string)
		if !ok && problem["instance"] == nil {
			return
		}
		named = true
		ids := e.ResponseHeader.Values("X-Request-Id") // a gateway may add its own
		s.assert(ok && slices.Contains(ids, lastSegment(instance)), "instance", "a URI that ends in the X-Request-Id "+strings.Join(ids, " or "), problem["instance"], e)
	})
	if !named {
		s.Skip("no error of the target has an instance, and none needs one", "")
	}
}

// refusals returns the 4xx answers that the run has met or, given a Prefer
// header, the answers to requests with one fault each.
func (s *Session) refusals(prefer string) []*target.Exchange {
	if prefer == "" {
		return s.met(clause.InboxOps, func(*target.Exchange) bool { return true }, func() []*target.Exchange { return s.faults("") })
	}
	return s.faults(prefer)
}

// faults returns the 4xx answers to requests with one fault each, sent with the
// Prefer header if one is given. They are sent once per epoch, because a
// refused note among them would make the others forgotten. Whether each is
// refused is not judged here.
func (s *Session) faults(prefer string) []*target.Exchange {
	if known := s.env.refusals[prefer]; known != nil {
		s.tape.Adopt(known...)
		return known
	}
	faults := slices.Clone(readFaults)
	ticket := messagesPath(s.AnyTicket())
	faults = append(faults,
		fault{target.Nobody, ticket, "", http.StatusUnauthorized},
		fault{target.ReadWrite, ticket, "types=bogus", http.StatusBadRequest},
		fault{target.ReadWrite, "/tickets", "custom_field_mockdesk_check_unknown=x", http.StatusBadRequest})
	for _, who := range []target.Who{target.Revoked, target.Unentitled} {
		if s.Has(who) {
			faults = append(faults, fault{who, "/tickets", "", http.StatusUnauthorized})
		}
	}
	out := s.faulty(faults, prefer)
	if e := s.refusedNote(prefer); e != nil {
		out = append(out, e)
	}
	if len(out) == 0 {
		s.Skip("the target refused nothing with a 4xx", "")
	}
	s.env.refusals[prefer] = out
	return out
}

// refusedNote is the 4xx answer to a message of a type that may not be
// posted, when the run may write.
func (s *Session) refusedNote(prefer string) *target.Exchange {
	if !s.env.Write {
		return nil
	}
	header := http.Header{"Content-Type": {jsonMedia}, "Prefer": {prefer}}
	return refusedBy(s.send(target.ReadWrite, http.MethodPost, messagesPath(s.WriteTicket()), "", header, []byte(`{"type":"mockdesk-check"}`)))
}

// refusalsIn are refusals in the dialect. A target that speaks the other one
// is asked for it by a Prefer header, as a mockdesk server understands it;
// one that cannot is skipped.
func (s *Session) refusalsIn(d Dialect) []*target.Exchange {
	spoken := s.Dialect()
	if spoken == d {
		return s.refusals("")
	}
	prefer := "error-format=" + string(d)
	e := s.fault(readFaults[0], prefer)
	if e == nil || dialectOf(e) != d {
		s.Skip("the target's errors are not of the "+string(d)+" form: their form is "+string(spoken), "--error-format "+string(d)+" demands it")
	}
	return s.refusals(prefer)
}

// eachError judges the object of each refusal in the dialect. IO-ERR-01 judges
// bodies that are not objects.
func (s *Session) eachError(d Dialect, judge func(*target.Exchange, map[string]any)) {
	looked := false
	s.each(s.refusalsIn(d), func(e *target.Exchange) {
		if body := objectOf(e); body != nil {
			looked = true
			judge(e, body)
		}
	})
	if !looked {
		s.Skip("no refusal of the target has a JSON object to look at", "")
	}
}

// eachOf is eachError for the refusals with one status.
func (s *Session) eachOf(d Dialect, status int, judge func(*target.Exchange, map[string]any)) {
	looked := false
	s.eachError(d, func(e *target.Exchange, body map[string]any) {
		if e.Status == status {
			looked = true
			judge(e, body)
		}
	})
	if !looked {
		s.Skip("the target refused nothing with "+http.StatusText(status), "")
	}
}

// member is the value of a member, or that it is absent.
func member(object map[string]any, name string) any {
	if v, ok := object[name]; ok {
		return v
	}
	return absent
}

// shown is a decoded body or why it could not be decoded.
func shown(v any, err error) any {
	if err != nil {
		return err
	}
	return v
}

// bodyOf names the body of a refusal.
func bodyOf(s *Session, e *target.Exchange) string {
	return "body of the " + http.StatusText(e.Status) + " of " + s.name(e)
}

// lastSegment is what follows the last slash of a URI.
func lastSegment(uri string) string {
	uri = strings.TrimSuffix(uri, "/")
	return uri[strings.LastIndexByte(uri, '/')+1:]
}

// isNumber reports whether a decoded value is a JSON number.
func isNumber(v any) bool {
	_, ok := v.(json.Number)
	return ok
}
