package hint_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/mockdesk/mockdesk/internal/hint"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	one, other := hint.Errorf("send 100% of it", "it is %w", io.EOF), hint.Errorf("b", "a")
	tests := map[string]struct {
		err        error
		text, hint string
	}{
		"an error with a hint":              {one, "it is EOF", "send 100% of it"},
		"in one that says where":            {fmt.Errorf("line 3: %w", one), "line 3: it is EOF", "send 100% of it"},
		"without a hint":                    {io.EOF, "EOF", ""},
		"a text that only looks like a one": {errors.New("x (hint: y)"), "x (hint: y)", ""},
		"a quoted text that looks like one": {hint.Errorf("b", "%q is wrong", "x (hint: y)"), `"x (hint: y)" is wrong`, "b"},
		"a hint in the middle":              {fmt.Errorf("%w, twice", other), "a (hint: b), twice", ""},
		"several errors":                    {errors.Join(one, other), "it is EOF (hint: send 100% of it)\na (hint: b)", ""},
		"one error that was joined":         {errors.Join(nil, other), "a", "b"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if text, instead := hint.Split(test.err); text != test.text || instead != test.hint {
				t.Errorf("got %q and %q, want %q and %q", text, instead, test.text, test.hint)
			}
		})
	}
}

func TestErrorf(t *testing.T) {
	t.Parallel()
	err := hint.Errorf("send it", "it is %w", io.EOF)
	if err.Error() != "it is EOF (hint: send it)" || !errors.Is(err, io.EOF) {
		t.Errorf("got %q, which is io.EOF: %t", err, errors.Is(err, io.EOF))
	}
	if !hint.In(fmt.Errorf("x: %w", err)) || hint.In(io.EOF) {
		t.Error("only an error with a hint has one")
	}
}
