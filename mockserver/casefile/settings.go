package casefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// builder makes of files what they ask for.
type builder struct {
	reader
	desk     *fixtures.InboxOps // nil: names are not looked up, only the form is read
	account  *fixtures.AppHandoff
	at       time.Time
	latest   time.Time // that a time of the case may be
	leeway   time.Duration
	tables   tables
	contacts func() map[string]int // by all that they are called

	about
	made    fixtures.Arrangement
	deleted []spot
	names   map[string]string // kind and name to where it is
	ids     map[identified]spot
}

// newBuilder returns a builder that looks names up in a desk, which may be nil.
func newBuilder(file string, desk *fixtures.InboxOps) *builder {
	return &builder{
		reader: reader{file: file}, desk: desk, tables: newTables(desk, fixtures.Tables{}),
		contacts: sync.OnceValue(func() map[string]int { return contactsByName(desk) }),
		names:    map[string]string{}, ids: map[identified]spot{},
	}
}

// spot is a value of a file.
type spot struct {
	file string
	node *yaml.Node
}

// identified is an id of a kind of thing.
type identified struct {
	kind string
	id   fixtures.ID
}

// The members of the parts of a case.
var (
	caseMembers   = []string{"world", "clock", "rate_limit", "life", "keys", "faults", "inboxops", "apphandoff", "requests"}
	accessMembers = func() (names []string) {
		for _, right := range auth.Rights {
			names = append(names, right.Name)
		}
		return names
	}()
)

// read reads the files.
func (c Case) read(b *builder) error {
	for _, f := range c.files {
		if f.root == nil {
			again, err := document.Read(f.text)
			if err != nil {
				return err // it was read before
			}
			f.root = deref(again)
		}
		b.file = f.name
		b.readFile(f.root)
	}
	if b.desk != nil {
		b.checkIDs()
		b.findDeleted()
	}
	return b.err()
}

// readFile reads a file.
func (b *builder) readFile(root *yaml.Node) {
	if null(root) {
		return // nothing but comments
	}
	for member, value := range b.members(root, caseMembers) {
		switch member {
		case "world":
			b.readWorld(value)
		case "clock":
			b.readClock(value)
		case "rate_limit":
			b.settings.RateLimit = readWord(b, value, ratelimit.Parse, "rate limit", "off")
		case "life":
			b.settings.Life = readWord(b, value, life.Parse, "life", "calm")
		case "keys":
			b.settings.Keys = append(b.settings.Keys, b.readKeys(value)...)
		case "faults":
			for _, rule := range b.elements(value) {
				b.faults = append(b.faults, *rule)
			}
		case "requests":
			b.readRequests(value)
		case "inboxops":
			b.readInboxOps(value)
		case "apphandoff":
			b.readAppHandoff(value)
		}
	}
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

// readWord reads a setting that is one word. The errors of one that is left empty
// name what it is, and an example.
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
		all = append(all, KeyAccess{service, auth.Kind(kind), b.readAccess(value, service, kind)})
	}
	return all
}

// readAccess reads what a key may do; what is not said is as its kind has it.
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

// id reads the id of a thing, which no other of its kind has.
func (b *builder) id(n *yaml.Node, kind string) fixtures.ID {
	id, ok := b.uuid(n, kind)
	if !ok {
		return id
	}
	key := identified{kind, id}
	if first, taken := b.ids[key]; taken {
		b.fail(n, "leave it out", "%s is the id of another %s, on line %d of %s", n.Value, kind, first.node.Line, first.file)
	}
	b.ids[key] = spot{b.file, n}
	return id
}

// uuid reads the id of a thing.
func (b *builder) uuid(n *yaml.Node, kind string) (id fixtures.ID, ok bool) {
	text, ok := b.text(n)
	if !ok {
		return id, false
	}
	if id, _ = fixtures.ParseID(text); id == (fixtures.ID{}) {
		b.fail(n, fixtures.NamedID(kind, text).String(), "%q is no UUID", text)
	}
	return id, id != fixtures.ID{}
}

// unique refuses a name that something of the kind has.
func (b *builder) unique(n *yaml.Node, kind, name string) {
	if name == "" {
		return // it could not be read, which is said already
	}
	if first := b.names[kind+"\x00"+name]; first != "" {
		b.fail(n, name+"-2", "%s is the name of another %s, on %s", name, kind, first)
		return
	}
	b.names[kind+"\x00"+name] = b.place(n)
}

// place is where a value is.
func (b *builder) place(n *yaml.Node) string {
	return fmt.Sprintf("line %d of %s", n.Line, b.file)
}

// candidates are the things of a table, each with the names it goes by.
type candidates struct {
	what  string // such as "tag"
	names [][]string
}

// find returns the index of what goes by the text; of several, the first. A name
// in another case is the same. Without a world nothing is found.
func (b *builder) find(n *yaml.Node, all candidates) *int {
	text := b.words(n)
	if b.desk == nil || text == "" {
		return nil
	}
	for i, names := range all.names {
		for _, name := range names {
			if strings.EqualFold(name, text) {
				return &i
			}
		}
	}
	known := slices.DeleteFunc(slices.Concat(all.names...), func(name string) bool {
		_, isID := fixtures.ParseID(name)
		return isID
	})
	slices.Sort(known)
	known = slices.Compact(known)
	b.fail(n, suggest.Hint(text, known, strings.Join(known[:min(len(known), 40)], ", ")), "%q is no %s of this world", text, all.what)
	return nil
}
