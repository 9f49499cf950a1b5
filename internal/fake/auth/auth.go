// Package auth turns an Authorization header into the key it names, or into
// the words that say why it names none.
package auth

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/keykind"
)

// The services a key may belong to; they are the names of their contracts.
const (
	InboxOps   = keykind.InboxOps
	AppHandoff = keykind.AppHandoff
)

// Kind is what a key was made for.
type Kind string

// The kinds of keys, as keykind.All names them. Every workspace has one key of
// each.
const (
	ReadWrite  Kind = "read-write"
	ReadOnly   Kind = "read-only"
	Revoked    Kind = "revoked"
	Unentitled Kind = "unentitled"
	Member     Kind = "member"
	Outsider   Kind = "outsider"
	Reconnect  Kind = "reconnect"
)

// Access is what a key may do now. The zero Access may do everything.
type Access struct {
	Revoked    bool `json:"revoked"`    // 401 unauthorized
	ReadOnly   bool `json:"read_only"`  // 403 insufficient_scope on writes
	Unentitled bool `json:"unentitled"` // 403 forbidden everywhere
	Outsider   bool `json:"outsider"`   // AppHandoff: member of no project
	Reconnect  bool `json:"reconnect"`  // AppHandoff: 401 with reconnect
}

// Right is a member of Access.
type Right struct {
	Name    string // as JSON has it
	Of      func(*Access) *bool
	Service string // the service to whose keys it applies, "" for all
}

// Means reports whether the right applies to keys of a service.
func (r Right) Means(service string) bool { return r.Service == "" || r.Service == service }

// Rights are the members of Access, in their order.
var Rights = []Right{
	{"revoked", func(a *Access) *bool { return &a.Revoked }, ""},
	{"read_only", func(a *Access) *bool { return &a.ReadOnly }, InboxOps},
	{"unentitled", func(a *Access) *bool { return &a.Unentitled }, ""},
	{"outsider", func(a *Access) *bool { return &a.Outsider }, AppHandoff},
	{"reconnect", func(a *Access) *bool { return &a.Reconnect }, AppHandoff},
}

// Key is one API key of a workspace. Its access can be changed at any time.
type Key struct {
	Secret  string
	Service string
	Kind    Kind
	// About says in a few words what the key is for.
	About string
	// Variable is the environment variable in which the tests of a client find
	// the key of the default workspace, empty when it has none.
	Variable string
	// Window is what the key's requests count against: one for all InboxOps
	// keys of a workspace, one for each AppHandoff key.
	Window *ratelimit.Window

	access atomic.Pointer[Access]
	first  atomic.Pointer[Access] // what Reset brings back
}

// Access returns what the key may do now.
func (k *Key) Access() Access {
	return *k.access.Load()
}

// SetAccess changes what the key may do from now on.
func (k *Key) SetAccess(a Access) {
	k.access.Store(&a)
}

// Begin changes the access that the key begins with, which Reset restores.
func (k *Key) Begin(a Access) {
	k.first.Store(&a)
	k.SetAccess(a)
}

// Reset gives the key back the access that it began with.
func (k *Key) Reset() {
	k.SetAccess(*k.first.Load())
}

// KindAccess returns the access that keys of the kind start with.
func KindAccess(kind Kind) Access {
	return Access{
		Revoked:    kind == Revoked,
		ReadOnly:   kind == ReadOnly,
		Unentitled: kind == Unentitled,
		Outsider:   kind == Outsider,
		Reconnect:  kind == Reconnect,
	}
}

// Kinds lists the kinds of keys of a service, of both for an empty name.
func Kinds(service string) []string {
	var list []string
	for _, k := range keykind.All {
		if k.Suffix != "" && (service == "" || k.Service == service) && !slices.Contains(list, k.Name) {
			list = append(list, k.Name)
		}
	}
	return list
}

// prefixes are how the keys of a service start.
var prefixes = map[string]string{InboxOps: "ixk_", AppHandoff: "ah_k_"}

// NewKeys returns the keys of a workspace; its name is part of each, and the
// limit holds for each window.
func NewKeys(workspace string, limit ratelimit.Limit) []*Key {
	shared := ratelimit.NewWindow(limit)
	var keys []*Key
	for _, k := range keykind.All {
		if k.Suffix == "" {
			continue
		}
		window := shared
		if k.Service == AppHandoff {
			window = ratelimit.NewWindow(limit)
		}
		key := &Key{
			Secret:   prefixes[k.Service] + workspace + "_" + k.Suffix,
			Service:  k.Service,
			Kind:     Kind(k.Name),
			About:    k.About,
			Window:   window,
			Variable: k.Variable(),
		}
		key.Begin(KindAccess(Kind(k.Name)))
		keys = append(keys, key)
	}
	return keys
}

// Mask shortens a secret to its first 4 and last 2 characters, enough to
// recognise it; nothing is left of a short one.
func Mask(secret string) string {
	all := []rune(secret)
	if len(all) < 12 {
		return "…"
	}
	return string(all[:4]) + "…" + string(all[len(all)-2:])
}

// Digest is a key's secret in the form in which it is looked up. A map compares
// bytes up to the first one that differs, and the time this takes tells how
// many are right. Those are bytes of the SHA-256 digest, however, which nobody
// can choose one by one, so the time reveals nothing about the secret.
type Digest [sha256.Size]byte

// Digest returns the key's digest.
func (k *Key) Digest() Digest {
	return sha256.Sum256([]byte(k.Secret))
}

// Bearer returns the bearer token in an Authorization header as it was sent, empty
// when there is none. The scheme's case and the number of spaces behind it do not
// matter.
func Bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.Trim(token, " ")
}

// Token returns the digest of the bearer token in an Authorization header, or why
// there is none.
func Token(header string) (Digest, *problem.Error) {
	if token := Bearer(header); token != "" {
		return sha256.Sum256([]byte(token)), nil
	}
	scheme, _, _ := strings.Cut(header, " ")
	wrong, why := "header has no key after Bearer", "key missing"
	switch {
	case strings.TrimSpace(header) == "":
		wrong = "header is missing"
	case !strings.EqualFold(scheme, "Bearer"):
		wrong, why = "scheme is not Bearer", "key under another scheme"
	}
	return Digest{}, problem.Newf(problem.Unauthorized, "The Authorization %s; send Authorization: Bearer <key>.", wrong).Because(why)
}

// Authenticate returns why the key is refused, or nil.
func (k *Key) Authenticate() *problem.Error {
	access := k.Access()
	if access.Revoked {
		return problem.Newf(problem.Unauthorized, "This API key is revoked.").Because("key revoked")
	}
	if access.Reconnect {
		e := problem.Newf(problem.Unauthorized, "The GitHub link of this account has expired; link it again.").Because("key lost its GitHub link")
		e.Reconnect = true
		return e
	}
	return nil
}

// Authorize returns why the key may not be used for the method, or nil.
func (k *Key) Authorize(method string) *problem.Error {
	access := k.Access()
	if access.Unentitled {
		return problem.New(problem.Forbidden).Because("key without entitlement")
	}
	if access.ReadOnly && method != "GET" && method != "HEAD" {
		return problem.New(problem.InsufficientScope).Because("key read-only")
	}
	return nil
}
