package casefile

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// instant reads an instant as RFC 3339 has it.
func (r *reader) instant(n *yaml.Node) (at time.Time, ok bool) {
	at, err := time.Parse(time.RFC3339Nano, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		instead := "2025-06-02T12:00:00Z"
		if day, err := time.Parse(time.DateOnly, n.Value); err == nil {
			instead = day.Add(12 * time.Hour).Format(time.RFC3339)
		}
		r.fail(n, instead, "%s is no instant", shown(n))
		return time.Time{}, false
	}
	return at.UTC().Truncate(time.Millisecond), true
}

// age reads how long before an instant something was, such as -3d or -2h30m.
func age(text string) (before time.Duration, ok bool) {
	rest, found := strings.CutPrefix(text, "-")
	if !found || rest == "" {
		return 0, false
	}
	if days, after, found := strings.Cut(rest, "d"); found {
		n, err := strconv.ParseUint(days, 10, 15)
		if err != nil {
			return 0, false
		}
		before, rest = time.Duration(n)*24*time.Hour, after
		if rest == "" {
			return before, true
		}
	}
	more, err := time.ParseDuration(rest)
	if err != nil || more < 0 || more > 100*365*24*time.Hour || strings.ContainsAny(rest, "+-") {
		return 0, false
	}
	return before + more, true
}

// leeway is how far ahead of the clock a time may be: things that are added
// while it stands still are a millisecond apart.
const leeway = time.Minute

// moment reads an instant, or how long before that of the world it was. Without
// a world it only checks the form.
func (b *builder) moment(n *yaml.Node) (at time.Time) {
	if n.Kind != yaml.ScalarNode {
		b.fail(n, "-3d", "%s is no time", shown(n))
		return at
	}
	before, ok := age(n.Value)
	if !ok {
		if at, ok = b.instantOrAge(n); !ok {
			return at
		}
	} else if b.desk != nil {
		at = b.at.Add(-before).Truncate(time.Millisecond)
	}
	switch {
	case b.desk == nil && at.IsZero(): // an age, which needs a world
	case at.After(b.latest.Add(b.leeway)) && b.desk != nil:
		b.fail(n, "-1h", "%s is in the future: it is %s in the world", n.Value, b.latest.Format(time.RFC3339))
	case at.Year() < 1980:
		b.fail(n, "-3d", "%s is too long ago: 1980 is the first year of worlds", n.Value)
	}
	return at
}

// instantOrAge reads an instant, or an age.
func (b *builder) instantOrAge(n *yaml.Node) (at time.Time, ok bool) {
	for _, instead := range []string{"-" + n.Value, "-" + n.Value + "d", "-" + strings.TrimPrefix(n.Value, "+"), n.Value + "d"} {
		if _, meant := age(instead); meant {
			b.fail(n, instead, "%s is no time before the world's instant", n.Value)
			return at, false
		}
	}
	if _, err := time.Parse(time.RFC3339Nano, n.Value); err != nil {
		if _, err := time.Parse(time.DateOnly, n.Value); err != nil {
			b.fail(n, "-3d, -2h30m or 2025-06-01T12:00:00Z", "%s is no time", shown(n))
			return at, false
		}
	}
	return b.instant(n)
}

// never says that something does not happen.
const never = "never"

// instantOrNever reads an instant, or that there is none, which is the zero time.
func (r *reader) instantOrNever(n *yaml.Node) *time.Time {
	var at time.Time
	if n.Kind != yaml.ScalarNode || n.Value != never {
		at, _ = r.instant(n)
	}
	return &at
}
