package mockserver_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// Who pastes the line into a shell that has the variables of exec is the same
// caller again.
func TestTheCurlLineNamesTheVariableOfTheKey(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, Workspaces: []control.Spec{{Name: "other"}}})
	const apphandoff = "/api/projects/x/tickets/y/messages"
	tests := map[string]struct{ key, path, workspace, want string }{
		"the key of most":          {readWrite, ticketsPath, "", "$MOCKDESK_KEY"},
		"one that may read":        {readOnly, ticketsPath, "", "$MOCKDESK_READONLY_KEY"},
		"a revoked one":            {revoked, ticketsPath, "", "$MOCKDESK_REVOKED_KEY"},
		"one without access":       {unentitled, ticketsPath, "", "$MOCKDESK_UNENTITLED_KEY"},
		"a member's":               {member, apphandoff, "", "$MOCKDESK_APPHANDOFF_KEY"},
		"an outsider's":            {outsider, apphandoff, "", "$MOCKDESK_OUTSIDER_KEY"},
		"one of the other service": {member, ticketsPath, "", "$MOCKDESK_APPHANDOFF_KEY"},
		"a revoked one's":          {"ah_k_test_revoked", apphandoff, "", "$MOCKDESK_APPHANDOFF_REVOKED_KEY"},
		"one that lost its link":   {"ah_k_test_reconnect", apphandoff, "", "$MOCKDESK_RECONNECT_KEY"},
		"an unknown one":           {"ixk_what", ticketsPath, "", "$MOCKDESK_KEY"},
		"another workspace's":      {"ixk_other_readonly", ticketsPath, "other", "$MOCKDESK_KEY"},
	}
	for name, test := range tests {
		f.get(test.key, test.path)
		j := f.Workspace(test.workspace).Journal
		entry, _ := j.Get(j.Newest())
		if line := entry.Curl(); !strings.Contains(line, `"Authorization: Bearer `+test.want+`"`) {
			t.Errorf("%s: %s, want %s", name, line, test.want)
		}
	}
}
