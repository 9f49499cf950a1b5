//go:build race

// Package race tells tests that the race detector slows everything down: a
// share of many like cases then stands for all, which plain tests judge.
package race

// Enabled says that the race detector is there.
const Enabled = true
