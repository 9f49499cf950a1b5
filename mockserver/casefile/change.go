package casefile

import (
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Change is what a tester did between two requests: a request of the control API.
type Change struct {
	At     time.Time `json:"at,omitzero"` // by the workspace's clock
	Method string    `json:"method"`
	URL    string    `json:"url"`
	Body   string    `json:"body,omitempty"`
	// Acts is how many acts there were before; things without a name get their
	// ids from it.
	Acts int `json:"acts,omitempty"`
}

// control is where the control API lives.
const control = "/_mockdesk/"

// changes are the operations that a Change may do, by method and path; ?*
// stands for one segment. Others put a workspace into a state that depends on
// more than the case.
var changes = []string{
	"POST faults", "PUT faults", "DELETE faults", "PUT faults/?*", "DELETE faults/?*", "POST faults.yaml", "POST presets/?*",
	"PATCH keys", "PATCH keys/?*/?*", "PUT rate-limit", "PUT life",
	"POST desk/tickets", "PATCH desk/tickets/?*", "DELETE desk/tickets/?*",
	"POST desk/tickets/?*/messages", "PATCH desk/tickets/?*/messages/?*", "DELETE desk/tickets/?*/messages/?*",
	"POST desk/projects", "PATCH desk/projects/?*", "POST desk/projects/?*/tickets", "POST desk/projects/?*/tickets/?*/tasks",
	"POST desk/projects/?*/tickets/?*/messages", "PATCH desk/projects/?*/tickets/?*/messages/?*", "DELETE desk/projects/?*/tickets/?*/messages/?*",
}

// Changes reports whether a case can hold a request to the control API.
func Changes(method, address string) bool {
	rest, ok := strings.CutPrefix(address, control)
	return ok && !strings.Contains(rest, "?") && slices.ContainsFunc(changes, func(pattern string) bool {
		fits, _ := path.Match(pattern, method+" "+rest) // the pattern is well formed
		return fits
	})
}

// changeMembers are the members of a change.
var changeMembers = []string{"at", "method", "url", "body", "acts"}

// readChanges reads what was done before a request.
func (b *builder) readChanges(n *yaml.Node) (all []Change) {
	for _, value := range b.elements(n) {
		all = append(all, b.readChange(value))
	}
	return all
}

// readChange reads one change.
func (b *builder) readChange(n *yaml.Node) (c Change) {
	wrong := len(b.wrong)
	for member, value := range b.members(n, changeMembers) {
		switch member {
		case "at":
			c.At, _ = b.instant(value)
		case "method":
			c.Method = b.words(value)
		case "url":
			c.URL = b.address(value)
		case "body":
			c.Body, _ = b.text(value)
		case "acts":
			c.Acts = int(min(b.whole(value), 1<<40))
		}
	}
	if len(b.wrong) == wrong && !Changes(c.Method, c.URL) {
		b.fail(n, "{method: DELETE, url: /_mockdesk/faults}", "%q is no change that a case can say", strings.TrimSpace(c.Method+" "+c.URL))
	}
	return c
}

// changeNodes returns changes as they stand in a file.
func changeNodes(all []Change) *yaml.Node {
	var nodes []*yaml.Node
	for _, c := range all {
		m := mapping{}
		if !c.At.IsZero() {
			m.add("at", instantNode(c.At))
		}
		m.add("method", textNode(c.Method))
		m.add("url", textNode(c.URL))
		m.addBody(c.Body)
		if c.Acts > 0 {
			m.add("acts", numberNode(c.Acts))
		}
		nodes = append(nodes, m.node())
	}
	return lines(nodes)
}
