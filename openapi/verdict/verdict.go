// Package verdict judges HTTP requests and responses by the contracts. It is
// separate from package openapi because it needs libopenapi and its validator,
// which take longer to compile than everything else together.
//
// The first verdict by a contract compiles the contract's schemas, once.
package verdict

import (
	"slices"
	"sync"

	"github.com/mockdesk/mockdesk/openapi"
)

// compilers compile the schemas of each contract when they are first needed.
var compilers = func() map[string]func() (*compiled, error) {
	m := map[string]func() (*compiled, error){}
	for _, name := range openapi.Names() {
		m[name] = sync.OnceValues(func() (*compiled, error) {
			text, err := openapi.Document(name)
			if err != nil {
				return nil, err
			}
			return compile(text)
		})
	}
	return m
}()

// unusable reports that the contract's document cannot be used.
func unusable(name string, err error) []openapi.Violation {
	return []openapi.Violation{{Where: name + ".yaml", Rule: openapi.RuleContract, Reason: "cannot be used, so nothing was checked: " + err.Error()}}
}

// maximum is the most violations one verdict has.
const maximum = 20

// atMost cuts a list of violations to the number that a verdict may have.
func atMost(all []openapi.Violation) []openapi.Violation {
	if len(all) > maximum {
		return slices.Clone(all[:maximum]) // so that keeping it does not keep the rest in memory
	}
	return all
}
