package openapi

import (
	"fmt"
	"strings"
)

// The rules a violation may name. They are stable words, fit for reports and filters.
const (
	RuleUnknownParameter     = "unknown-parameter"     // a query parameter the operation does not have
	RuleRepeated             = "repeated"              // a parameter sent more than once
	RuleTooMany              = "too-many"              // more parameters of one pattern than allowed
	RuleEncoding             = "encoding"              // a query that is not valid %-encoding or not UTF-8
	RuleType                 = "type"                  // a value of another JSON type
	RuleEnum                 = "enum"                  // a value outside the documented list
	RuleFormat               = "format"                // not a UUID, not a date-time
	RulePattern              = "pattern"               // not of the documented form
	RuleRange                = "range"                 // a number, length or count outside its limits
	RuleRequired             = "required"              // a missing parameter or member
	RuleContentType          = "content-type"          // a missing or other Content-Type
	RuleBody                 = "body"                  // a missing, unreadable or broken body
	RuleDuplicateKey         = "duplicate-key"         // a JSON member sent twice
	RuleSchema               = "schema"                // any other breach of a schema
	RuleUndocumentedPath     = "undocumented-path"     // a request to a path the contract does not have
	RuleUndocumentedMethod   = "undocumented-method"   // a request with a method the path does not have
	RuleUndocumentedStatus   = "undocumented-status"   // an answer with a status the operation does not list
	RuleUndocumentedField    = "undocumented-field"    // a member no schema names; the documents do not forbid it
	RuleUndocumentedResponse = "undocumented-response" // an answer other than 404 or 405 to a request of no operation
	RuleContract             = "contract"              // nothing was checked: the contract itself is broken, or nobody judges
)

// Violation is one way in which a request or a response departs from the contract.
type Violation struct {
	Where  string `json:"where"`          // such as query.status, header.Content-Type, body.data[3].id, response.status
	Rule   string `json:"rule"`           // one of the Rule constants
	Got    string `json:"got,omitempty"`  // what was there, shortened; empty when nothing was
	Reason string `json:"reason"`         // what is wrong with it, to be read after Where and Got
	Hint   string `json:"hint,omitempty"` // what to write instead; may be empty
	Line   int    `json:"line,omitempty"` // line of the rule in the document; 0 when no line says it
}

// String says the violation in one sentence.
func (v Violation) String() string {
	var b strings.Builder
	b.WriteString(v.Where)
	if v.Got != "" {
		fmt.Fprintf(&b, " %q", v.Got)
	}
	b.WriteString(" " + v.Reason)
	if v.Hint != "" {
		b.WriteString("; hint: " + v.Hint)
	}
	return b.String()
}
