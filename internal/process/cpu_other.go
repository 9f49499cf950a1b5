//go:build !linux

package process

import (
	"errors"
	"time"
)

// CPU returns an error: other systems do not report it by process id.
func (p *Process) CPU() (time.Duration, error) {
	return 0, errors.ErrUnsupported
}
