package process

import (
	"time"

	"golang.org/x/sys/unix"
)

// CPU returns the processor time that all threads of the server have used.
func (p *Process) CPU() (time.Duration, error) {
	const processTime = 2 // CPUCLOCK_SCHED, behind the inverted process id
	var used unix.Timespec
	err := unix.ClockGettime(int32(^p.command.Process.Pid<<3|processTime), &used)
	return time.Duration(used.Nano()), err
}
