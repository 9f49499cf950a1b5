//go:build unix && !linux

package cli

import "syscall"

// keepTogether does nothing: the system offers nothing of the kind.
func keepTogether(*syscall.SysProcAttr) {}
