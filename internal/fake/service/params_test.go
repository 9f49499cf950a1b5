package service_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
)

func TestAppendParams(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw  string
		want []service.Param
	}{
		"no query":                   {"", nil},
		"one parameter":              {"page=2", []service.Param{{"page", "2"}}},
		"the order is kept":          {"b=1&a=2&b=3", []service.Param{{"b", "1"}, {"a", "2"}, {"b", "3"}}},
		"an empty value":             {"q=", []service.Param{{"q", ""}}},
		"a name without a value":     {"q", []service.Param{{"q", ""}}},
		"a value without a name":     {"=x", []service.Param{{"", "x"}}},
		"an equals sign in a value":  {"q=a=b", []service.Param{{"q", "a=b"}}},
		"a percent-encoded value":    {"q=100%25%20caf%C3%A9", []service.Param{{"q", "100% café"}}},
		"a percent-encoded name":     {"custom%5Ffield%5Fx=1", []service.Param{{"custom_field_x", "1"}}},
		"an encoded ampersand":       {"q=a%26b&c=d", []service.Param{{"q", "a&b"}, {"c", "d"}}},
		"a plus is a blank":          {"q=a+b", []service.Param{{"q", "a b"}}},
		"an encoded plus is a plus":  {"q=a%2Bb", []service.Param{{"q", "a+b"}}},
		"empty parts are left out":   {"&&a=1&&b=2&", []service.Param{{"a", "1"}, {"b", "2"}}},
		"a semicolon does not split": {"a=1;b=2", []service.Param{{"a", "1;b=2"}}},
		"letters beyond ASCII":       {"q=café", []service.Param{{"q", "café"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := service.Param{Name: "before", Value: "kept"}
			got, refusal := service.AppendParams([]service.Param{before}, test.raw)
			if refusal != nil {
				t.Fatalf("AppendParams(%q): %v", test.raw, refusal)
			}
			if diff := cmp.Diff(append([]service.Param{before}, test.want...), got); diff != "" {
				t.Errorf("AppendParams(%q) (-want +got):\n%s", test.raw, diff)
			}
		})
	}
}

func TestAppendParamsRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw, name string
	}{
		"a bare percent sign":             {"page=1&q=100%", "q"},
		"a percent sign and a letter":     {"q=%zz", "q"},
		"half an escape":                  {"q=%2", "q"},
		"a broken name":                   {"%zz=1", "%zz"},
		"a good name is named as decoded": {"%71=%", "q"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, refusal := service.AppendParams(nil, test.raw)
			want := problem.Invalid(problem.Field{Name: test.name, Message: "is not percent-encoded correctly; write a literal % as %25"})
			if diff := cmp.Diff(want, refusal); diff != "" {
				t.Errorf("AppendParams(%q) (-want +got):\n%s", test.raw, diff)
			}
		})
	}
}

func TestFirst(t *testing.T) {
	t.Parallel()
	call := service.Call{Params: []service.Param{{"a", "1"}, {"b", ""}, {"a", "2"}}}
	tests := map[string]struct {
		name, want string
		sent       bool
	}{
		"the first of two values":  {"a", "1", true},
		"an empty value is sent":   {"b", "", true},
		"one that is not sent":     {"c", "", false},
		"names differ in case":     {"A", "", false},
		"the empty name, not sent": {"", "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, sent := call.First(test.name); got != test.want || sent != test.sent {
				t.Errorf("First(%q) = %q, %v, want %q, %v", test.name, got, sent, test.want, test.sent)
			}
		})
	}
}

// FuzzAppendParams holds AppendParams against url.ParseQuery, which differs in
// that it forgets the order and refuses semicolons.
func FuzzAppendParams(f *testing.F) {
	for _, seed := range []string{
		"", "page=2&per_page=10", "q=a+b%20c", "status=open,closed&status=x", "custom_field_a=%E2%82%AC", "%zz", "a=%", "&&=&=x&x", "a;b=1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if strings.Contains(raw, ";") {
			t.Skip("url.ParseQuery has an opinion on semicolons")
		}
		params, refusal := service.AppendParams(nil, raw)
		want, err := url.ParseQuery(raw)
		if (refusal != nil) != (err != nil) {
			t.Fatalf("AppendParams: %v, url.ParseQuery: %v", refusal, err)
		}
		if err != nil {
			return
		}
		got := url.Values{}
		for _, p := range params {
			got.Add(p.Name, p.Value)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("AppendParams(%q) (-url.ParseQuery +got):\n%s", raw, diff)
		}
	})
}
