// Package openapi turns the written contracts of the services, one OpenAPI 3.1
// document each, into lists of operations. It reads no schemas: package verdict
// judges requests and responses by them. That package needs large libraries,
// which programs that do not judge can do without.
package openapi

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// InboxOps and AppHandoff name the contracts of the services, Control that of the fake's own API.
const (
	InboxOps   = "inboxops"
	AppHandoff = "apphandoff"
	Control    = "control"
)

// names lists every contract; NAME.yaml next to this file is its document.
var names = []string{InboxOps, AppHandoff, Control}

//go:embed *.yaml
var documents embed.FS

var loaders = func() map[string]func() (*Contract, error) {
	m := make(map[string]func() (*Contract, error), len(names))
	for _, name := range names {
		m[name] = sync.OnceValues(func() (*Contract, error) { return parse(name) })
	}
	return m
}()

// Contract is one service's document, ready to answer questions about its operations. All its methods are safe for
// concurrent use.
type Contract struct {
	name       string
	base       string
	operations []Operation
	routes     []route
}

// Names returns the names of all contracts.
func Names() []string { return slices.Clone(names) }

// Document returns the OpenAPI document of the named contract, as YAML.
func Document(name string) ([]byte, error) {
	if !slices.Contains(names, name) {
		return nil, fmt.Errorf("openapi: no contract is called %q; hint: the names are %s", name, strings.Join(names, ", "))
	}
	return documents.ReadFile(name + ".yaml")
}

// Load returns the named contract. Every call with the same name returns the same Contract.
func Load(name string) (*Contract, error) {
	load, ok := loaders[name]
	if !ok {
		_, err := Document(name)
		return nil, err
	}
	return load()
}

// Name returns the contract's name.
func (c *Contract) Name() string { return c.name }

// Base returns the path under which all operations lie, such as /api/v1.
func (c *Contract) Base() string { return c.base }

// Operations returns all operations in the order of the document.
func (c *Contract) Operations() []Operation { return slices.Clone(c.operations) }

// Operation returns the operation with the given operationId.
func (c *Contract) Operation(id string) (Operation, bool) {
	for _, op := range c.operations {
		if op.ID == id {
			return op, true
		}
	}
	return Operation{}, false
}
