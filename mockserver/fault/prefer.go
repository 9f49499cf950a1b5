package fault

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

// The bounds of what a request may ask for.
const (
	MaxDelay = time.Minute
	// DefaultRetryAfter is the documented window of the rate limit, in seconds.
	DefaultRetryAfter = 60
)

// Prefer is what the Prefer headers (RFC 7240) of a request ask for.
// Preferences it does not know are ignored, as that RFC demands.
type Prefer struct {
	// Code is a status (429), a problem code (insufficient_scope), or both
	// (403-insufficient_scope); empty asks for no fault.
	Code string
	// RetryAfter is 0 when it is not asked for.
	RetryAfter Seconds
	Delay      time.Duration
	// ErrorFormat is problem, sample or empty.
	ErrorFormat string

	applied []string
}

// ParsePrefer reads the values of the Prefer headers of a request.
func ParsePrefer(headers []string) (Prefer, *problem.Error) {
	var p Prefer
	var wrong []problem.Field
	seen := map[string]bool{}
	for _, item := range list(strings.Join(headers, ",")) {
		item, _, _ = strings.Cut(item, ";")
		name, value, _ := strings.Cut(item, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if seen[name] {
			continue // the first one counts
		}
		seen[name] = true
		value = strings.TrimSpace(strings.Trim(strings.TrimSpace(value), `"`))
		known, message := p.set(name, value)
		switch {
		case message != "":
			wrong = append(wrong, problem.Field{Name: "Prefer", Message: name + "=" + value + ": " + message})
		case known:
			p.applied = append(p.applied, name+"="+value)
		}
	}
	if p.RetryAfter != 0 && p.Code == "" && len(wrong) == 0 {
		wrong = append(wrong, problem.Field{Name: "Prefer", Message: "retry-after needs a code, such as: code=429, retry-after=3"})
	}
	if len(wrong) > 0 {
		return p, problem.Invalid(wrong...)
	}
	return p, nil
}

// list splits a header's list at its commas, except those within quotes.
func list(header string) []string {
	quoted := false
	return strings.FieldsFunc(header, func(c rune) bool {
		if c == '"' {
			quoted = !quoted
		}
		return c == ',' && !quoted
	})
}

// set stores one preference; message says what is wrong with its value.
func (p *Prefer) set(name, value string) (known bool, message string) {
	switch name {
	case "code":
		p.Code = value
		if value == "" {
			return true, "is empty; give a status or a problem code, such as code=429"
		}
	case "retry-after":
		if err := p.RetryAfter.set(value, true); err != nil {
			return true, fmt.Sprintf("is not a whole number of seconds from 0 to %d", int(MaxRetryAfter))
		}
	case "delay":
		d, err := time.ParseDuration(value)
		if err != nil || d < 0 || d > MaxDelay {
			return true, fmt.Sprintf("is not a duration from 0s to %s, such as 250ms", MaxDelay)
		}
		p.Delay = d
	case "error-format":
		if value != "problem" && value != "sample" {
			return true, "is not a format; give problem or sample"
		}
		p.ErrorFormat = value
	default:
		return false, ""
	}
	return true, ""
}

// Applied is the value of the Preference-Applied header, empty when nothing
// was asked for.
func (p Prefer) Applied() string {
	return strings.Join(p.applied, ", ")
}

// Drop leaves out a preference that means nothing to the service: it is not
// applied (RFC 7240).
func (p *Prefer) Drop(name string) {
	p.applied = slices.DeleteFunc(p.applied, func(item string) bool { return strings.HasPrefix(item, name+"=") })
}

// Vendor says which word a vendor writes for a kind.
type Vendor interface {
	// Code returns the word, "" when the vendor has none.
	Code(kind problem.Kind) string
}

// Effect returns what the preferences do to a request to an operation whose
// contract lists the given kinds; asking for another kind is an error that
// says which are listed, in the words of the vendor.
func (p Prefer) Effect(listed []problem.Kind, vendor Vendor) (Effect, *problem.Error) {
	effect := Effect{Delay: p.Delay}
	if p.Code == "" {
		return effect, nil
	}
	for _, kind := range listed {
		if !names(p.Code, kind, string(kind)) && !names(p.Code, kind, vendor.Code(kind)) {
			continue
		}
		effect.Refuse = refuse(kind, p.RetryAfter, problem.Field{Name: "Prefer", Message: "code=" + p.Code + " was asked for"})
		effect.Refuse.Why = "Prefer: code=" + p.Code
		return effect, nil
	}
	return Effect{}, problem.Invalid(problem.Field{
		Name:    "Prefer",
		Message: fmt.Sprintf("code=%s is not an answer this operation lists; it lists %s", p.Code, strings.Join(spell(listed, vendor.Code), ", ")),
	})
}

// refuse returns an error as the ordinary checks would; a 429 always says how
// long to wait, a 400 always names something.
func refuse(kind problem.Kind, retryAfter Seconds, field problem.Field) *problem.Error {
	e := problem.New(kind)
	if kind == problem.BadRequest {
		e = problem.Invalid(field)
	}
	if kind == problem.RateLimited && retryAfter == 0 {
		retryAfter = DefaultRetryAfter
	}
	e.RetryAfter = retryAfter.number()
	return e
}

// names reports whether code asks for the kind, given the word for it. A bare
// status asks for the first listed kind with that status.
func names(code string, kind problem.Kind, word string) bool {
	status := strconv.Itoa(kind.Status())
	return code == status || code == word || code == status+"-"+word
}

// spell lists kinds as a person would type them.
func spell(kinds []problem.Kind, word func(problem.Kind) string) []string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = fmt.Sprintf("%d (%s)", kind.Status(), word(kind))
	}
	return words
}
