//go:build unix && !linux

package cli

import "syscall"

// keepTogether does nothing: the system knows no such wishes.
func keepTogether(*syscall.SysProcAttr) {}
