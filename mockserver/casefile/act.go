package casefile

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/document"
)

// Act is what somebody does at a desk, in the words of a case. Its text has
// been read, but only a desk can tell whether it has what the act refers to.
type Act struct {
	name string
	root *yaml.Node
}

// ParseAct reads an act, YAML or JSON. The name stands in errors.
func ParseAct(name string, text []byte) (Act, error) {
	root, err := document.ReadNull(text)
	if err != nil {
		return Act{}, unreadable(name, err, text)
	}
	return Act{name, deref(root)}, nil
}

// Present is the desk on which an act is done, and the time of the act.
type Present struct {
	Desk *fixtures.InboxOps
	At   time.Time
}

// builder returns the builder that reads the act. It does not check whether a
// name is free, which only the keeper of the tickets knows.
func (a Act) builder(p Present) *builder {
	desk := *p.Desk
	desk.Known = nil
	b := newBuilder(a.name, &desk)
	b.at, b.latest = p.At, p.At
	return b
}

// refuse refuses a member that a case may have but an act may not.
func (b *builder) refuse(n *yaml.Node, member, why, instead string) {
	if value := memberOf(n, member); value != nil {
		b.fail(value, instead, "%s: %s", member, why)
	}
}

// fresh refuses members that only a case may have, at any depth: what an act
// adds is always new, and gets its id from its name.
func (b *builder) fresh(n *yaml.Node) {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 1 {
			switch key := n.Content[i-1]; key.Value {
			case "id":
				b.fail(key, "leave it out, or say name", "id: what comes gets its id by its name, or by when it comes")
			case "seeded":
				b.fail(key, "leave it out, and PATCH what is there", "seeded: what comes is not there yet")
			}
		}
		b.fresh(child) // an alias only repeats what stands elsewhere
	}
}

// need refuses an act without a member.
func (b *builder) need(n *yaml.Node, member, example string) {
	if n.Kind == yaml.MappingNode && memberOf(n, member) == nil {
		b.fail(n, member+": "+example, "it needs a %s", member)
	}
}

// memberOf returns the value of a member, nil when it is not there.
func memberOf(n *yaml.Node, member string) *yaml.Node {
	value := document.Member(n, member)
	if value == nil || null(deref(value)) {
		return nil
	}
	return deref(value)
}

// nulls yields the members of a mapping that are null, which removes what they
// name. Members that cannot be removed are refused.
func (b *builder) nulls(n *yaml.Node, removable []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key, value := range document.Pairs(n) {
			value = deref(value)
			switch {
			case b.wrong != nil:
				return
			case !null(value):
			case removable != nil && !slices.Contains(removable, key.Value):
				b.fail(value, "leave it out, and it stays", "%s cannot be null", key.Value)
			case !yield(key.Value):
				return
			}
		}
	}
}

// changes refuses an act that changes nothing.
func (b *builder) changes(n *yaml.Node, example string) {
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		b.fail(n, example, "it changes nothing")
	}
}

// BroughtTicket is a ticket that an act adds, and the contacts that it needs.
type BroughtTicket struct {
	fixtures.TicketWish
	Contacts []fixtures.Contact // to append to the existing ones
}

// Ticket reads a ticket that is added. Its updated_at follows from the rest.
func (a Act) Ticket(p Present) (BroughtTicket, error) {
	b := a.builder(p)
	b.fresh(a.root)
	b.refuse(a.root, "updated_at", "it follows from the messages", "leave it out")
	if b.wrong != nil {
		return BroughtTicket{}, b.err()
	}
	wish := b.readTicket(a.root)
	return BroughtTicket{wish, b.made.Contacts}, b.err()
}

// Message reads a message that is added at the end of a thread. Without an
// author it is by the side whose turn it is.
func (a Act) Message(p Present, thread []fixtures.Message) (fixtures.MessageWish, error) {
	b := a.builder(p)
	b.fresh(a.root)
	b.refuse(a.root, "created_at", "a message comes when it comes", `leave it out; POST clock/advance moves the clock`)
	if b.wrong != nil {
		return fixtures.MessageWish{}, b.err()
	}
	var turn turns
	for i := range thread {
		turn.after(sideOf(&thread[i]), thread[i].Draft)
	}
	wish := b.readMessage(a.root, turn.next)
	return wish, b.err()
}

// messageChanges are the members of a change of a message.
var messageChanges = []string{"text", "html", "send_status", "send_error", "draft"}

// ChangeMessage returns a message as a change makes it. A draft that stops
// being one is sent.
func (a Act) ChangeMessage(p Present, was fixtures.Message) (is fixtures.Message, err error) {
	b := a.builder(p)
	var text, html *string
	status, reason, at := "", "", map[string]*yaml.Node{}
	for member, value := range b.members(a.root, messageChanges) {
		at[member] = value
		switch member {
		case "text":
			text = b.body(value)
		case "html":
			html = b.body(value)
		case "send_status":
			status = b.word(value, "pending", "sending", "sent", "failed")
		case "send_error":
			reason = b.words(value)
		case "draft":
			if b.truth(value) {
				b.fail(value, "false, which sends it", "a message does not become a draft")
			}
		}
	}
	for range b.nulls(a.root, []string{}) { // each of them is refused
	}
	b.changes(a.root, "text: Hello")
	b.checkSend(&was, at, status, reason)
	is = was
	is.Rewrite(text, html)
	if said := cmp.Or(at["text"], at["html"]); said != nil && b.wrong == nil && is.BodyText == "" && is.BodyHTML == "" {
		b.fail(said, "leave it out", "it leaves the message without what it says")
	}
	if is.Draft = was.Draft && at["draft"] == nil; was.Draft && !is.Draft && status == "" {
		status = "sent"
	}
	if reason != "" && status == "" {
		status = was.SendStatus
	}
	if b.wrong == nil && status != "" {
		p.Desk.Send(&is, status, reason, p.At)
	}
	return is, b.err()
}

// checkSend refuses what cannot be said about the sending of a message.
func (b *builder) checkSend(was *fixtures.Message, at map[string]*yaml.Node, status, reason string) {
	said := cmp.Or(at["send_status"], at["send_error"])
	switch {
	case said == nil || b.wrong != nil:
	case was.Type != "email" || was.Direction != "outbound":
		b.fail(said, "leave it out", "only an agent's mail is sent")
	case was.Draft && at["draft"] == nil:
		b.fail(said, "draft: false", "a draft is not sent yet")
	case reason != "" && status != "failed" && (status != "" || was.SendStatus != "failed"):
		b.fail(at["send_error"], "send_status: failed", "only mail that failed has an error")
	}
}

// ahead reads an instant, or its distance from the present, such as +2h.
func (b *builder) ahead(n *yaml.Node) (at time.Time) {
	text, relative := strings.CutPrefix(n.Value, "+")
	after, ok := age("-" + text)
	switch {
	case n.Kind == yaml.ScalarNode && relative && ok:
		at = b.at.Add(after)
	case n.Kind == yaml.ScalarNode && ok:
		b.fail(n, "+"+n.Value, "%s is no time from now on", n.Value)
		return at
	default:
		if at, ok = b.instant(n); ok && at.Year() < 1980 {
			b.fail(n, "+2h", "%s is too long ago: 1980 is the first year of worlds", n.Value)
		}
	}
	if at.Year() > 9999 {
		b.fail(n, "+2h", "%s is later than the year 9999", n.Value)
	}
	return at
}
