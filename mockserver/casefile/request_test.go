package casefile_test

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// requests returns requests with this and that in them.
func (g generator) requests(n int) (all []casefile.Request) {
	headers := func() http.Header {
		h := http.Header{}
		for _, name := range []string{"Accept", "X-Run"}[:g.r.IntN(3)] {
			for range 1 + g.r.IntN(2) {
				h.Add(name, strings.Map(func(r rune) rune {
					if r < ' ' || r == 0x7f {
						return '-'
					}
					return r
				}, g.word(true)))
			}
		}
		return h
	}
	sentences := func() (some []string) {
		for range g.r.IntN(3) {
			some = append(some, g.word(false))
		}
		return some
	}
	for i := range n {
		r := casefile.Request{
			Left: g.r.IntN(2) == 0, Key: []string{"", "read-write", "apphandoff/revoked", casefile.UnknownKey}[g.r.IntN(4)], Method: []string{"GET", "POST", "on"}[g.r.IntN(3)],
			URL: "/api/v1/tickets?query=%27+#"[:1+g.r.IntN(25)], Header: headers(), Body: g.word(true), Breaches: sentences(),
			Answer: casefile.Answer{Status: []int{0, 200, 429}[g.r.IntN(3)], Header: headers(), Body: g.word(true), Breaches: sentences()},
		}
		r.URL = strings.TrimSuffix(strings.TrimSuffix(r.URL, "%"), "%2")
		if g.r.IntN(2) == 0 {
			r.At, r.Fault = fixtures.DefaultAt.Add(time.Duration(i)*time.Second), g.word(false)
		}
		if g.r.IntN(3) == 0 {
			r.Changes = []casefile.Change{
				{At: fixtures.DefaultAt, Method: "POST", URL: "/_mockdesk/desk/tickets/1001/messages", Body: g.word(true), Acts: g.r.IntN(2) * 7},
				{Method: "DELETE", URL: "/_mockdesk/faults/fault-1%3Fx=%2F"},
			}
		}
		r.Answer.Bytes = len(r.Answer.Body) + g.r.IntN(2)*700
		if g.r.IntN(3) == 0 {
			r.Answer.Promised = r.Answer.Bytes + 1
		}
		all = append(all, r)
	}
	return all
}

func TestRequestsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	data := emptyWorld()
	for seed := range uint64(40) {
		g := generator{r: rand.New(rand.NewPCG(seed, 1))}
		want := g.requests(8)
		text := write(t, casefile.State{Data: data, Requests: want})
		c, err := casefile.Parse("written", []byte(text))
		if err != nil {
			t.Fatalf("seed %d: %v in\n%s", seed, err, text)
		}
		if diff := cmp.Diff(want, c.Requests(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d: (-written +read):\n%s\n%s", seed, diff, text)
		}
		if diff := cmp.Diff(want, c.Brief().Requests(), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("in less memory (-written +read):\n%s", diff)
		}
	}
}

func TestRequestsOfACaseAreNotWhatTheyMayNotBe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"requests: [{method: GET}]":                                                                "line 1, column 12: requests[0]: a request needs a url (hint: url: /api/v1/tickets?status=open)",
		"requests: [{url: /, header: {authorization: Bearer x}}]":                                  "requests[0].header.authorization: a case holds no keys, and authorization does (hint: leave it out; key says which key it was)",
		"requests: [{url: /, answer: {header: {Set-Cookie: x}}}]":                                  "a case holds no keys",
		"requests: [{url: /, answer: {body: abc, bytes: 2}}]":                                      "requests[0].answer.bytes: the body alone has 3 bytes (hint: leave it out)",
		"requests: [{url: /, answer: {body: abc, promised: 3}}]":                                   "no more than the 3 bytes that were sent were promised",
		"requests: [{url: /, header: {X-A: \"a\\nb\"}}]":                                           "characters that no header can have",
		"requests: [{url: /, header: {X A: b}}]":                                                   `"X A" is no name of a header`,
		"requests: [" + strings.Repeat("{url: /}, ", 1001) + "]":                                   "requests[1000]: a case has 1000 requests at most (hint: leave out the oldest)",
		"requests: {url: /}":                                                                       "requests: a mapping is not a list",
		"requests:\n- url: /\n  at: noon":                                                          "line 3, column 7: requests[0].at: \"noon\" is no instant",
		"requests: [{url: /, breaches: [\" \"]}]":                                                  `requests[0].breaches[0]: " " says nothing`,
		"requests: [{url: /, replay: maybe}]":                                                      `requests[0].replay: "maybe" is not true or false`,
		"requests: [{url: \"/a b\"}]":                                                              `"/a b" is no path with a query`,
		"requests: [{url: /_mockdesk/faults}]":                                                     `requests[0].url: a case has requests to the services, and "/_mockdesk/faults" asks the control API`,
		"requests: [{url: /, changes: [{method: POST}]}]":                                          `requests[0].changes[0]: "POST" is no change that a case can say (hint: {method: DELETE, url: /_mockdesk/faults})`,
		"requests: [{url: /, changes: [{method: POST, url: /_mockdesk/reset}]}]":                   `"POST /_mockdesk/reset" is no change that a case can say`,
		"requests: [{url: /, changes: [{method: DELETE, url: /_mockdesk/faults/}]}]":               `"DELETE /_mockdesk/faults/" is no change that a case can say`,
		"requests: [{url: /, changes: [{method: DELETE, url: /_mockdesk/faults?workspace=acme}]}]": `"DELETE /_mockdesk/faults?workspace=acme" is no change that a case can say`,
		"requests: [{url: /, changes: [{method: PUT, url: /_mockdesk/life, at: now}]}]":            `requests[0].changes[0].at: "now" is no instant`,
	} {
		_, err := casefile.Parse("case", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
}
