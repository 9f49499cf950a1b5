package openapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// route is an operation's path, split at its slashes.
type route struct {
	operation Operation
	segments  []string
	literals  int // segments that are not {templates}
}

func newRoute(op Operation) route {
	r := route{operation: op, segments: strings.Split(op.Path, "/")}
	for _, s := range r.segments {
		if !strings.HasPrefix(s, "{") {
			r.literals++
		}
	}
	return r
}

// match returns the decoded path parameters. A template takes one segment that is not empty.
func (r route) match(segments []string) (map[string]string, bool) {
	if len(segments) != len(r.segments) {
		return nil, false
	}
	values := map[string]string{}
	for i, want := range r.segments {
		got, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(want, "{"); ok && got != "" {
			values[strings.TrimSuffix(name, "}")] = got
		} else if got != want {
			return nil, false
		}
	}
	return values, true
}

// Match returns the operation that answers a request with this method and path. The path is the escaped one
// (URL.EscapedPath), with the contract's base and without a query. HEAD counts as GET.
func (c *Contract) Match(method, path string) (Operation, bool) {
	found, _, _ := c.find(method, path)
	if found == nil {
		return Operation{}, false
	}
	return found.operation, true
}

// find returns the route, its path parameters, and the methods the path has. Literal segments win over templates.
func (c *Contract) find(method, path string) (found *route, values map[string]string, allowed []string) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	segments := strings.Split(path, "/")
	for i := range c.routes {
		r := &c.routes[i]
		v, ok := r.match(segments)
		if !ok {
			continue
		}
		if !slices.Contains(allowed, r.operation.Method) {
			allowed = append(allowed, r.operation.Method)
		}
		if r.operation.Method == method && (found == nil || r.literals > found.literals) {
			found, values = r, v
		}
	}
	return found, values, allowed
}
