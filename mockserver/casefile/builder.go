package casefile

import (
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
)

// builder turns files into what they ask for.
type builder struct {
	reader
	desk     *fixtures.InboxOps // nil: names are not looked up, only the form is read
	account  *fixtures.AppHandoff
	at       time.Time
	latest   time.Time // the latest that a time of the case may be
	leeway   time.Duration
	tables   tables
	contacts func() map[string]int // by everything that they are called

	about
	made    fixtures.Arrangement
	deleted []spot
	claims  map[claim]spot
}

// newBuilder returns a builder that looks names up in a desk, which may be nil.
func newBuilder(file string, desk *fixtures.InboxOps) *builder {
	return &builder{
		reader: reader{file: file}, desk: desk, tables: newTables(desk, fixtures.Tables{}),
		contacts: sync.OnceValue(func() map[string]int { return contactsByName(desk) }),
		claims:   map[claim]spot{},
	}
}

// spot is a value of a file.
type spot struct {
	file string
	node *yaml.Node
}

// claim is the name or the id of a thing, which no other thing of its kind may
// have.
type claim struct{ what, kind, value string }

// caseMembers are the members of a case.
var caseMembers = []string{"world", "clock", "rate_limit", "life", "keys", "faults", "inboxops", "apphandoff", "requests"}

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

// id reads the id of a thing, which no other thing of its kind may have.
func (b *builder) id(n *yaml.Node, kind string) fixtures.ID {
	id, ok := b.uuid(n, kind)
	if ok {
		b.claim(n, claim{"id", kind, id.String()}, n.Value, "leave it out")
	}
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

// unique refuses a name that another thing of the kind has.
func (b *builder) unique(n *yaml.Node, kind, name string) {
	if name != "" { // otherwise it could not be read, which was reported already
		b.claim(n, claim{"name", kind, name}, name, name+"-2")
	}
}

// claim refuses what is claimed already, in the words of the file.
func (b *builder) claim(n *yaml.Node, c claim, words, instead string) {
	if first, taken := b.claims[c]; taken {
		b.fail(n, instead, "%s is the %s of another %s, on line %d of %s", words, c.what, c.kind, first.node.Line, first.file)
		return
	}
	b.claims[c] = spot{b.file, n}
}
