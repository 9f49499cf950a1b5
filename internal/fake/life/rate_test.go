package life_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/life"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want life.Rate
		form string
		name string
	}{
		"nothing is off":           {"", life.Rate{}, "off", "off"},
		"off is off":               {"off", life.Rate{}, "off", "off"},
		"calm has a form":          {"calm", life.Calm, "6/1h", "calm"},
		"busy has a form":          {"busy", life.Busy, "120/1h", "busy"},
		"a form may have a name":   {"6/60m", life.Calm, "6/1h", "calm"},
		"a rate is its own name":   {"30/1h", life.Rate{Events: 30, Period: time.Hour}, "30/1h", "30/1h"},
		"a period may be of days":  {"5/2d", life.Rate{Events: 5, Period: 48 * time.Hour}, "5/2d", "5/2d"},
		"hours that make a day":    {"5/24h", life.Rate{Events: 5, Period: 24 * time.Hour}, "5/1d", "5/1d"},
		"a period may be of parts": {"5/1h30m", life.Rate{Events: 5, Period: 90 * time.Minute}, "5/1h30m", "5/1h30m"},
		"one a second is the most": {"60/1m", life.Rate{Events: 60, Period: time.Minute}, "60/1m", "60/1m"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := life.Parse(c.text)
			if err != nil || got != c.want || got.String() != c.form || got.Name() != c.name {
				t.Errorf("%q is %v, %v, called %s", c.text, got, err, got.Name())
			}
			if again, err := life.Parse(got.String()); again != got || err != nil {
				t.Errorf("its form %s is %v, %v", got, again, err)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a misspelt word":          {"bussy", "is not off, calm, busy or EVENTS/PERIOD (hint: did you mean busy?)"},
		"another word":             {"lively", "is not off, calm, busy or EVENTS/PERIOD (hint: 30/1h)"},
		"a number alone":           {"30", "is not off"},
		"no events":                {"0/1h", "is not off"},
		"no period":                {"30/", `period "" is not a duration (hint: 30/1h)`},
		"a period without a unit":  {"30/1", "is not a duration"},
		"no days":                  {"1/0d", "life 1/0d: the period is not whole seconds from 1s to 31d"},
		"too many days":            {"1/99999999999999d", "the period is not whole seconds"},
		"more days than there are": {"1/999999999999999999999999d", "is not a duration"},
		"parts of a second":        {"1/1500ms", "is not whole seconds"},
		"more than one a second":   {"3601/1h", "life 3601/1h is more than one event a second"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := life.Parse(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q is %v, %v; want %s", c.text, got, err, c.want)
			}
		})
	}
}
