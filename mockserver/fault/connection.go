package fault

import (
	"fmt"

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
		return fmt.Errorf("connection %q is not %s or %s (hint: %s)", c, Reset, Close, near.Hint(c, []string{Reset, Close}, Reset))
	}
	return nil
}
