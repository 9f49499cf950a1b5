package judgetest_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// Judgements make values and forget them: to collect four times as rarely,
// within a GiB, takes a fifth off these tests.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(1 << 30)
	os.Exit(m.Run())
}
