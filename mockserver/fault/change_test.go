package fault_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// answer returns one that is about to be sent.
func answer(body string) *fault.Answer {
	return &fault.Answer{Header: http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"r1"}}, Body: []byte(body)}
}

// happen returns what an effect makes of a body.
func happen(t *testing.T, then fault.Then, body string) *fault.Answer {
	t.Helper()
	s := set(t, fault.Rule{Then: then})
	effect, a := s.Decide(request(), start), answer(body)
	effect.Change(a)
	return a
}

func TestViolation(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ pointer, how, body, want string }{
		"null":                       {"/data/0/status", fault.MakeNull, `{"data":[{"status":"open"}]}`, `{"data":[{"status":null}]}`},
		"missing":                    {"/data/0/status", fault.MakeMissing, `{"data":[{"id":1,"status":"open"}]}`, `{"data":[{"id":1}]}`},
		"no enum value":              {"/data/0/status", fault.MakeUnknownEnum, `{"data":[{"status":"open"}]}`, `{"data":[{"status":"unheard_of"}]}`},
		"a number for a text":        {"/a", fault.MakeWrongType, `{"a":"b"}`, `{"a":42}`},
		"a number for null":          {"/a", fault.MakeWrongType, `{"a":null}`, `{"a":42}`},
		"a text for a number":        {"/a", fault.MakeWrongType, `{"a":1}`, `{"a":"not a number"}`},
		"a text for a truth":         {"/a", fault.MakeWrongType, `{"a":true}`, `{"a":"not a number"}`},
		"a mapping for a list":       {"/a", fault.MakeWrongType, `{"a":[1]}`, `{"a":{}}`},
		"a list for a mapping":       {"/a", fault.MakeWrongType, `{"a":{"b":1}}`, `{"a":[]}`},
		"every element":              {"/data/*/status", fault.MakeNull, `{"data":[{"status":"open"},{"status":"waiting"}]}`, `{"data":[{"status":null},{"status":null}]}`},
		"one element":                {"/data/1", fault.MakeNull, `{"data":[1,2,3]}`, `{"data":[1,null,3]}`},
		"an element less":            {"/data/1", fault.MakeMissing, `{"data":[1,2,3]}`, `{"data":[1,3]}`},
		"no element left":            {"/data/*", fault.MakeMissing, `{"data":[1,2,3]}`, `{"data":[]}`},
		"the whole body":             {"", fault.MakeNull, `{"data":[1,2,3]}`, `null`},
		"a slash and a tilde":        {"/a~1b/c~0d", fault.MakeNull, `{"a/b":{"c~d":1}}`, `{"a/b":{"c~d":null}}`},
		"a tilde before a one":       {"/~01", fault.MakeNull, `{"~1":1}`, `{"~1":null}`},
		"large numbers stay":         {"/a", fault.MakeNull, `{"a":1,"b":12345678901234567890}`, `{"a":null,"b":12345678901234567890}`},
		"the others as they were":    {"/b", fault.MakeNull, `{ "z": 1.50, "b" : "<é>", "a": {"y": "<", "x": []} }`, `{"z":1.50,"b":null,"a":{"y": "<", "x": []}}`},
		"the last one is missing":    {"/a", fault.MakeMissing, `{"b":1,"a":2}`, `{"b":1}`},
		"no element has no name":     {"/data/", fault.MakeNull, `{"data":[1]}`, `{"data":[1]}`},
		"a member has none":          {"/", fault.MakeNull, `{"a":1,"":2}`, `{"a":1,"":null}`},
		"null for null":              {"/a", fault.MakeNull, `{"a":null}`, `{"a":null}`},
		"the last element alone":     {"/data/*/b", fault.MakeNull, `{"data":[{"a":1},{"b":1}]}`, `{"data":[{"a":1},{"b":null}]}`},
		"some elements":              {"/data/*/b", fault.MakeMissing, `{"data":[{"b":1},{"a":1}]}`, `{"data":[{},{"a":1}]}`},
		"nothing there":              {"/data/0/status", fault.MakeNull, `{"data":[]}`, `{"data":[]}`},
		"a list has no names":        {"/data/status", fault.MakeMissing, `{"data":[1]}`, `{"data":[1]}`},
		"a text has no members":      {"/data/status", fault.MakeNull, `{"data":"x"}`, `{"data":"x"}`},
		"what is no JSON is let be":  {"/data", fault.MakeNull, `<html>`, `<html>`},
		"an empty body stays empty":  {"/data", fault.MakeNull, ``, ``},
		"a name that is not written": {"/b", fault.MakeWrongType, `{"a":1}`, `{"a":1}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := happen(t, fault.Then{Violation: &fault.Violation{Pointer: test.pointer, Make: test.how}}, test.body)
			if string(a.Body) != test.want {
				t.Errorf("%s made %s:\ngot  %s\nwant %s", test.pointer, test.how, a.Body, test.want)
			}
			effect := fault.Effect{Then: &fault.Then{Violation: &fault.Violation{Pointer: test.pointer, Make: test.how}}}
			effect.Change(answer(test.body))
			if missed := test.want == test.body; (effect.Missed != "") != missed || slices.Contains(effect.Actions(), "violation") == missed {
				t.Errorf("%s made %s: missed %q, did %q", test.pointer, test.how, effect.Missed, effect.Actions())
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":[]}`, `[]`, `"x"`, `1`, `null`} {
		before := []byte(body)
		effect := fault.Effect{Then: &fault.Then{Malformed: true}}
		a := &fault.Answer{Body: before}
		effect.Change(a)
		if json.Valid(a.Body) || len(a.Body) != len(body) {
			t.Errorf("%s became %s, want as many bytes that are no JSON", body, a.Body)
		}
		if string(before) != body {
			t.Errorf("the bytes of the operation were written to: %s", before)
		}
	}
	if a := happen(t, fault.Then{Malformed: true}, ""); len(a.Body) != 0 {
		t.Errorf("no body became %q", a.Body)
	}
}

func TestChangeOfHeaders(t *testing.T) {
	t.Parallel()
	a := happen(t, fault.Then{
		ContentType: "text/html",
		Headers:     &fault.Headers{Set: map[string]string{"x-a": "b"}, Remove: []string{"x-request-id"}},
	}, "{}")
	wantEqual(t, a.Header, http.Header{"Content-Type": {"text/html"}, "X-A": {"b"}, "X-Request-Id": nil})
	a = happen(t, fault.Then{Headers: &fault.Headers{Set: map[string]string{"Date": "x"}, Remove: []string{"Date"}}}, "{}")
	wantEqual(t, a.Header.Values("Date"), []string{"x"})
}

func TestBodyEnd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body *fault.Body
		want int
	}{
		"no fault sends all":           {nil, 100},
		"cut":                          {&fault.Body{CutAfter: new(20)}, 20},
		"cut before the first byte":    {&fault.Body{CutAfter: new(0)}, 0},
		"a cut behind the end is none": {&fault.Body{CutAfter: new(101)}, 100},
		"stalled":                      {&fault.Body{StallAfter: new(7)}, 7},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			effect, a := fault.Effect{Then: &fault.Then{Body: test.body}}, answer(strings.Repeat("x", 100))
			if effect.Change(a); a.End != test.want {
				t.Errorf("%d bytes, want %d", a.End, test.want)
			}
		})
	}
}

func TestChangeOfNothing(t *testing.T) {
	t.Parallel()
	const body = `{"a":"unheard_of"}`
	headers := func(remove string, set map[string]string) fault.Then {
		return fault.Then{Headers: &fault.Headers{Set: set, Remove: []string{remove}[:min(1, len(remove))]}}
	}
	tests := map[string]struct {
		then   fault.Then
		head   bool
		body   string
		missed string
		did    []string
	}{
		"a cut behind the end":        {fault.Then{Body: &fault.Body{CutAfter: new(len(body) + 1)}}, false, body, "body: the answer has no more than 18 bytes", nil},
		"a cut at the end":            {fault.Then{Body: &fault.Body{CutAfter: new(len(body))}}, false, body, "body: the answer has no more than 18 bytes", nil},
		"a stall behind the end":      {fault.Then{Body: &fault.Body{StallAfter: new(1000)}}, false, body, "body: the answer has no more than 18 bytes", nil},
		"a cut before the end":        {fault.Then{Body: &fault.Body{CutAfter: new(17)}}, false, body, "", []string{"body"}},
		"a cut of nothing":            {fault.Then{Body: &fault.Body{CutAfter: new(0)}}, false, "", "body: the answer has no more than 0 bytes", nil},
		"a cut of HEAD":               {fault.Then{Body: &fault.Body{CutAfter: new(1)}}, true, body, "body: an answer to HEAD has no body", nil},
		"malformed HEAD":              {fault.Then{Malformed: true}, true, body, "malformed: an answer to HEAD has no body", nil},
		"malformed nothing":           {fault.Then{Malformed: true}, false, "", "malformed: the answer has an empty body", nil},
		"a violation of HEAD":         {fault.Then{Violation: &fault.Violation{Pointer: "/a", Make: "null"}}, true, body, "violation: an answer to HEAD has no body", nil},
		"an unknown word once more":   {fault.Then{Violation: &fault.Violation{Pointer: "/a", Make: "unknown-enum"}}, false, body, `violation: the answer has nothing to break at "/a"`, nil},
		"the type that it has":        {fault.Then{ContentType: "application/json"}, false, body, `content_type: the answer has "application/json" already`, nil},
		"another type":                {fault.Then{ContentType: "text/html"}, true, body, "", []string{"content_type"}},
		"a header that is not there":  {headers("etag", nil), false, body, "headers: the answer has no etag", nil},
		"a header that is there":      {headers("x-request-id", nil), false, body, "", []string{"headers"}},
		"one that the server puts in": {headers("date", nil), false, body, "", []string{"headers"}},
		"the value that it has":       {headers("", map[string]string{"x-request-id": "r1"}), false, body, "headers: the answer has x-request-id: r1 already", nil},
		"another value":               {headers("", map[string]string{"x-request-id": "r2"}), false, body, "", []string{"headers"}},
		"one of two headers":          {headers("ETag", map[string]string{"x-request-id": "r2"}), false, body, "headers: the answer has no ETag", []string{"headers"}},
		"no latency by chance":        {fault.Then{Latency: &fault.Latency{Mean: 1, Deviation: 1}}, false, body, "latency: chance said 0s", nil},
		"a slow body":                 {fault.Then{Body: &fault.Body{BytesPerSecond: 1}}, false, body, "", []string{"body"}},
		"a slow body of nothing":      {fault.Then{Body: &fault.Body{BytesPerSecond: 1}}, false, "", "body: the answer has an empty body", nil},
		"a slow body of HEAD":         {fault.Then{Body: &fault.Body{BytesPerSecond: 1}}, true, body, "body: an answer to HEAD has no body", nil},
		"a slow body, cut nowhere":    {fault.Then{Body: &fault.Body{BytesPerSecond: 1, CutAfter: new(18)}}, false, body, "body: the answer has no more than 18 bytes", []string{"body"}},
		"two misses": {
			fault.Then{Malformed: true, Body: &fault.Body{CutAfter: new(1)}, ContentType: "a/b"},
			true, body,
			"malformed: an answer to HEAD has no body; body: an answer to HEAD has no body",
			[]string{"content_type"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			effect, a := fault.Effect{Then: &test.then}, answer(test.body)
			a.Head = test.head
			effect.Change(a)
			wantEqual(t, effect.Missed, test.missed)
			wantEqual(t, effect.Actions(), test.did)
			if (test.missed != "" || test.head) && (string(a.Body) != test.body || a.End != len(test.body)) {
				t.Errorf("%d bytes of %s are sent, want all of %s", a.End, a.Body, test.body)
			}
		})
	}
}
