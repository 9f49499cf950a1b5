package openapi

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// CheckRequest returns how a request departs from the contract, at most 20 violations, none when it keeps it. It
// reads the body and puts it back. The host and the credentials are not looked at.
func (c *Contract) CheckRequest(r *http.Request) []Violation {
	found, values, allowed := c.find(r.Method, r.URL.EscapedPath())
	if found == nil {
		return []Violation{c.unrouted(r, allowed)}
	}
	all, err := c.compiled()
	if err != nil {
		return []Violation{broken(c.name, err)}
	}
	op := all.operations[found.operation.ID]
	var out []Violation
	for _, p := range op.parameters {
		if value, ok := values[p.name]; ok && p.in == "path" {
			out = append(out, p.check("path."+p.name, value, value)...)
		}
		if value := r.Header.Values(p.name); p.in == "header" && len(value) > 0 {
			out = append(out, p.check("header."+p.name, value[0], value[0])...)
		}
	}
	out = append(out, op.missing("header", func(name string) bool { return len(r.Header.Values(name)) > 0 })...)
	out = append(out, op.checkQuery(r.URL.RawQuery, c.patterns[op.id])...)
	if op.body != nil {
		out = append(out, op.body.checkRequest(r)...)
	}
	return atMost(out)
}

// broken reports that the contract's document cannot be used.
func broken(name string, err error) Violation {
	return Violation{Where: name + ".yaml", Rule: RuleContract, Reason: "cannot be used, so nothing was checked: " + err.Error()}
}

// unrouted says why a request belongs to no operation.
func (c *Contract) unrouted(r *http.Request, allowed []string) Violation {
	path := r.URL.EscapedPath()
	if len(allowed) > 0 {
		return Violation{
			Where: "method", Rule: RuleUndocumentedMethod, Got: show(r.Method),
			Reason: "is not a method of " + show(path), Hint: "use " + strings.Join(allowed, " or "),
		}
	}
	v := Violation{Where: "path", Rule: RuleUndocumentedPath, Got: show(path), Reason: "is not a path of " + c.name}
	var paths []string
	for _, op := range c.operations {
		if !slices.Contains(paths, op.Path) {
			paths = append(paths, op.Path)
		}
	}
	trimmed := strings.TrimRight(path, "/")
	switch _, _, methods := c.find(r.Method, trimmed); {
	case len(methods) > 0:
		v.Hint = "leave out the slash at the end: " + show(trimmed)
	case path != c.base && !strings.HasPrefix(path, c.base+"/"):
		v.Hint = "every path begins with " + c.base
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

func (b *body) checkRequest(r *http.Request) []Violation {
	text, again, err := drain(r.Body)
	r.Body = again
	if err != nil {
		return []Violation{{Where: "body", Rule: RuleBody, Reason: "could not be read: " + err.Error(), Line: b.line}}
	}
	if len(text) == 0 && !b.required {
		return nil
	}
	var out []Violation
	header := r.Header.Get("Content-Type")
	s := b.content[mediaType(header)]
	if _, _, err := mime.ParseMediaType(header); err != nil {
		s = nil // of an answer a broken parameter is borne with, of a request it is not
	}
	if s == nil {
		v := Violation{
			Where: "header.Content-Type", Rule: RuleContentType, Got: show(header), Reason: "is missing",
			Hint: "send the header Content-Type: " + kinds(b.content), Line: b.line,
		}
		if header != "" {
			v.Reason = "is not a media type this operation takes"
		}
		out = append(out, v)
	}
	switch {
	case len(text) == 0:
		return append(out, Violation{
			Where: "body", Rule: RuleBody, Reason: "is empty", Hint: "send a JSON object", Line: b.line,
		})
	case s == nil:
		return out
	}
	if !isJSON(mediaType(header)) {
		return append(out, s.check("body", string(text))...)
	}
	return append(out, b.checkText(s, text)...)
}

func (b *body) checkText(s *schema, text []byte) []Violation {
	value, err := decode(text)
	if err != nil {
		return []Violation{{
			Where: "body", Rule: RuleBody, Got: show(string(text)), Line: b.line,
			Reason: fmt.Sprintf("is not one JSON value: %v", err), Hint: "send one JSON object and nothing after it",
		}}
	}
	var out []Violation
	for _, where := range duplicates(text) {
		out = append(out, Violation{
			Where: where, Rule: RuleDuplicateKey, Reason: "is there more than once", Hint: "send each member once", Line: b.line,
		})
	}
	out = append(out, s.check("body", value)...)
	return append(out, s.undocumented("body", value)...)
}
