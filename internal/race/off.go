//go:build !race

// Package race tells tests whether the race detector slows everything down.
package race

// Enabled says that the race detector is off.
const Enabled = false
