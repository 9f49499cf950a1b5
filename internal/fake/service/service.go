// Package service turns the contract's operations into handlers: it says what a
// handler gets and returns, and what a service has to provide.
package service

import (
	"fmt"
	"net/http"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/openapi"
)

// Call is one authenticated request to an operation.
type Call struct {
	Request   *http.Request
	RequestID string
	Workspace *workspace.Workspace
	Key       *auth.Key
	// Params are the query parameters in the order they were sent.
	Params []Param
	// Undecodable names the query parameter that is not percent-encoded
	// correctly, if any.
	Undecodable []problem.Field
	// Now is the workspace's time when the request came.
	Now time.Time
	// Seen is how many events of the workspace the answer shows. Rows are the
	// tickets of a list, set once there are any events; see store.Query.
	Seen int
	Rows []uint32
	// Tester says that a tester asks, not a client: there is no Key, and every
	// project may be read.
	Tester bool
	// Format is the dialect of InboxOps errors for this request.
	Format string
}

// Handler answers an operation: it appends the body of the operation's success
// status to b. An error that is not a *problem.Error is a bug.
type Handler func(c *Call, b []byte) ([]byte, error)

// Service is one of the two services that the fake plays.
type Service interface {
	// Name is the name of the contract, which the keys that the service accepts
	// have, too.
	Name() string
	// Handlers returns the handlers by operationId.
	Handlers() map[string]Handler
	// Code returns the machine code that the service writes for a kind.
	Code(kind problem.Kind) string
	// AppendError appends an error's body in the service's dialect. The call
	// may lack a workspace and a key.
	AppendError(b []byte, c *Call, e *problem.Error) (body []byte, contentType string)
}

// Operation is an operation of a contract with its handler.
type Operation struct {
	openapi.Operation
	Service Service
	Handle  Handler
	Success int
	// Listed are the kinds of errors that the contract lists for it.
	Listed []problem.Kind
	// Plain recognises requests that need no verdict.
	Plain *openapi.Plain
}

// Operations joins the operations of a contract with the handlers of its
// service. An operation without a handler, or the reverse, is an error.
func Operations(f Service) ([]*Operation, error) {
	contract, err := openapi.Load(f.Name())
	if err != nil {
		return nil, err
	}
	handlers := f.Handlers()
	var joined []*Operation
	for _, op := range contract.Operations() {
		handle := handlers[op.ID]
		if handle == nil {
			return nil, fmt.Errorf("%s: operation %s has no handler", f.Name(), op.ID)
		}
		delete(handlers, op.ID)
		o := newOperation(f, op, handle)
		o.Plain = contract.Plain(op.ID)
		joined = append(joined, o)
	}
	for id := range handlers {
		return nil, fmt.Errorf("%s: handler %s has no operation in the contract", f.Name(), id)
	}
	return joined, nil
}

// newOperation reads what the contract says of an operation's answers.
func newOperation(f Service, op openapi.Operation, handle Handler) *Operation {
	o := &Operation{Operation: op, Service: f, Handle: handle}
	for _, response := range op.Responses {
		if response.Status < 300 {
			o.Success = response.Status
			continue
		}
		for _, code := range response.Codes {
			for _, kind := range problem.Kinds() {
				if kind.Status() == response.Status && f.Code(kind) == code {
					o.Listed = append(o.Listed, kind)
					break
				}
			}
		}
	}
	return o
}
