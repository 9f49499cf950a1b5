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

// check says what is wrong with the body fault.
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
func (e *Effect) breakOff(a *Answer) {
	end := e.Then.Body.CutAfter
	if end == nil {
		end = e.Then.Body.StallAfter
	}
	switch {
	case a.Head:
		e.miss("body", noBody)
	case *end >= len(a.Body):
		e.miss("body", fmt.Sprintf("the answer has no more than %d bytes", len(a.Body)))
	default:
		a.End = *end
	}
}

// malform breaks the JSON of a body so that no parser accepts it, and keeps
// its length. It reports whether there was anything to break.
func malform(a *Answer) bool {
	if len(a.Body) == 0 {
		return false
	}
	a.Body = append([]byte(nil), a.Body...)
	a.Body[len(a.Body)-1] = ','
	return true
}
