package fault

import (
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/near"
)

// What may happen to the connection instead of an answer.
const (
	Reset = "reset" // the peer sees a connection reset
	Close = "close" // the peer sees the end before any header
)

// checkConnection says what is wrong with a connection fault.
func checkConnection(c string) error {
	if c != "" && c != Reset && c != Close {
		return hint.Errorf(near.Hint(c, []string{Reset, Close}, Reset), "connection %q is not %s or %s", c, Reset, Close)
	}
	return nil
}
