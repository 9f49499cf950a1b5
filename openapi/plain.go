package openapi

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Plain recognises requests to one operation that certainly keep the contract.
// It costs next to nothing; only requests that it does not recognise need a
// verdict.
type Plain struct {
	bodyless bool
	path     []plainParameter
	query    []plainParameter
	body     []plainParameter
	made     *Pattern
}

// plainParameter is what can quickly be said about a value.
type plainParameter struct {
	Parameter
	form *regexp.Regexp // nil when any text fits
}

// Plain returns what recognises plain requests to an operation.
func (c *Contract) Plain(operationID string) *Plain {
	p := &Plain{}
	for _, op := range c.operations {
		if op.ID != operationID {
			continue
		}
		p.bodyless, p.made = op.Method == http.MethodGet, op.Pattern
		for _, parameter := range slices.Concat(op.Parameters, op.Body) {
			glance := plainParameter{Parameter: parameter}
			if parameter.Pattern != "" {
				glance.form = regexp.MustCompile(parameter.Pattern)
			}
			switch parameter.In {
			case "path":
				p.path = append(p.path, glance)
			case "query":
				p.query = append(p.query, glance)
			case "body":
				p.body = append(p.body, glance)
			}
		}
	}
	return p
}

// Fits reports whether a request that the operation answers certainly keeps the
// contract; false means that this is not known. The body is that of a request
// which may have one and whose body was read whole, else nil.
func (p *Plain) Fits(r *http.Request, body []byte) bool {
	if !p.bodyless && !p.fitsBody(r.Header["Content-Type"], body) {
		return false
	}
	for i := range p.path {
		if !p.path[i].fits(r.PathValue(p.path[i].Name)) {
			return false
		}
	}
	return p.fitsQuery(r.URL.RawQuery)
}

// fitsQuery reports whether a query string surely holds only parameters of the
// operation, each at most once.
func (p *Plain) fitsQuery(query string) bool {
	var seen [16]string // names
	count, fields := 0, 0
	for rest := query; rest != ""; count++ {
		var part string
		part, rest, _ = strings.Cut(rest, "&")
		name, raw, found := strings.Cut(part, "=")
		if !found || count == len(seen) || slices.Contains(seen[:count], name) {
			return false
		}
		seen[count] = name
		value, read := unescaped(raw)
		key, made := p.made.Cut(name)
		switch {
		case !read:
			return false
		case made:
			if fields++; fields > p.made.Maximum || !p.made.Fits(key) {
				return false
			}
		case !p.takes(name, value):
			return false
		}
	}
	return true
}

// unescaped returns the value of a query parameter, if it is text.
func unescaped(raw string) (value string, ok bool) {
	if !strings.ContainsAny(raw, "%+") {
		return raw, utf8.ValidString(raw)
	}
	value, err := url.QueryUnescape(raw)
	return value, err == nil && utf8.ValidString(value)
}

// takes reports whether a query parameter has a value that surely fits.
func (p *Plain) takes(name, value string) bool {
	i := slices.IndexFunc(p.query, func(q plainParameter) bool { return q.Name == name })
	return i >= 0 && p.query[i].fits(value)
}

// fits reports whether a value is surely valid for the parameter.
func (p *plainParameter) fits(value string) bool {
	switch p.Type {
	case "integer":
		n, err := strconv.ParseInt(value, 10, 64)
		return err == nil && value[0] != '+' && n >= p.Minimum && (p.Maximum == 0 || n <= p.Maximum)
	case "array":
		for item := range strings.SplitSeq(value, ",") {
			if !p.isOne(item) {
				return false
			}
		}
		return true
	case "string":
		return p.isOne(value)
	}
	return false
}

// isOne reports whether a text is a value, or an item of a list, that the
// parameter takes.
func (p *plainParameter) isOne(text string) bool {
	switch {
	case len(p.Enum) > 0:
		return slices.Contains(p.Enum, text)
	case p.form != nil:
		return p.form.MatchString(text)
	case p.Format == "uuid":
		return isUUID(text)
	case p.Format == "date-time":
		// time.Parse also takes an hour of one digit and a comma before the fraction.
		_, err := time.Parse(time.RFC3339, text)
		return err == nil && strings.Index(text, ":") == len("2006-01-02T15") && !strings.Contains(text, ",") && strings.Contains(text, "T")
	}
	return p.Format == ""
}

// isUUID reports whether a text is a UUID in either case.
func isUUID(text string) bool {
	const length = 36
	if len(text) != length {
		return false
	}
	for i := range length {
		c := text[i]
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash && c != '-' || !dash && strings.IndexByte("0123456789abcdefABCDEF", c) < 0 {
			return false
		}
	}
	return true
}
