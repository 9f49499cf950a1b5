package scenario

import (
	"regexp"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
)

// form is what the value of a member has to be.
type form struct {
	words string
	fits  func(v any) bool
}

// field is a member and its form.
type field struct {
	name string
	form form
}

var hexColour = regexp.MustCompile(`^#?([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$`)

// The forms of members.
var (
	aString   = form{"a string", func(v any) bool { _, ok := v.(string); return ok }}
	aUUID     = textual("a UUID", survey.IsUUID)
	aColour   = textual("a hex colour", hexColour.MatchString)
	aTime     = textual("an RFC 3339 date-time", func(text string) bool { _, ok := survey.Instant(text); return ok })
	anInteger = form{"an integer", func(v any) bool { _, ok := survey.Integer(v); return ok }}
	aSize     = form{"an integer of at least 0", func(v any) bool { n, ok := survey.Integer(v); return ok && n >= 0 }}
	anArray   = form{"an array", func(v any) bool { _, ok := v.([]any); return ok }}
)

// textual is the form of strings that fit.
func textual(words string, fits func(string) bool) form {
	return form{words, func(v any) bool {
		text, ok := v.(string)
		return ok && fits(text)
	}}
}

// among is the form of an enumeration.
func among(all ...string) form {
	return textual("one of "+strings.Join(all, ", "), func(text string) bool { return slices.Contains(all, text) })
}

// required asserts the form of members that each row has.
func (s *Session) required(rows []survey.Row, f form, members ...string) {
	for _, r := range rows {
		for _, name := range members {
			s.AssertRow(f.fits(r.Fields[name]), r, name, f.words)
		}
	}
}

// optional asserts the form of members that may be null or absent, and
// returns how many of them any row has. what names a row.
func (s *Session) optional(what string, rows []survey.Row, fields ...field) (met int) {
	for _, f := range fields {
		there := false
		for _, r := range rows {
			there = there || r.Has(f.name)
			s.AssertRow(!r.Has(f.name) || f.form.fits(r.Fields[f.name]), r, f.name, f.form.words+" or null")
		}
		if there {
			met++
		} else {
			s.Remark("No %s that was looked at has %s.", what, f.name)
		}
	}
	return met
}

// mayHave is optional, and skips when no row has any of the members.
func (s *Session) mayHave(what string, rows []survey.Row, fields ...field) {
	if s.optional(what, rows, fields...) > 0 {
		return
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	list := strings.Join(names, ", ")
	s.Skip("no "+what+" that was looked at has "+list, "a workspace with a "+what+" that has "+list)
}

// lookedAtSome skips when nothing was asserted because no row was fit for it.
func (s *Session) lookedAtSome(missing string) {
	if s.asserts == 0 {
		s.Skip("no "+missing, "a workspace where a "+missing)
	}
}
