package mockserver

import (
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// details is what fault rules may want to know about an exchange.
type details struct{ *exchange }

// Body reads the body and keeps it for the operation.
func (d details) Body() []byte { return d.peek() }

// About reports whether the path leads to the ticket with a UUID, number or
// name. The path itself does not take names.
func (d details) About(ref string) bool {
	s := d.call.Workspace.Store
	if d.op.Service.Name() == auth.InboxOps {
		id := d.call.Request.PathValue("id")
		return id != "" && (strings.EqualFold(id, ref) || s.Same(id, ref))
	}
	id := d.call.Request.PathValue("ticketId")
	if id == "" || strings.EqualFold(id, ref) {
		return id != ""
	}
	projects := s.Projects()
	at := store.FindProject(projects, d.call.Request.PathValue("id"))
	if at < 0 {
		return false
	}
	ticket := store.FindHandoff(&projects[at], id)
	return ticket >= 0 && ticket == store.FindHandoff(&projects[at], ref)
}
