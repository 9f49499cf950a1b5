package casefile

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Settings are what a case says about a workspace besides its world. What it
// does not mention is zero.
type Settings struct {
	FrozenAt  time.Time
	RateLimit *ratelimit.Limit
	Life      *life.Rate
	Keys      []KeyAccess
}

// KeyAccess is what a key may do from the beginning.
type KeyAccess struct {
	Service string      `json:"service"`
	Kind    auth.Kind   `json:"kind"`
	Access  auth.Access `json:"access"`
}

// Settings returns what the case says of a workspace.
func (c Case) Settings() Settings {
	var all Settings
	for _, f := range c.files {
		all.FrozenAt = cmp.Or(f.settings.FrozenAt, all.FrozenAt)
		all.RateLimit = cmp.Or(f.settings.RateLimit, all.RateLimit)
		all.Life = cmp.Or(f.settings.Life, all.Life)
		all.Keys = append(all.Keys, f.settings.Keys...)
	}
	return all
}

// readClock reads when the clock stands still.
func (b *builder) readClock(n *yaml.Node) {
	for _, value := range b.members(n, []string{"frozen"}) {
		if at, ok := b.instant(value); ok {
			if at.IsZero() || at.Year() > 9999 || at.Year() < 1 {
				b.fail(value, "2025-06-02T12:00:00Z", "%s is no instant that a clock can show", value.Value)
			}
			b.settings.FrozenAt = at
		}
	}
}

// readWord reads a setting that is one word. The error for an empty one says
// what it is and gives an example.
func readWord[T any](b *builder, n *yaml.Node, parse func(string) (T, error), what, example string) *T {
	value, err := parse(n.Value)
	if err != nil || n.Value == "" {
		err = cmp.Or(err, hint.Errorf(example, "%s is no %s", shown(n), what))
		words, instead := hint.Split(err)
		b.fail(n, instead, "%s", words)
		return nil
	}
	return &value
}

// readKeys reads what keys may do.
func (b *builder) readKeys(n *yaml.Node) (all []KeyAccess) {
	for name, value := range b.members(n, keyNames()) {
		service, kind, full := strings.Cut(name, "/")
		if !full {
			service, kind = auth.InboxOps, name
			if !slices.Contains(auth.Kinds(service), kind) {
				service = auth.AppHandoff
			}
			if name == string(auth.Revoked) {
				b.fail(value, "inboxops/revoked or apphandoff/revoked", "both services have a key %q", name)
			}
		}
		if slices.ContainsFunc(all, func(k KeyAccess) bool { return k.Service == service && string(k.Kind) == kind }) {
			b.fail(value, "write it once", "the key %s/%s is there twice", service, kind)
		}
		all = append(all, KeyAccess{service, auth.Kind(kind), b.readAccess(value, service, kind)})
	}
	return all
}

// accessMembers are the names of the rights of a key.
var accessMembers = func() (names []string) {
	for _, right := range auth.Rights {
		names = append(names, right.Name)
	}
	return names
}()

// readAccess reads what a key may do; rights that are not given are those of
// its kind.
func (b *builder) readAccess(n *yaml.Node, service, kind string) auth.Access {
	access := auth.KindAccess(auth.Kind(kind))
	for member, value := range b.members(n, accessMembers) {
		right := auth.Rights[slices.Index(accessMembers, member)]
		if !right.Means(service) {
			b.fail(value, "leave it out", "it means nothing to a key of %s", service)
		}
		*right.Of(&access) = b.truth(value)
	}
	return access
}

// keyNames are what keys are called: their kind, or their service and kind.
func keyNames() []string {
	names := auth.Kinds("")
	for _, service := range []string{auth.InboxOps, auth.AppHandoff} {
		for _, kind := range auth.Kinds(service) {
			names = append(names, service+"/"+kind)
		}
	}
	return names
}
