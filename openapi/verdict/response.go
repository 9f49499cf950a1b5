package verdict

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/openapi"
)

// OnResponse returns how the answer to a request departs from a contract: at
// most 20 violations, none if it keeps the contract. It reads the body and puts
// it back. An answer to HEAD is judged by status and headers. An answer to a
// request of no operation must be the contract's 404 or 405.
func OnResponse(c *openapi.Contract, req *http.Request, resp *http.Response) []openapi.Violation {
	body, again, err := drain(resp.Body)
	resp.Body = again
	if err != nil {
		return []openapi.Violation{{Where: "body", Rule: openapi.RuleBody, Reason: "could not be read: " + err.Error()}}
	}
	found, _ := OnAnswer(c, req, resp, body)
	return found
}

// OnAnswer is OnResponse for an answer whose body was read already. It also
// returns the value of a JSON body, with numbers as json.Number, so that nobody
// has to decode it twice; the value is nil if the body is not JSON.
func OnAnswer(c *openapi.Contract, req *http.Request, resp *http.Response, body []byte) ([]openapi.Violation, any) {
	all, err := compilers[c.Name()]()
	if err != nil {
		return unusable(c.Name(), err), nil
	}
	var want *response
	found, ok := c.Match(req.Method, req.URL.EscapedPath())
	if !ok {
		if want = all.unrouted[resp.StatusCode]; want == nil {
			return []openapi.Violation{{
				Where: "response.status", Rule: openapi.RuleUndocumentedResponse, Got: fmt.Sprint(resp.StatusCode),
				Reason: "answers a request that is no operation of " + c.Name(), Hint: "answer 404, or 405 when the path has other methods",
			}}, nil
		}
	} else {
		op := all.operations[found.ID]
		want = op.responses[resp.StatusCode]
		if want == nil && req.Method == http.MethodHead && resp.StatusCode == http.StatusMethodNotAllowed {
			want = all.unrouted[resp.StatusCode] // a server need not offer HEAD
		}
		if want == nil {
			return []openapi.Violation{op.undocumentedStatus(resp.StatusCode)}, nil
		}
	}
	out := want.checkHeaders(resp.Header)
	if req.Method == http.MethodHead {
		return atMost(out), nil
	}
	violations, value := want.checkBody(resp.Header.Get("Content-Type"), body)
	return atMost(append(out, violations...)), value
}

func (o *operation) undocumentedStatus(status int) openapi.Violation {
	var listed []string
	for _, s := range slices.Sorted(maps.Keys(o.responses)) {
		listed = append(listed, fmt.Sprint(s))
	}
	return openapi.Violation{
		Where: "response.status", Rule: openapi.RuleUndocumentedStatus, Got: fmt.Sprint(status),
		Reason: "is not a status of " + o.id, Hint: "its statuses are " + strings.Join(listed, ", "), Line: o.line,
	}
}

// response is what an operation may answer with one status.
type response struct {
	headers []*parameter
	content map[string]*schema // by media type
	open    bool               // the body is not documented: it may be missing or of any type
	line    int
}

func (r *response) checkHeaders(header http.Header) []openapi.Violation {
	var out []openapi.Violation
	for _, p := range r.headers {
		for _, value := range header.Values(p.name) {
			out = append(out, p.check("header."+p.name, strings.TrimSpace(value), value)...)
		}
	}
	for i := range out {
		out[i].Hint = "" // hints are for those who write requests
	}
	return out
}

// checkBody checks a body and returns its value, if it has one.
func (r *response) checkBody(header string, text []byte) ([]openapi.Violation, any) {
	media := mediaType(header)
	s := r.content[media]
	switch {
	case r.open && (s == nil || len(text) == 0), len(r.content) == 0:
		return nil, nil
	case len(text) == 0:
		return []openapi.Violation{{Where: "body", Rule: openapi.RuleBody, Reason: "is empty", Line: r.line}}, nil
	case s == nil:
		v := openapi.Violation{
			Where: "header.Content-Type", Rule: openapi.RuleContentType, Got: show(header), Line: r.line,
			Reason: "is not the documented " + kinds(r.content),
		}
		if header == "" {
			v.Reason = "is missing; documented is " + kinds(r.content)
		}
		return []openapi.Violation{v}, nil
	}
	value, err := read(media, text)
	if err != nil {
		return []openapi.Violation{{
			Where: "body", Rule: openapi.RuleBody, Got: show(string(text)), Line: r.line,
			Reason: fmt.Sprintf("is not one JSON value: %v", err),
		}}, nil
	}
	found := append(s.check("body", value), s.undocumented("body", value)...)
	if !isJSON(media) {
		value = nil
	}
	return found, value
}

// kinds lists media types.
func kinds(content map[string]*schema) string {
	return strings.Join(slices.Sorted(maps.Keys(content)), " or ")
}
