//go:build race

package judged_test

// underRace says that the race detector slows everything down: a share of the
// mutants and worlds then stands for all, which plain tests judge.
const underRace = true
