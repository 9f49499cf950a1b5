package problem_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

func TestKindStatus(t *testing.T) {
	t.Parallel()
	want := map[problem.Kind]int{ // the problem table of the documentation
		"bad_request":         400,
		"unauthorized":        401,
		"forbidden":           403,
		"insufficient_scope":  403,
		"not_found":           404,
		"method_not_allowed":  405,
		"conflict":            409,
		"uri_too_long":        414, // but for this one
		"rate_limit_exceeded": 429,
		"internal_error":      500,
		"service_unavailable": 503,
	}
	got := map[problem.Kind]int{}
	for _, kind := range problem.Kinds() {
		got[kind] = kind.Status()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	kinds := problem.Kinds()
	if !slices.IsSortedFunc(kinds, func(a, b problem.Kind) int { return a.Status() - b.Status() }) {
		t.Errorf("Kinds() = %v, not in order of status", kinds)
	}
	first := slices.IndexFunc(kinds, func(k problem.Kind) bool { return k.Status() == 403 })
	if kinds[first] != problem.Forbidden {
		t.Errorf("the usual kind of 403 is %s, want %s", kinds[first], problem.Forbidden)
	}
	kinds[0] = "changed"
	if problem.Kinds()[0] == "changed" {
		t.Error("Kinds() hands out its own table")
	}
}

func TestKindDetail(t *testing.T) {
	t.Parallel()
	said := map[string]problem.Kind{}
	for _, kind := range problem.Kinds() {
		detail := kind.Detail()
		if !strings.HasSuffix(detail, ".") {
			t.Errorf("Detail of %s is %q, not a sentence", kind, detail)
		}
		if other, twice := said[detail]; twice {
			t.Errorf("%s and %s have the same detail %q", kind, other, detail)
		}
		said[detail] = kind
	}
}

func TestUnknownKindIsInternal(t *testing.T) {
	t.Parallel()
	unknown := problem.Kind("no_such_kind")
	if got := unknown.Status(); got != 500 {
		t.Errorf("Status() = %d, want 500", got)
	}
	if got, want := unknown.Detail(), problem.Internal.Detail(); got != want {
		t.Errorf("Detail() = %q, want %q", got, want)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	page := problem.Field{Name: "page", Message: "is not a number"}
	sort := problem.Field{Name: "sort", Message: "is unknown"}
	tests := map[string]struct {
		got  *problem.Error
		want problem.Error
		text string
	}{
		"a new error says what is usual": {
			problem.New(problem.NotFound),
			problem.Error{Kind: problem.NotFound, Detail: problem.NotFound.Detail()},
			"not_found: The requested resource was not found.",
		},
		"a formatted error says what it is told": {
			problem.Newf(problem.Conflict, "%d of %s", 7, "nine"),
			problem.Error{Kind: problem.Conflict, Detail: "7 of nine"},
			"conflict: 7 of nine",
		},
		"an error keeps why it came to be": {
			problem.New(problem.Conflict).Because("rule 7"),
			problem.Error{Kind: problem.Conflict, Detail: problem.Conflict.Detail(), Why: "rule 7"},
			"conflict: The request conflicts with the current state.",
		},
		"an invalid request is a bad request about its first field": {
			problem.Invalid(page, sort),
			problem.Error{
				Kind: problem.BadRequest, Detail: "page: is not a number",
				Fields: []problem.Field{page, sort}, Why: "parameter page",
			},
			"bad_request: page: is not a number",
		},
		"without a field it says what is usual": {
			problem.Invalid(),
			problem.Error{Kind: problem.BadRequest, Detail: problem.BadRequest.Detail(), Why: "request"},
			"bad_request: The request contains invalid parameters or malformed data.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, *test.got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got := test.got.Error(); got != test.text {
				t.Errorf("Error() = %q, want %q", got, test.text)
			}
		})
	}
}

func ExampleInvalid() {
	var err error = problem.Invalid(problem.Field{Name: "page", Message: `"0" is not a whole number of at least 1`})
	var refusal *problem.Error
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Kind.Status(), refusal)
	}
	// Output: 400 bad_request: page: "0" is not a whole number of at least 1
}
