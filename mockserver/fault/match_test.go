package fault_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// start is when the rules of these tests come into force.
var start = time.Date(2025, 6, 2, 9, 0, 0, 0, time.UTC)

// teapot is an effect that is easy to recognise.
var teapot = fault.Then{Headers: &fault.Headers{Set: map[string]string{"X-Fault": "yes"}}}

// request is what most rules of these tests are asked about.
func request() *fault.Request {
	return &fault.Request{
		Service: "inboxops", Operation: "listTicketMessages", Method: "GET", Path: "/api/v1/tickets/42/messages", Query: "types=email&q=a%20b&empty=&types=note&%zz",
		Details: details{},
		Key:     "ixk_test_readwrite", KeyKind: "read-write",
		Header: http.Header{"X-Run": {"7", "8"}, "Accept": {"application/json"}},
	}
}

// details are those of that request.
type details struct{}

func (details) Body() []byte          { return []byte(`{"type": "internal_note"}`) }
func (details) About(ref string) bool { return ref == "42" || ref == "stuck" }

// set returns a Set with the rules in force.
func set(t *testing.T, rules ...fault.Rule) *fault.Set {
	t.Helper()
	s := fault.NewSet(1, 1000, nil)
	if _, err := s.Add(start, rules...); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		match fault.Match
		want  bool
	}{
		"nothing wanted is anything":              {fault.Match{}, true},
		"the service":                             {fault.Match{Service: "inboxops"}, true},
		"another service":                         {fault.Match{Service: "apphandoff"}, false},
		"the operation":                           {fault.Match{Operation: "listTicketMessages"}, true},
		"another operation":                       {fault.Match{Operation: "listTickets"}, false},
		"the method":                              {fault.Match{Method: "GET"}, true},
		"another method":                          {fault.Match{Method: "POST"}, false},
		"the path":                                {fault.Match{Path: "/api/v1/tickets/42/messages"}, true},
		"a pattern of the path":                   {fault.Match{Path: "/api/v1/tickets/*/messages"}, true},
		"a pattern within a segment":              {fault.Match{Path: "/api/v1/tickets/4?/mess*"}, true},
		"a star is one segment":                   {fault.Match{Path: "/api/v1/*/messages"}, false},
		"two stars are any number of segments":    {fault.Match{Path: "/api/**"}, true},
		"two stars are none, too":                 {fault.Match{Path: "/api/v1/tickets/42/messages/**"}, true},
		"two stars in the middle":                 {fault.Match{Path: "/api/**/messages"}, true},
		"two stars and another end":               {fault.Match{Path: "/api/**/notes"}, false},
		"a pattern is the whole path":             {fault.Match{Path: "/api/v1/tickets"}, false},
		"the key":                                 {fault.Match{Key: "ixk_test_readwrite"}, true},
		"another key":                             {fault.Match{Key: "ixk_test_readonly"}, false},
		"the kind of the key":                     {fault.Match{KeyKind: "read-write"}, true},
		"another kind":                            {fault.Match{KeyKind: "read-only"}, false},
		"a header":                                {fault.Match{Header: map[string]string{"Accept": "application/json"}}, true},
		"a header's name has no case":             {fault.Match{Header: map[string]string{"x-run": "7"}}, true},
		"a header of any value":                   {fault.Match{Header: map[string]string{"X-Run": "*"}}, true},
		"of a header twice sent the first counts": {fault.Match{Header: map[string]string{"X-Run": "8"}}, false},
		"a header that is not there":              {fault.Match{Header: map[string]string{"X-None": "*"}}, false},
		"one of two headers is not enough":        {fault.Match{Header: map[string]string{"X-Run": "7", "Accept": "text/html"}}, false},
		"a parameter":                             {fault.Match{Query: map[string]string{"types": "email"}}, true},
		"a parameter that is escaped":             {fault.Match{Query: map[string]string{"q": "a b"}}, true},
		"a parameter of any value":                {fault.Match{Query: map[string]string{"q": "*", "empty": "*"}}, true},
		"a parameter without a value":             {fault.Match{Query: map[string]string{"empty": ""}}, true},
		"another value of a parameter":            {fault.Match{Query: map[string]string{"types": "note"}}, false},
		"a parameter that is not there":           {fault.Match{Query: map[string]string{"page": "*"}}, false},
		"a ticket by its name":                    {fault.Match{Ticket: "stuck"}, true},
		"a ticket by its number":                  {fault.Match{Ticket: "#42"}, true},
		"another ticket":                          {fault.Match{Ticket: "43"}, false},
		"a text in the body":                      {fault.Match{Body: "internal_note"}, true},
		"a text that the body has not":            {fault.Match{Body: "email"}, false},
		"all of it together": {fault.Match{
			Service: "inboxops", Operation: "listTicketMessages", Method: "GET", Path: "/api/*/tickets/*/messages",
			Key: "ixk_test_readwrite", KeyKind: "read-write", Header: map[string]string{"Accept": "*"},
		}, true},
		"all but one": {fault.Match{Service: "inboxops", Operation: "listTicketMessages", Method: "HEAD"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := set(t, fault.Rule{ID: "a", Match: test.match, Then: teapot})
			effect := s.Decide(request(), start)
			if fired := effect.Rule == "a"; fired != test.want {
				t.Errorf("%+v: fired %v, want %v", test.match, fired, test.want)
			}
			if list := s.List(); list[0].Fired != list[0].Matched || (list[0].Fired == 1) != test.want {
				t.Errorf("%+v: counted %+v", test.match, list[0])
			}
		})
	}
}

func TestTheFirstRuleThatFiresDecides(t *testing.T) {
	t.Parallel()
	s := set(t,
		fault.Rule{ID: "other", Match: fault.Match{Method: "POST"}, Then: teapot},
		fault.Rule{ID: "second", When: fault.When{Nth: 2}, Then: teapot},
		fault.Rule{ID: "rest", Then: teapot},
		fault.Rule{ID: "never seen", Then: teapot},
	)
	var got []string
	for range 3 {
		got = append(got, s.Decide(request(), start).Rule)
	}
	wantStrings(t, got, []string{"rest", "second", "rest"})
	var counts [][2]int
	for _, rule := range s.List() {
		counts = append(counts, [2]int{rule.Matched, rule.Fired})
	}
	// A rule sees only what no rule before it took.
	wantEqual(t, counts, [][2]int{{0, 0}, {3, 1}, {2, 2}, {0, 0}})
}
