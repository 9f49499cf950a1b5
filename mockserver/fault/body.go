package fault

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// Body breaks off the answer's body: the header promises all of it, then the
// connection ends, or stalls, after N bytes or a share of them. It may be sent
// slowly.
type Body struct {
	CutAfter   *int    `json:"cut_after,omitempty" yaml:"cut_after,omitempty"`
	CutShare   float64 `json:"cut_share,omitempty" yaml:"cut_share,omitempty"`
	StallAfter *int    `json:"stall_after,omitempty" yaml:"stall_after,omitempty"`
	// BytesPerSecond is how fast it is sent; 0 is at once.
	BytesPerSecond int `json:"bytes_per_second,omitempty" yaml:"bytes_per_second,omitempty"`
}

var body = Kind{
	Name: "body",
	Schema: `
type: object
description: Breaks off the body after N bytes or a share of it, stalls after N bytes, or sends it slowly.
properties:
  cut_after: {type: integer, minimum: 0}
  cut_share: {type: number, minimum: 0, maximum: 1, description: "Between 0 and 1, such as 0.5, which is in the middle."}
  stall_after: {type: integer, minimum: 0}
  bytes_per_second: {type: integer, minimum: 1, maximum: 1000000, description: "How fast it is sent, up to where it breaks off."}`,
	Says:  "send {bytes_per_second} bytes of the body a second, cut the body after {cut_after} bytes, cut the body after {cut_share} of it, stall after {stall_after} bytes of the body",
	Label: "cut off or slow down the body",
	Fields: []Field{
		{Name: "cut_share", Label: "after this share of it", Type: Share, Usual: "50"},
		{Name: "cut_after", Label: "or after N bytes", Type: Whole},
		{Name: "stall_after", Label: "or stall after bytes", Type: Whole},
		{Name: "bytes_per_second", Label: "bytes a second", Type: Whole},
	},
	set:   func(t *Then) bool { return t.Body != nil },
	check: func(t *Then) error { return t.Body.check() },
	written: func(t *Then, node *yaml.Node) error {
		return written(node, "bytes_per_second", t.Body.BytesPerSecond == 0, flaw{"body.%s 0 never sends a byte", `"body": {"stall_after": 0}`})
	},
	rewrites: true,
	change:   func(e *Effect, a *Answer) (bool, string) { return e.Then.Body.breakOff(a) },
}

func (b *Body) check() error {
	forms := count(b.CutAfter != nil, b.CutShare != 0, b.StallAfter != nil)
	switch {
	case forms > 1 || forms == 0 && b.BytesPerSecond == 0:
		return hint.Errorf(`"body": {"cut_after": 20}`, "body needs one of cut_after, cut_share, stall_after, or bytes_per_second")
	case b.BytesPerSecond < 0 || b.BytesPerSecond > maxRate:
		return fmt.Errorf("body bytes_per_second is not from 1 to %d", maxRate)
	case b.CutAfter != nil && *b.CutAfter < 0 || b.StallAfter != nil && *b.StallAfter < 0:
		return errors.New("body counts bytes from 0")
	case b.CutShare != 0 && !(b.CutShare > 0 && b.CutShare < 1): // so that NaN is refused
		return hint.Errorf(`"body": {"cut_share": 0.5}`, "body cut_share is not between 0 and 1")
	}
	return nil
}

// maxRate is how fast a slow body is sent at most.
const maxRate = 1_000_000

// breakOff says where the body of the answer breaks off and how fast it is sent.
func (b *Body) breakOff(a *Answer) (changed bool, why string) {
	if a.bodiless() != "" {
		return false, a.bodiless()
	}
	if changed = b.BytesPerSecond > 0 && len(a.Body) > 0; changed {
		a.Rate = b.BytesPerSecond
	}
	end := -1
	switch {
	case b.CutAfter == nil && b.StallAfter == nil && b.CutShare == 0:
		if !changed {
			why = "the answer has an empty body"
		}
		return changed, why
	case b.CutAfter != nil:
		end = *b.CutAfter
	case b.StallAfter != nil:
		end = *b.StallAfter
	default:
		end = int(b.CutShare * float64(len(a.Body)))
	}
	if end >= len(a.Body) {
		return changed, fmt.Sprintf("the answer has no more than %d bytes", len(a.Body))
	}
	a.End, a.Stall = end, b.StallAfter != nil
	return true, ""
}
