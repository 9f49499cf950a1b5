package fault

import (
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Seconds is what Retry-After says. The zero value says nothing.
type Seconds int

// NoWait says "Retry-After: 0". In YAML and JSON it is written as 0.
const NoWait Seconds = -1

// MaxRetryAfter is the longest wait that can be asked for.
const MaxRetryAfter Seconds = 24 * 60 * 60

// number returns the seconds, nil when nothing is said.
func (s Seconds) number() *int {
	if s == 0 {
		return nil
	}
	return new(max(0, int(s)))
}

// MarshalJSON writes the seconds as a number.
func (s Seconds) MarshalJSON() ([]byte, error) {
	return strconv.AppendInt(nil, int64(max(0, s)), 10), nil
}

// MarshalYAML writes the seconds as a number.
func (s Seconds) MarshalYAML() (any, error) {
	return max(0, int(s)), nil
}

// UnmarshalYAML reads the seconds from a number.
func (s *Seconds) UnmarshalYAML(node *yaml.Node) error {
	return s.set(node.Value, node.ShortTag() == "!!int")
}

// UnmarshalJSON reads the seconds from a number.
func (s *Seconds) UnmarshalJSON(text []byte) error {
	return s.set(string(text), true)
}

// set reads the seconds from the text of a number.
func (s *Seconds) set(text string, isNumber bool) error {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || !isNumber || n < 0 || n > int(MaxRetryAfter):
		return hint.Errorf(`"retry_after": 3`, "retry_after %.80q is not a whole number of seconds from 0 to %d", text, int(MaxRetryAfter))
	case n == 0:
		*s = NoWait
	default:
		*s = Seconds(n)
	}
	return nil
}
