package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/keykind"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// instant is a flag that takes an ISO 8601 instant.
type instant struct{ time.Time }

// Set reads the flag.
func (f *instant) Set(s string) error {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil || at.IsZero() {
		return fmt.Errorf("%q is not an instant, such as 2025-06-02T09:00:00Z", s)
	}
	f.Time = at.UTC()
	return nil
}

// String writes the flag as Set reads it.
func (f *instant) String() string {
	return f.Format(time.RFC3339)
}

// Type is the word that help shows for the value.
func (f *instant) Type() string {
	return "instant"
}

// rateLimit is a flag that takes REQUESTS/WINDOW or off.
type rateLimit struct{ ratelimit.Limit }

// Set reads the flag.
func (f *rateLimit) Set(s string) (err error) {
	f.Limit, err = ratelimit.Parse(s)
	return err
}

// Type is the word that help shows for the value.
func (f *rateLimit) Type() string {
	return "limit"
}

// lifeRate is a flag that takes off, calm, busy or EVENTS/PERIOD.
type lifeRate struct{ life.Rate }

// Set reads the flag.
func (f *lifeRate) Set(s string) (err error) {
	f.Rate, err = life.Parse(s)
	return err
}

// Type is the word that help shows for the value.
func (f *lifeRate) Type() string {
	return "rate"
}

// choice is a flag that takes one of some words.
type choice struct {
	value   string
	allowed []string
}

// Set reads the flag.
func (f *choice) Set(s string) error {
	if !slices.Contains(f.allowed, s) {
		err := fmt.Errorf("%q is not one of %s", s, strings.Join(f.allowed, ", "))
		if meant := suggest.Word(s, f.allowed); meant != "" {
			return hint.Errorf("did you mean "+meant+"?", "%w", err)
		}
		return err
	}
	f.value = s
	return nil
}

// String writes the flag as Set reads it.
func (f *choice) String() string {
	return f.value
}

// Type is the word that help shows for the value.
func (f *choice) Type() string {
	return strings.Join(f.allowed, "|")
}

// fromEnv sets the flags that the command line left out from their environment
// twins; an empty twin counts as not set.
func fromEnv(c *cobra.Command, env func(string) (string, bool)) error {
	var failed error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		value, _ := env(keykind.Twin(f.Name))
		if f.Changed || value == "" || failed != nil || !hasTwin(f) {
			return
		}
		if err := c.Flags().Set(f.Name, value); err != nil {
			failed = advised(explain("environment variable "+keykind.Twin(f.Name), err), c.CommandPath()+" --help")
		}
	})
	return failed
}

// hasTwin reports whether the environment may set the flag.
func hasTwin(f *pflag.Flag) bool {
	return f.Name != "help" && f.Name != "version"
}

// flagFailure says what is wrong with the flags of a command line.
func flagFailure(c *cobra.Command, err error) error {
	if asked, _ := c.Flags().GetBool("help"); asked {
		return pflag.ErrHelp
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = name[1:]
		}
		return usage(suggest.Hint(name, known, c.CommandPath()+" --help"), "there is no flag %s", name)
	}
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		err = explain("--"+wrong.GetFlag().Name, err)
	}
	return advised(err, c.CommandPath()+" --help")
}

// advised is a wrong call with the hint of its error, or else another one.
func advised(err error, otherwise string) error {
	text, said := hint.Split(err)
	return usage(cmp.Or(said, otherwise), "%s", text)
}

// explain says what a flag or its twin takes instead of what it was given.
func explain(name string, err error) error {
	wrong, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return fmt.Errorf("%s: %w", name, err)
	}
	if what := wanted[wrong.GetFlag().Value.Type()]; what != "" {
		return fmt.Errorf("%s takes %s, not %q", name, what, wrong.GetValue())
	}
	return fmt.Errorf("%s: %w", name, wrong.Unwrap())
}

// wanted says what a flag takes, by its pflag type.
var wanted = map[string]string{
	"bool": "true or false", "duration": "a time such as 500ms or 30s",
	"float64": "a number", "int": "a whole number", "uint64": "a whole number",
}
