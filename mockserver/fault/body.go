package fault

import "errors"

// Body breaks off the answer's body: the header promises all of it, then the
// connection ends, or stands still, after so many bytes.
type Body struct {
	CutAfter   *int `json:"cut_after,omitempty" yaml:"cut_after,omitempty"`
	StallAfter *int `json:"stall_after,omitempty" yaml:"stall_after,omitempty"`
}

// check says what is wrong with the body fault.
func (b *Body) check() error {
	if (b.CutAfter == nil) == (b.StallAfter == nil) {
		return errors.New("body needs one of cut_after, stall_after")
	}
	if b.CutAfter != nil && *b.CutAfter < 0 || b.StallAfter != nil && *b.StallAfter < 0 {
		return errors.New("body counts bytes from 0")
	}
	return nil
}

// End returns how many bytes of a body of the size are sent; a nil Body sends
// them all.
func (b *Body) End(size int) int {
	switch {
	case b == nil:
		return size
	case b.CutAfter != nil:
		return min(size, *b.CutAfter)
	default:
		return min(size, *b.StallAfter)
	}
}

// malform breaks the JSON of a body so that no parser accepts it, and keeps
// its length.
func malform(a *Answer) {
	a.Body = append([]byte(nil), a.Body...)
	if len(a.Body) > 0 {
		a.Body[len(a.Body)-1] = ','
	}
}
