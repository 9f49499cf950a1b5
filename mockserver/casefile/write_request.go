package casefile

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// requestNode returns a request as it stands in a file, with its answer.
func requestNode(r *Request) *yaml.Node {
	m := mapping{}
	if !r.At.IsZero() {
		m.add("at", instantNode(r.At))
	}
	if r.Left {
		m.add("replay", boolNode(false))
	}
	if len(r.Changes) > 0 {
		m.add("changes", changeNodes(r.Changes))
	}
	if r.Key != "" {
		m.add("key", wordNode(r.Key))
	}
	if r.Method != http.MethodGet {
		m.add("method", textNode(r.Method))
	}
	m.add("url", textNode(r.URL))
	m.addHeader(r.Header)
	m.addBody(r.Body)
	if r.Fault != "" {
		m.add("fault", textNode(r.Fault))
	}
	m.addSentences(r.Breaches)
	a := mapping{}
	a.add("status", numberNode(r.Answer.Status))
	a.addHeader(r.Answer.Header)
	a.addBody(r.Answer.Body)
	if r.Answer.Bytes != len(r.Answer.Body) {
		a.add("bytes", numberNode(r.Answer.Bytes))
	}
	if r.Answer.Promised > r.Answer.Bytes {
		a.add("promised", numberNode(r.Answer.Promised))
	}
	a.addSentences(r.Answer.Breaches)
	m.add("answer", a.node())
	return m.node()
}

// addHeader adds a header, unless it is empty.
func (m *mapping) addHeader(h http.Header) {
	of := mapping{flow: true}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		var values []*yaml.Node
		for _, value := range h[name] {
			values = append(values, textNode(value))
		}
		if len(values) == 1 {
			of.add(name, values[0])
			continue
		}
		of.add(name, list(values))
	}
	m.addUnlessEmpty("header", &of)
}

// addBody adds a body, unless it is empty. JSON is easier to read in single quotes.
func (m *mapping) addBody(body string) {
	if body == "" {
		return
	}
	n := textNode(body)
	if n.Style == 0 && strings.Contains(body, `"`) {
		n.Style = yaml.SingleQuotedStyle
	}
	m.add("body", n)
}

// addSentences adds breaches, unless there are none.
func (m *mapping) addSentences(all []string) {
	var nodes []*yaml.Node
	for _, sentence := range all {
		nodes = append(nodes, textNode(sentence))
	}
	if nodes != nil {
		m.add("breaches", lines(nodes))
	}
}
