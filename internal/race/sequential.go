package race

import "testing"

// Sequential skips a test without concurrency when the race detector is on,
// which would only repeat it slowly.
func Sequential(t testing.TB) {
	t.Helper()
	if Enabled {
		t.Skip("nothing runs at once in it, and plain tests judge it")
	}
}
