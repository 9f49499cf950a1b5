package fault_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// Every member of Then is an action, by the name that rules have for it.
func TestActionsAreTheMembersOfThen(t *testing.T) {
	t.Parallel()
	var members []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[fault.Then]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		members = append(members, name)
	}
	if diff := cmp.Diff(members, fault.Actions); diff != "" {
		t.Errorf("Actions (-members of Then +got):\n%s", diff)
	}
}

func TestEffectActions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		effect fault.Effect
		want   []string
	}{
		"nothing":             {fault.Effect{}, nil},
		"what Prefer may do":  {fault.Effect{Refuse: problem.New(problem.Internal), Delay: time.Second}, []string{"status", "latency"}},
		"what a rule changes": {fault.Effect{Then: &fault.Then{Headers: &fault.Headers{}, Malformed: true, ContentType: "a/b"}}, []string{"headers", "malformed", "content_type"}},
		"what a rule breaks": {
			fault.Effect{Then: &fault.Then{Connection: fault.Reset, Body: &fault.Body{}, Violation: &fault.Violation{}}}, []string{"connection", "body", "violation"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.effect.Actions()); diff != "" {
				t.Errorf("Actions (-want +got):\n%s", diff)
			}
		})
	}
}
