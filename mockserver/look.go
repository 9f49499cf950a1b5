package mockserver

import (
	"net/http"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// look answers a read of a service as the tester's own look at a workspace. It
// needs no key, is not subject to rights, faults or limits, and does not appear
// in the journal, the counts or the metrics.
func (s *Server) look(world *workspace.Workspace, w http.ResponseWriter, r *http.Request) {
	x := newExchange(s, w, r, s.ids.of(r))
	x.tester, x.recorded, x.left = world, true, true
	defer x.finish()
	s.serve(x)
}
