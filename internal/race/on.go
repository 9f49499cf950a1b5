//go:build race

// Package race tells tests that the race detector slows everything down: a
// sample then stands for many similar cases, all of which tests without it
// judge.
package race

// Enabled says that the race detector is on.
const Enabled = true
