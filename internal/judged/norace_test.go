//go:build !race

package judged_test

// underRace says that the race detector is not there.
const underRace = false
