package service

import (
	"net/url"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

// Param is one query parameter.
type Param struct {
	Name, Value string
}

// AppendParams reads a raw query into params. Unlike url.ParseQuery it keeps
// the order, and it says which part cannot be decoded.
func AppendParams(params []Param, raw string) ([]Param, *problem.Error) {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, badName := unescape(name)
		value, badValue := unescape(value)
		if badName || badValue {
			return params, problem.Invalid(problem.Field{
				Name:    name,
				Message: "is not percent-encoded correctly; write a literal % as %25",
			})
		}
		params = append(params, Param{Name: name, Value: value})
	}
	return params, nil
}

// unescape decodes a part of a query; a part that cannot be decoded stays as it
// is.
func unescape(s string) (decoded string, bad bool) {
	decoded, err := url.QueryUnescape(s)
	if err != nil {
		return s, true
	}
	return decoded, false
}

// First returns the first value of a parameter: the documentation is silent
// on repeated ones (choice B17).
func (c *Call) First(name string) (value string, sent bool) {
	for _, p := range c.Params {
		if p.Name == name {
			return p.Value, true
		}
	}
	return "", false
}
