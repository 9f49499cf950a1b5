//go:build !linux

package process

import (
	"errors"
	"time"
)

// CPU is an error: other systems do not tell it by the id of a process.
func (p *Process) CPU() (time.Duration, error) {
	return 0, errors.ErrUnsupported
}
