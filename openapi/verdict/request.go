package verdict

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/openapi"
)

// OnRequest returns how a request departs from a contract: at most 20
// violations, none if it keeps the contract. It reads the body and puts it
// back. The host and the credentials are not looked at.
func OnRequest(c *openapi.Contract, r *http.Request) []openapi.Violation {
	found, ok := c.Match(r.Method, r.URL.EscapedPath())
	if !ok {
		return []openapi.Violation{unrouted(c, r, found.Methods)}
	}
	all, err := compilers[c.Name()]()
	if err != nil {
		return unusable(c.Name(), err)
	}
	op := all.operations[found.ID]
	var out []openapi.Violation
	for _, p := range op.parameters {
		if value, ok := found.Values[p.name]; ok && p.in == "path" {
			out = append(out, p.check("path."+p.name, value, value)...)
		}
		if value := r.Header.Values(p.name); p.in == "header" && len(value) > 0 {
			out = append(out, p.check("header."+p.name, value[0], value[0])...)
		}
	}
	out = append(out, op.missing("header", func(name string) bool { return len(r.Header.Values(name)) > 0 })...)
	out = append(out, op.checkQuery(r.URL.RawQuery, found.Pattern)...)
	if op.body != nil {
		out = append(out, op.body.checkRequest(r)...)
	}
	return atMost(out)
}

// unrouted says why a request belongs to no operation.
func unrouted(c *openapi.Contract, r *http.Request, allowed []string) openapi.Violation {
	path := r.URL.EscapedPath()
	if len(allowed) > 0 {
		return openapi.Violation{
			Where: "method", Rule: openapi.RuleUndocumentedMethod, Got: show(r.Method),
			Reason: "is not a method of " + show(path), Hint: "use " + strings.Join(allowed, " or "),
		}
	}
	v := openapi.Violation{Where: "path", Rule: openapi.RuleUndocumentedPath, Got: show(path), Reason: "is not a path of " + c.Name()}
	var paths []string
	for _, op := range c.Operations() {
		if !slices.Contains(paths, op.Path) {
			paths = append(paths, op.Path)
		}
	}
	trimmed := strings.TrimRight(path, "/")
	switch other, _ := c.Match(r.Method, trimmed); {
	case len(other.Methods) > 0:
		v.Hint = "leave out the slash at the end: " + show(trimmed)
	case path != c.Base() && !strings.HasPrefix(path, c.Base()+"/"):
		v.Hint = "every path begins with " + c.Base()
	default:
		v.Hint = "the paths are " + strings.Join(paths, ", ")
	}
	return v
}

// body is what an operation takes as its request body.
type body struct {
	required bool
	content  map[string]*schema // by media type
	line     int
}

func (b *body) checkRequest(r *http.Request) []openapi.Violation {
	text, again, err := drain(r.Body)
	r.Body = again
	if err != nil {
		return []openapi.Violation{{Where: "body", Rule: openapi.RuleBody, Reason: "could not be read: " + err.Error(), Line: b.line}}
	}
	if len(text) == 0 && !b.required {
		return nil
	}
	var out []openapi.Violation
	header := r.Header.Get("Content-Type")
	s := b.content[mediaType(header)]
	if _, _, err := mime.ParseMediaType(header); err != nil {
		s = nil // a broken parameter is tolerated in an answer, but not in a request
	}
	if s == nil {
		v := openapi.Violation{
			Where: "header.Content-Type", Rule: openapi.RuleContentType, Got: show(header), Reason: "is missing",
			Hint: "send the header Content-Type: " + kinds(b.content), Line: b.line,
		}
		if header != "" {
			v.Reason = "is not a media type this operation takes"
		}
		out = append(out, v)
	}
	switch {
	case len(text) == 0:
		return append(out, openapi.Violation{
			Where: "body", Rule: openapi.RuleBody, Reason: "is empty", Hint: "send a JSON object", Line: b.line,
		})
	case s == nil:
		return out
	}
	if !isJSON(mediaType(header)) {
		return append(out, s.check("body", string(text))...)
	}
	return append(out, b.checkText(s, text)...)
}

func (b *body) checkText(s *schema, text []byte) []openapi.Violation {
	value, err := decode(text)
	if err != nil {
		return []openapi.Violation{{
			Where: "body", Rule: openapi.RuleBody, Got: show(string(text)), Line: b.line,
			Reason: fmt.Sprintf("is not one JSON value: %v", err), Hint: "send one JSON object and nothing after it",
		}}
	}
	var out []openapi.Violation
	for _, where := range duplicates(text) {
		out = append(out, openapi.Violation{
			Where: where, Rule: openapi.RuleDuplicateKey, Reason: "is there more than once", Hint: "send each member once", Line: b.line,
		})
	}
	out = append(out, s.check("body", value)...)
	return append(out, s.undocumented("body", value)...)
}
