package apphandoff_test

import (
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

func TestAppendError(t *testing.T) {
	t.Parallel()
	limited := problem.New(problem.RateLimited)
	limited.RetryAfter = new(42)
	unlinked := problem.Newf(problem.Unauthorized, "Link again.")
	unlinked.Reconnect = true
	tests := map[string]struct {
		err  *problem.Error
		want string
	}{
		"an error says what and its code": {
			problem.Newf(problem.NotFound, `Project "<x>" was not found.`),
			`{"error":"Project \"<x>\" was not found.","code":"NOT_FOUND"}`,
		},
		"an invalid request names its fields, each with its first message": {
			problem.Invalid(
				problem.Field{Name: "limit", Message: "is zero"},
				problem.Field{Name: "since", Message: "is no time"},
				problem.Field{Name: "limit", Message: "is too small"},
			),
			`{"error":"limit: is zero","code":"VALIDATION_ERROR","fieldErrors":{"limit":"is zero","since":"is no time"},` +
				`"issues":[{"path":"limit","message":"is zero"},{"path":"since","message":"is no time"},{"path":"limit","message":"is too small"}]}`,
		},
		"a limit says how long to wait": {
			limited,
			`{"error":"The rate limit is exceeded; wait for the time given in Retry-After.","code":"RATE_LIMITED","retryAfter":42}`,
		},
		"a lost link asks to reconnect": {
			unlinked, `{"error":"Link again.","code":"UNAUTHENTICATED","reconnect":true}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, contentType := apphandoff.Service{}.AppendError([]byte("x"), &service.Call{}, test.err)
			if diff := cmp.Diff("x"+test.want, string(body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if contentType != "application/json" {
				t.Errorf("Content-Type %s", contentType)
			}
		})
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for _, kind := range problem.Kinds() {
		if (apphandoff.Service{}).Code(kind) == "" {
			t.Errorf("%s has no code", kind)
		}
	}
}

// TestAppendErrorKeepsTheContract: each error that the operation lists passes
// the contract.
func TestAppendErrorKeepsTheContract(t *testing.T) {
	t.Parallel()
	operations, err := service.Operations(apphandoff.Service{})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/api/projects/"+ours.String()+"/tickets/"+long.String()+"/messages", nil)
	for _, kind := range operations[0].Listed {
		e := problem.New(kind)
		if kind == problem.BadRequest {
			e = problem.Invalid(problem.Field{Name: "a", Message: "is wrong"})
		}
		if kind == problem.RateLimited {
			e.RetryAfter = new(1)
		}
		body, _ := apphandoff.Service{}.AppendError(nil, &service.Call{}, e)
		checkAnswer(t, r, kind.Status(), string(body))
	}
	if len(operations[0].Listed) < 5 {
		t.Errorf("only %v are listed", operations[0].Listed)
	}
}
