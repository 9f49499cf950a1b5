package fault

import (
	"errors"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// What may happen to the connection instead of an answer.
const (
	Reset = "reset" // the peer sees a connection reset
	Close = "close" // the peer sees the end before any header
)

var connection = Kind{
	Name:   "connection",
	Schema: `{type: string, enum: [reset, close], description: Ends the connection before any header.}`,
	Says:   "lose the connection by a {}",
	Label:  "lose the connection",
	Fields: []Field{
		{Label: "how", Type: OneOf, Usual: Reset, Options: [][2]string{{Reset, "reset"}, {Close, "closed before an answer"}}},
	},
	set:   func(t *Then) bool { return t.Connection != "" },
	check: checkConnection,
}

// checkConnection says what is wrong with a connection fault.
func checkConnection(t *Then) error {
	var wrong []error
	if c := t.Connection; c != Reset && c != Close {
		wrong = append(wrong, hint.Errorf(suggest.Hint(c, []string{Reset, Close}, Reset), "connection %q is not %s or %s", c, Reset, Close))
	}
	if *t != (Then{Connection: t.Connection, Latency: t.Latency}) {
		wrong = append(wrong, errors.New("connection leaves no answer that anything but latency could happen to"))
	}
	return errors.Join(wrong...)
}
