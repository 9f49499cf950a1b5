package strict_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/mockdesk/mockdesk/internal/strict"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	for offset, want := range map[int64]string{
		-1: "line 1, column 1",
		0:  "line 1, column 1",
		2:  "line 1, column 3", // the line break ends its line
		3:  "line 2, column 1",
		4:  "line 3, column 1",
		6:  "line 3, column 3",
		99: "line 3, column 3",
	} {
		if got := strict.Position([]byte("ab\n\ncd"), offset); got != want {
			t.Errorf("Position of %d is %s, want %s", offset, got, want)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	of := reflect.TypeFor[struct {
		A int `json:"a,omitempty" yaml:"b"`
		C int `json:"c"`
	}]()
	for tag, want := range map[string][]string{"json": {"a", "c"}, "yaml": {"b", ""}} {
		if got := strict.Members(of, tag); !slices.Equal(got, want) {
			t.Errorf("Members under %s are %q, want %q", tag, got, want)
		}
	}
}
