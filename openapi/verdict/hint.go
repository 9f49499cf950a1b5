package verdict

import (
	"strings"

	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/openapi"
)

// hint says what to write for a parameter, given the violation of its value.
func (p *parameter) hint(v openapi.Violation, raw string) string {
	switch {
	case v.Rule == openapi.RuleFormat && p.format == "date-time" && strings.Contains(raw, "+") && strings.IndexFunc(raw, beyondASCII) < 0:
		return "a plain + in a query means a blank; write " + p.written(strings.ReplaceAll(raw, "+", "%2B"))
	case v.Rule == openapi.RuleEnum:
		if word := suggest.Word(v.Got, p.enum); word != "" {
			return "did you mean " + p.written(word) + "?"
		}
	}
	return "write for example " + p.written(p.example)
}

// beyondASCII reports whether a character is not printable ASCII, and so cannot
// be part of an instant.
func beyondASCII(r rune) bool { return r < ' ' || r > '~' }

// written is the parameter as it stands in a request.
func (p *parameter) written(value string) string {
	switch p.in {
	case "header":
		return p.name + ": " + value
	case "path":
		return value
	}
	return p.name + "=" + value
}
