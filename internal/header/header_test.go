package header_test

import (
	"testing"

	"github.com/mockdesk/mockdesk/internal/header"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"X-A": true, "x_1.~": true, "": false, "X A": false, "X:": false, "Ü": false, "X\n": false} {
		if got := header.ValidName(name); got != want {
			t.Errorf("ValidName(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]bool{"host": true, "Transfer-encoding": true, "Trailer": true, "Connection": false} {
		if got := header.Hidden(name); got != want {
			t.Errorf("Hidden(%q) = %v", name, got)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][2]bool{ // valid, read
		"": {true, true}, "a b": {true, true}, "ä": {true, true}, " a": {true, false}, "a\t": {true, false}, "a\nb": {false, false}, "\x7f": {false, false},
	} {
		if got := [2]bool{header.ValidValue(value), header.Read(value)}; got != want {
			t.Errorf("%q is valid, read: %v, want %v", value, got, want)
		}
	}
}
