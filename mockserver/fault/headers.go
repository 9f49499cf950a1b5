package fault

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/header"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Headers adds headers to the answer and removes others.
type Headers struct {
	Set    map[string]string `json:"set,omitempty" yaml:"set,omitempty"`
	Remove []string          `json:"remove,omitempty" yaml:"remove,omitempty"`
}

var headers = Kind{
	Name: "headers",
	Schema: `
type: object
description: Adds headers and removes others.
properties:
  set: {type: object, description: None that is about the connection or says where the body ends., additionalProperties: {type: string}}
  remove: {type: array, items: {type: string}}`,
	Says:  "have other headers",
	Label: "change headers",
	Fields: []Field{
		{Name: "set", Label: "set, a line each", Type: Pairs, Usual: "X-From: a gateway"}, {Name: "remove", Label: "take away", Type: List},
	},
	set:      func(t *Then) bool { return t.Headers != nil },
	check:    func(t *Then) error { return t.Headers.check() },
	rewrites: true,
	change:   func(e *Effect, a *Answer) (bool, string) { return e.Then.Headers.change(a.Header) },
}

// change changes the headers of the answer. A removed header stays in the map
// without a value, so that the server does not add its own.
func (h *Headers) change(header http.Header) (changed bool, why string) {
	var idle []string
	for _, name := range h.Remove {
		key := http.CanonicalHeaderKey(name)
		if _, named := header[key]; len(header[key]) == 0 && (named || key != "Date") { // Date is added by the server
			idle = append(idle, "the answer has no "+name)
			continue
		}
		header[key], changed = nil, true
	}
	for _, name := range slices.Sorted(maps.Keys(h.Set)) {
		if setHeader(header, name, h.Set[name]) {
			changed = true
		} else {
			idle = append(idle, fmt.Sprintf("the answer has %s: %s already", name, h.Set[name]))
		}
	}
	return changed, strings.Join(idle, ", ")
}

// setHeader sets a header and reports whether that changes anything.
func setHeader(header http.Header, name, value string) bool {
	key := http.CanonicalHeaderKey(name)
	if len(header[key]) == 1 && header[key][0] == value {
		return false
	}
	header[key] = []string{value}
	return true
}

// framing are the headers that say where the body ends. They belong to the
// server; body and connection faults break what they promise.
var framing = []string{"Content-Length", "Transfer-Encoding", "Trailer"}

// HopByHop are the headers that are about one connection (RFC 9110, 7.6.1).
// HTTP/2 has none of them, and net/http acts on some.
var HopByHop = []string{"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Te", "Upgrade"}

func (h *Headers) check() error {
	if len(h.Set) == 0 && len(h.Remove) == 0 {
		return hint.Errorf(`"headers": {"remove": ["X-Request-Id"]}`, "headers needs set or remove")
	}
	names := append(slices.Sorted(maps.Keys(h.Set)), h.Remove...)
	for _, name := range names {
		value := h.Set[name]
		if !ValidHeader(name, value) {
			return fmt.Errorf("header %q: %q cannot be sent", name, value)
		}
		if slices.Contains(framing, http.CanonicalHeaderKey(name)) {
			return hint.Errorf(`"body": {"cut_after": 20}, which sends less than promised`, "header %s cannot be changed", name)
		}
		if slices.Contains(HopByHop, http.CanonicalHeaderKey(name)) {
			return hint.Errorf(`"connection": "close", which ends it`, "header %s is about the connection, which no answer carries further", name)
		}
	}
	return nil
}

// ValidHeader reports whether a message can carry a header of the name and the
// value.
func ValidHeader(name, value string) bool { return header.ValidName(name) && header.ValidValue(value) }
