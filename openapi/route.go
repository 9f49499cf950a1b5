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

// Match is what a contract has for the method and the path of a request.
type Match struct {
	Operation                   // the one that answers; without an ID if none does
	Values    map[string]string // of the path parameters, decoded
	Methods   []string          // that the path has
}

// Match returns what the contract has for a request with this method and path,
// and reports whether an operation answers it. The path is the escaped one
// (URL.EscapedPath), with the contract's base and without a query. HEAD counts
// as GET. Literal segments win over templates.
func (c *Contract) Match(method, path string) (found Match, ok bool) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	segments, literals := strings.Split(path, "/"), -1
	for i := range c.routes {
		r := &c.routes[i]
		values, fits := r.match(segments)
		if !fits {
			continue
		}
		if !slices.Contains(found.Methods, r.operation.Method) {
			found.Methods = append(found.Methods, r.operation.Method)
		}
		if r.operation.Method == method && r.literals > literals {
			found.Operation, found.Values, literals = r.operation, values, r.literals
		}
	}
	return found, literals >= 0
}
