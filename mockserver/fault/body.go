package fault

import (
	"errors"
	"fmt"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Body breaks off the answer's body: the header promises all of it, then the
// connection ends, or stands still, after so many bytes.
type Body struct {
	CutAfter   *int `json:"cut_after,omitempty" yaml:"cut_after,omitempty"`
	StallAfter *int `json:"stall_after,omitempty" yaml:"stall_after,omitempty"`
}

var body = Kind{
	Name: "body",
	Schema: `
type: object
description: Breaks off the body after so many bytes, or stands still there.
properties: {cut_after: {type: integer, minimum: 0}, stall_after: {type: integer, minimum: 0}}`,
	Says:    "body breaks off",
	Choices: []Choice{{ID: "cut", Label: "break off in the body", Then: `{"body": {"cut_after": 20}}`}},
	set:     func(t *Then) bool { return t.Body != nil },
	check:   func(t *Then) error { return t.Body.check() },
	change:  func(e *Effect, a *Answer) (bool, string) { return e.Then.Body.breakOff(a) },
}

func (b *Body) check() error {
	if (b.CutAfter == nil) == (b.StallAfter == nil) {
		return hint.Errorf(`"body": {"cut_after": 20}`, "body needs one of cut_after, stall_after")
	}
	if b.CutAfter != nil && *b.CutAfter < 0 || b.StallAfter != nil && *b.StallAfter < 0 {
		return errors.New("body counts bytes from 0")
	}
	return nil
}

// breakOff says where the body of the answer breaks off.
func (b *Body) breakOff(a *Answer) (changed bool, why string) {
	end := b.CutAfter
	if end == nil {
		end = b.StallAfter
	}
	switch {
	case a.bodiless() != "":
		return false, a.bodiless()
	case *end >= len(a.Body):
		return false, fmt.Sprintf("the answer has no more than %d bytes", len(a.Body))
	}
	a.End, a.Stall = *end, b.StallAfter != nil
	return true, ""
}
