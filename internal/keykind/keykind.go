// Package keykind lists the kinds of API keys, for the fake, which has one of
// each in every workspace, and for the judge, which is given some.
package keykind

import "strings"

// The services a key may belong to; they are the names of their contracts.
const (
	InboxOps   = "inboxops"
	AppHandoff = "apphandoff"
)

// Kind is a kind of keys.
type Kind struct {
	Service string
	// Name is what catalogue, facts and rules call it; two services may share a
	// name.
	Name string
	// Caller is what the judge calls whoever has such a key.
	Caller string
	// Suffix ends the fake's key, and About says what that key may do. The fake
	// has no key of a kind without a Suffix.
	Suffix, About string
	// Flag of mockdesk check takes such a key, as Wants says.
	Flag, Wants string
}

// All are the kinds, in the order in which they are shown to users.
var All = []Kind{
	{InboxOps, "read-write", "read-write", "readwrite", "may read and write", "key", "InboxOps `key` that may read and write"},
	{InboxOps, "read-only", "read-only", "readonly", "may read; a POST is 403 insufficient_scope", "readonly-key", "InboxOps `key` that may only read"},
	{InboxOps, "revoked", "revoked", "revoked", "is revoked: 401 unauthorized", "revoked-key", "InboxOps `key` that is revoked"},
	{
		InboxOps, "unentitled", "unentitled", "unentitled", "belongs to a workspace without API access: 403 forbidden",
		"unentitled-key", "InboxOps `key` of a workspace without API access",
	},
	{InboxOps, "limited", "limited", "", "", "limited-key", "InboxOps `key` that may be driven into its rate limit"},
	{AppHandoff, "member", "member", "member", "is a member of all seeded projects but one", "apphandoff-key", "AppHandoff `key` of a member of the project in the facts"},
	{AppHandoff, "outsider", "outsider", "outsider", "is a member of no project: 403", "outsider-key", "AppHandoff `key` of a member of no project"},
	{AppHandoff, "revoked", "apphandoff-revoked", "revoked", "is revoked: 401", "apphandoff-revoked-key", "AppHandoff `key` that is revoked"},
	{AppHandoff, "limited", "apphandoff-limited", "", "", "apphandoff-limited-key", "AppHandoff `key` that may be driven into its rate limit"},
	{
		AppHandoff, "reconnect", "reconnect", "reconnect", "has lost its GitHub link: 401 with reconnect: true",
		"reconnect-key", "AppHandoff `key` that has lost its GitHub link",
	},
}

// Of returns the kind of key that a caller of the judge uses, the zero Kind if
// none.
func Of(caller string) Kind {
	for _, k := range All {
		if k.Caller == caller {
			return k
		}
	}
	return Kind{}
}

// Variable is the environment variable that stands for a key of the kind.
func (k Kind) Variable() string {
	return Twin(k.Flag)
}

// Twin is the environment variable of a flag.
func Twin(flag string) string {
	return "MOCKDESK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
