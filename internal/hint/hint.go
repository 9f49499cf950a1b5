// Package hint joins an error and what to do about it into one error, and
// splits them again.
package hint

import (
	"errors"
	"fmt"
	"strings"
)

// withHint is an error that says what to do instead.
type withHint struct {
	err  error
	hint string
}

// Errorf returns an error with a hint. Its text is that of fmt.Errorf, followed
// by the hint in parentheses.
func Errorf(hint, format string, args ...any) error {
	return &withHint{fmt.Errorf(format, args...), hint}
}

// Error returns what is wrong and the hint.
func (e *withHint) Error() string { return e.err.Error() + e.tail() }

// tail is the hint as it stands at the end of a text.
func (e *withHint) tail() string { return " (hint: " + e.hint + ")" }

// Unwrap returns the error without its hint.
func (e *withHint) Unwrap() error { return e.err }

// In reports whether an error, or one that it wraps, has a hint.
func In(err error) bool {
	_, has := errors.AsType[*withHint](err)
	return has
}

// Split returns the text of an error and the hint at its end. If err joins
// several errors, each hint stays next to the error it is about.
func Split(err error) (text, hint string) {
	text = err.Error()
	e, has := errors.AsType[*withHint](err)
	if !has || strings.Contains(text, "\n") {
		return text, ""
	}
	before, ends := strings.CutSuffix(text, e.tail())
	if !ends {
		return text, ""
	}
	return before, e.hint
}
