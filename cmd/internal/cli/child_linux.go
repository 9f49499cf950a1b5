package cli

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// keepTogether has Linux end the command when this process is killed, which can
// then pass no signal on. What the command leaves behind becomes a child of this
// process, which waits for it; on other systems process 1 does, in its own time.
func keepTogether(attr *syscall.SysProcAttr) {
	attr.Pdeathsig = syscall.SIGTERM
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // every kernel has it
}
