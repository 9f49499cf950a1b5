package inboxops_test

import (
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

func TestAppendError(t *testing.T) {
	t.Parallel()
	invalid := problem.Invalid(
		problem.Field{Name: "page", Message: `"<0>" is not a number`}, problem.Field{Name: "sort", Message: "is unknown"},
	)
	limited := problem.New(problem.RateLimited)
	limited.RetryAfter = new(42)
	tests := map[string]struct {
		format string
		err    *problem.Error
		want   string
	}{
		"a problem that names fields": {
			workspace.FormatProblem, invalid,
			`{"type":"https://docs.inboxops.app/api/problems/bad_request","title":"Bad Request","status":400,` +
				`"detail":"page: \"<0>\" is not a number","code":"bad_request","instance":"https://docs.inboxops.app/api/problems/instances/r-1",` +
				`"errors":[{"field":"page","message":"\"<0>\" is not a number"},{"field":"sort","message":"is unknown"}]}`,
		},
		"a sample that names fields": {
			workspace.FormatSample, invalid,
			`{"error":"Bad Request","message":"page: \"<0>\" is not a number","code":400,` +
				`"details":[{"field":"page","message":"\"<0>\" is not a number"},{"field":"sort","message":"is unknown"}]}`,
		},
		"a problem does not say how long to wait": {
			workspace.FormatProblem, limited,
			`{"type":"https://docs.inboxops.app/api/problems/rate_limit_exceeded","title":"Too Many Requests","status":429,` +
				`"detail":"The rate limit is exceeded; wait for the time given in Retry-After.","code":"rate_limit_exceeded",` +
				`"instance":"https://docs.inboxops.app/api/problems/instances/r-1"}`,
		},
		"a sample says how long to wait": {
			workspace.FormatSample, limited,
			`{"error":"Too Many Requests","message":"The rate limit is exceeded; wait for the time given in Retry-After.","code":429,"retryAfter":42}`,
		},
		"a problem keeps two kinds of 403 apart": {
			workspace.FormatProblem, problem.New(problem.InsufficientScope),
			`{"type":"https://docs.inboxops.app/api/problems/insufficient_scope","title":"Forbidden","status":403,` +
				`"detail":"This API key is read-only; it may not be used for POST, PATCH or DELETE.","code":"insufficient_scope",` +
				`"instance":"https://docs.inboxops.app/api/problems/instances/r-1"}`,
		},
		"a sample does not": {
			workspace.FormatSample, problem.New(problem.InsufficientScope),
			`{"error":"Forbidden","message":"This API key is read-only; it may not be used for POST, PATCH or DELETE.","code":403}`,
		},
		"without a format it is a problem": {
			"", problem.Newf(problem.NotFound, "Gone."),
			`{"type":"https://docs.inboxops.app/api/problems/not_found","title":"Not Found","status":404,"detail":"Gone.","code":"not_found",` +
				`"instance":"https://docs.inboxops.app/api/problems/instances/r-1"}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := &service.Call{RequestID: "r-1", Format: test.format}
			body, contentType := inboxops.Service{}.AppendError([]byte("x"), call, test.err)
			if diff := cmp.Diff("x"+test.want, string(body)); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			want := "application/problem+json"
			if test.format == workspace.FormatSample {
				want = "application/json"
			}
			if contentType != want {
				t.Errorf("Content-Type %s, want %s", contentType, want)
			}
		})
	}
}

// TestAppendErrorKeepsTheContract: each error that an operation lists passes
// the contract in either dialect.
func TestAppendErrorKeepsTheContract(t *testing.T) {
	t.Parallel()
	d, checked := newDesk(t, 0), 0
	for id, op := range d.operations {
		target := map[string]string{"listTickets": "/api/v1/tickets"}[id]
		if target == "" {
			target = "/api/v1/tickets/1/messages"
		}
		r := httptest.NewRequest(op.Method, target, nil)
		for _, kind := range op.Listed {
			for _, format := range []string{workspace.FormatProblem, workspace.FormatSample} {
				e := problem.New(kind)
				if kind == problem.BadRequest {
					e = problem.Invalid(problem.Field{Name: "a", Message: "is wrong"})
				}
				if kind == problem.RateLimited {
					e.RetryAfter = new(1)
				}
				body, contentType := inboxops.Service{}.AppendError(nil, &service.Call{RequestID: "r-1", Format: format}, e)
				checkAnswer(t, r, kind.Status(), contentType, string(body))
				checked++
			}
		}
	}
	if checked < 3*2*5 {
		t.Errorf("only %d errors were checked", checked)
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for _, kind := range problem.Kinds() {
		if got := (inboxops.Service{}).Code(kind); got != string(kind) {
			t.Errorf("Code(%s) = %s", kind, got)
		}
	}
}
