package openapi

import (
	"regexp"
	"strings"
)

// Operation is one method of one path.
type Operation struct {
	ID      string
	Method  string
	Path    string // with the contract's base, such as /api/v1/tickets/{id}/messages
	Summary string
	Page    string // address of the documentation page
	Source  string // file name of that page's text
	// Parameters are in the order of the document. Query parameters whose names
	// are made from a prefix and a key count as one, with a name such as
	// custom_field_{field_key}.
	Parameters []Parameter
	Pattern    *Pattern // of those names; nil for none
	// Body are the members of the JSON object that it takes, by their names.
	Body      []Parameter
	Responses []Response // by ascending status
}

// Pattern describes query parameters whose names are a prefix and a key. In
// OpenAPI they are the members of an exploded object, and nothing there
// describes their names.
type Pattern struct {
	Prefix  string
	Maximum int // distinct names in one request
	keys    *regexp.Regexp
}

// Cut returns the key in a name that is made after the pattern; ok is false for
// any other name, and for a nil Pattern.
func (p *Pattern) Cut(name string) (key string, ok bool) {
	if p == nil {
		return "", false
	}
	return strings.CutPrefix(name, p.Prefix)
}

// Fits reports whether the key of a name has the form it must have.
func (p *Pattern) Fits(key string) bool { return p.keys.MatchString(key) }

// Parameter is one documented parameter of an operation, or a member of its body.
type Parameter struct {
	Name        string
	In          string // path, query, header or body
	Type        string // string, integer or array; an array is written as one comma-separated value
	Format      string // of the value, or of each item of an array
	Description string
	Required    bool
	Enum        []string // of the value, or of each item of an array
	Default     string
	Pattern     string // of the value; empty for none
	Minimum     int64  // of an integer
	Maximum     int64  // of an integer; 0 for none
}

// Response is one answer an operation may give.
type Response struct {
	Status      int
	Description string
	Documented  bool     // false when the operation's page does not list it
	Codes       []string // documented values of the error code, without order
}
