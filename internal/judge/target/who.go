package target

import (
	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/keykind"
)

// Who says with which key a request is sent.
type Who string

// The callers of InboxOps, as keykind.All names them.
const (
	ReadWrite  Who = "read-write"
	ReadOnly   Who = "read-only"
	Revoked    Who = "revoked"
	Unentitled Who = "unentitled" // key of a workspace without API access
	Limited    Who = "limited"    // may be driven into its rate limit
	Nobody     Who = "nobody"     // no Authorization header
)

// The callers of AppHandoff.
const (
	Member        Who = "member"
	Outsider      Who = "outsider" // member of none of the known projects
	MemberRevoked Who = "apphandoff-revoked"
	MemberLimited Who = "apphandoff-limited"
	Reconnect     Who = "reconnect" // refused until GitHub is linked again
	Stranger      Who = "stranger"  // no Authorization header
)

// Variable is the environment variable that stands for the caller's key, or "".
func (w Who) Variable() string {
	if k := keykind.Of(string(w)); k.Caller != "" {
		return k.Variable()
	}
	return ""
}

// API is the API the caller speaks to.
func (w Who) API() clause.API {
	if w == Stranger || keykind.Of(string(w)).Service == keykind.AppHandoff {
		return clause.AppHandoff
	}
	return clause.InboxOps
}

// Keys are the secrets of the callers; one that is missing or empty is not known.
type Keys map[Who]string
