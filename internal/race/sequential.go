package race

import "testing"

// Sequential skips a test in which nothing runs at once when the race detector is
// there: it would look at the same again, slowly.
func Sequential(t testing.TB) {
	t.Helper()
	if Enabled {
		t.Skip("nothing runs at once in it, and plain tests judge it")
	}
}
