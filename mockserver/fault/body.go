package fault

import (
	"errors"
	"fmt"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Body breaks off the answer's body: the header promises all of it, then the
// connection ends, or stands still, after so many bytes or a share of them.
type Body struct {
	CutAfter   *int    `json:"cut_after,omitempty" yaml:"cut_after,omitempty"`
	CutShare   float64 `json:"cut_share,omitempty" yaml:"cut_share,omitempty"`
	StallAfter *int    `json:"stall_after,omitempty" yaml:"stall_after,omitempty"`
}

var body = Kind{
	Name: "body",
	Schema: `
type: object
description: Breaks off the body after so many bytes or a share of it, or stands still after so many bytes.
properties:
  cut_after: {type: integer, minimum: 0}
  cut_share: {type: number, minimum: 0, maximum: 1, description: "Between 0 and 1, such as 0.5, which is in the middle."}
  stall_after: {type: integer, minimum: 0}`,
	Says:  "cut the body after {cut_after} bytes, cut the body after {cut_share} of it, stall after {stall_after} bytes of the body",
	Label: "break off in the body",
	Fields: []Field{
		{Name: "cut_share", Label: "after this share of it", Type: Share, Usual: "50"},
		{Name: "cut_after", Label: "or after so many bytes", Type: Whole},
		{Name: "stall_after", Label: "or stand still after bytes", Type: Whole},
	},
	set:    func(t *Then) bool { return t.Body != nil },
	check:  func(t *Then) error { return t.Body.check() },
	change: func(e *Effect, a *Answer) (bool, string) { return e.Then.Body.breakOff(a) },
}

func (b *Body) check() error {
	forms := 0
	for _, form := range []bool{b.CutAfter != nil, b.CutShare != 0, b.StallAfter != nil} {
		if form {
			forms++
		}
	}
	switch {
	case forms != 1:
		return hint.Errorf(`"body": {"cut_after": 20}`, "body needs one of cut_after, cut_share, stall_after")
	case b.CutAfter != nil && *b.CutAfter < 0 || b.StallAfter != nil && *b.StallAfter < 0:
		return errors.New("body counts bytes from 0")
	case b.CutShare != 0 && !(b.CutShare > 0 && b.CutShare < 1): // so that NaN is refused
		return hint.Errorf(`"body": {"cut_share": 0.5}`, "body cut_share is not between 0 and 1")
	}
	return nil
}

// breakOff says where the body of the answer breaks off.
func (b *Body) breakOff(a *Answer) (changed bool, why string) {
	var end int
	switch {
	case b.CutAfter != nil:
		end = *b.CutAfter
	case b.StallAfter != nil:
		end = *b.StallAfter
	default:
		end = int(b.CutShare * float64(len(a.Body)))
	}
	switch {
	case a.bodiless() != "":
		return false, a.bodiless()
	case end >= len(a.Body):
		return false, fmt.Sprintf("the answer has no more than %d bytes", len(a.Body))
	}
	a.End, a.Stall = end, b.StallAfter != nil
	return true, ""
}
