package face_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/face"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
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
		face face.Face
		want map[string]operation
	}{
		"InboxOps": {inboxops.Face{}, map[string]operation{
			"listTickets":        {"GET", "/api/v1/tickets", 200, without(problem.NotFound)},
			"listTicketMessages": {"GET", "/api/v1/tickets/{id}/messages", 200, read},
			"addInternalNote": {"POST", "/api/v1/tickets/{id}/messages", 201, []problem.Kind{
				problem.BadRequest, problem.Unauthorized, problem.Forbidden, problem.InsufficientScope,
				problem.NotFound, problem.RateLimited,
			}},
		}},
		"AppHandoff": {apphandoff.Face{}, map[string]operation{
			"listTicketMessages": {"GET", "/api/projects/{id}/tickets/{ticketId}/messages", 200, read},
		}},
	}
	server := map[problem.Kind]bool{problem.Internal: true, problem.Unavailable: true}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operations, err := face.Operations(test.face)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]operation{}
			for _, op := range operations {
				if op.Handle == nil || op.Face != test.face {
					t.Errorf("%s lacks its handler or its face", op.ID)
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
	for _, f := range []face.Face{inboxops.Face{}, apphandoff.Face{}} {
		operations, err := face.Operations(f)
		if err != nil {
			t.Fatal(err)
		}
		contract, err := openapi.Load(f.Service())
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
				t.Errorf("%s %s: codes and statuses (-contract +got):\n%s", f.Service(), op.ID, diff)
			}
		}
	}
}

// altered is a face with other handlers.
type altered struct {
	inboxops.Face
	service  string
	handlers map[string]face.Handler
}

func (a altered) Service() string { return a.service }

func (a altered) Handlers() map[string]face.Handler { return a.handlers }

func TestOperationsRefuses(t *testing.T) {
	t.Parallel()
	handlers := func(change func(map[string]face.Handler)) map[string]face.Handler {
		m := maps.Clone(inboxops.Face{}.Handlers())
		change(m)
		return m
	}
	tests := map[string]struct {
		service  string
		handlers map[string]face.Handler
		says     string
	}{
		"an operation without a handler": {
			"inboxops", handlers(func(m map[string]face.Handler) { delete(m, "listTickets") }), "inboxops: operation listTickets has no handler",
		},
		"a handler without an operation": {
			"inboxops", handlers(func(m map[string]face.Handler) { m["closeTicket"] = m["listTickets"] }),
			"inboxops: handler closeTicket has no operation in the contract",
		},
		"a face without a contract": {"mailroom", handlers(func(map[string]face.Handler) {}), `no contract is called "mailroom"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operations, err := face.Operations(altered{service: test.service, handlers: test.handlers})
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Operations = %d operations, %v, want %q", len(operations), err, test.says)
			}
		})
	}
}
