package fault

import (
	"fmt"

	"github.com/mockdesk/mockdesk/internal/header"
)

var contentType = Kind{
	Name:   "content_type",
	Schema: `{type: string, description: Replaces the Content-Type.}`,
	Says:   "say Content-Type {}",
	Label:  "say another Content-Type",
	Fields: []Field{
		{Label: "Content-Type", Type: Text, Usual: "text/html"},
	},
	set: func(t *Then) bool { return t.ContentType != "" },
	check: func(t *Then) error {
		if !header.ValidValue(t.ContentType) {
			return fmt.Errorf("content_type %q cannot be sent", t.ContentType)
		}
		return nil
	},
	rewrites: true,
	change: func(e *Effect, a *Answer) (bool, string) {
		if !setHeader(a.Header, "Content-Type", e.Then.ContentType) {
			return false, fmt.Sprintf("the answer has %q already", e.Then.ContentType)
		}
		return true, ""
	},
}
