package service_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/openapi"
)

func TestOperations(t *testing.T) {
	t.Parallel()
	type operation struct {
		Method, Path string
		Success      int
		Listed       []problem.Kind
	}
	read := []problem.Kind{
		problem.BadRequest, problem.Unauthorized, problem.Forbidden, problem.NotFound, problem.RateLimited,
	}
	without := func(left problem.Kind) []problem.Kind {
		return slices.DeleteFunc(slices.Clone(read), func(k problem.Kind) bool { return k == left })
	}
	tests := map[string]struct {
		service service.Service
		want    map[string]operation
	}{
		"InboxOps": {inboxops.Service{}, map[string]operation{
			"listTickets":        {"GET", "/api/v1/tickets", 200, without(problem.NotFound)},
			"listTicketMessages": {"GET", "/api/v1/tickets/{id}/messages", 200, read},
			"addInternalNote": {"POST", "/api/v1/tickets/{id}/messages", 201, []problem.Kind{
				problem.BadRequest, problem.Unauthorized, problem.Forbidden, problem.InsufficientScope,
				problem.NotFound, problem.RateLimited,
			}},
		}},
		"AppHandoff": {apphandoff.Service{}, map[string]operation{
			"listTicketMessages": {"GET", "/api/projects/{id}/tickets/{ticketId}/messages", 200, read},
		}},
	}
	server := map[problem.Kind]bool{problem.Internal: true, problem.Unavailable: true}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operations, err := service.Operations(test.service)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]operation{}
			for _, op := range operations {
				if op.Handle == nil || op.Service != test.service {
					t.Errorf("%s lacks its handler or its service", op.ID)
				}
				listed := slices.DeleteFunc(slices.Clone(op.Listed), func(k problem.Kind) bool { return server[k] })
				if _, known := test.want[op.ID]; known { // others may be added
					got[op.ID] = operation{op.Method, op.Path, op.Success, listed}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOperationsListContractCodes: each code of each answer in the contract is
// one that a fault can ask for.
func TestOperationsListContractCodes(t *testing.T) {
	t.Parallel()
	for _, f := range []service.Service{inboxops.Service{}, apphandoff.Service{}} {
		operations, err := service.Operations(f)
		if err != nil {
			t.Fatal(err)
		}
		contract, err := openapi.Load(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range operations {
			want, got := map[string]int{}, map[string]int{}
			written, _ := contract.Operation(op.ID)
			for _, response := range written.Responses {
				for _, code := range response.Codes {
					want[code] = response.Status
				}
			}
			for _, kind := range op.Listed {
				got[f.Code(kind)] = kind.Status()
			}
			if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
				t.Errorf("%s %s: codes and statuses (-contract +got):\n%s", f.Name(), op.ID, diff)
			}
		}
	}
}

// altered is a service with other handlers.
type altered struct {
	inboxops.Service
	name     string
	handlers map[string]service.Handler
}

func (a altered) Name() string { return a.name }

func (a altered) Handlers() map[string]service.Handler { return a.handlers }

func TestOperationsRefuses(t *testing.T) {
	t.Parallel()
	handlers := func(change func(map[string]service.Handler)) map[string]service.Handler {
		m := maps.Clone(inboxops.Service{}.Handlers())
		change(m)
		return m
	}
	tests := map[string]struct {
		service  string
		handlers map[string]service.Handler
		says     string
	}{
		"an operation without a handler": {
			"inboxops", handlers(func(m map[string]service.Handler) { delete(m, "listTickets") }), "inboxops: operation listTickets has no handler",
		},
		"a handler without an operation": {
			"inboxops", handlers(func(m map[string]service.Handler) { m["closeTicket"] = m["listTickets"] }),
			"inboxops: handler closeTicket has no operation in the contract",
		},
		"a service without a contract": {"mailroom", handlers(func(map[string]service.Handler) {}), `no contract is called "mailroom"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operations, err := service.Operations(altered{name: test.service, handlers: test.handlers})
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Operations = %d operations, %v, want %q", len(operations), err, test.says)
			}
		})
	}
}
