package cli

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// keepTogether has the command told to end when this process is killed, which
// can pass nothing on then, and what the command leaves behind become a child
// of this process, which sees it end. Elsewhere both are for process 1, which
// may take its time.
func keepTogether(attr *syscall.SysProcAttr) {
	attr.Pdeathsig = syscall.SIGTERM
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // every kernel has it
}
