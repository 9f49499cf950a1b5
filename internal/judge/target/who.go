package target

import "github.com/mockdesk/mockdesk/internal/judge/clause"

// Who says with which key a request is sent.
type Who string

// The callers of InboxOps.
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

// variables are the names under which keys are shown instead of their secrets.
var variables = map[Who]string{
	ReadWrite:     "MOCKDESK_KEY",
	ReadOnly:      "MOCKDESK_READONLY_KEY",
	Revoked:       "MOCKDESK_REVOKED_KEY",
	Unentitled:    "MOCKDESK_UNENTITLED_KEY",
	Limited:       "MOCKDESK_LIMITED_KEY",
	Member:        "MOCKDESK_APPHANDOFF_KEY",
	Outsider:      "MOCKDESK_OUTSIDER_KEY",
	MemberRevoked: "MOCKDESK_APPHANDOFF_REVOKED_KEY",
	MemberLimited: "MOCKDESK_APPHANDOFF_LIMITED_KEY",
	Reconnect:     "MOCKDESK_RECONNECT_KEY",
}

// Variable is the environment variable that stands for the caller's key, or "".
func (w Who) Variable() string { return variables[w] }

// API is the API the caller speaks to.
func (w Who) API() clause.API {
	switch w {
	case Member, Outsider, MemberRevoked, MemberLimited, Reconnect, Stranger:
		return clause.AppHandoff
	default:
		return clause.InboxOps
	}
}

// Keys are the secrets of the callers; one that is missing or empty is not known.
type Keys map[Who]string
