package fault_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// operations are some that rules may match.
var operations = []fault.Operation{
	{Service: "inboxops", ID: "listTickets", Method: "GET", Path: "/api/v1/tickets"},
	{Service: "inboxops", ID: "listTicketMessages", Method: "GET", Path: "/api/v1/tickets/{id}/messages"},
	{Service: "inboxops", ID: "addInternalNote", Method: "POST", Path: "/api/v1/tickets/{id}/messages"},
	{Service: "apphandoff", ID: "listTicketMessages", Method: "GET", Path: "/api/projects/{id}/tickets/{ticketId}/messages"},
}

// scope is what rules can match: the operations, with a key or without one.
var scope = fault.Scope{Operations: operations, Key: func(m *fault.Match) error {
	if m.Key != "" && m.Key != "ixk_test_readwrite" {
		return errors.New("match.key is nobody's")
	}
	return nil
}}

// everything is a file that uses each member there is, and the rules it holds.
const everything = `# All that a rule can say.
faults:
- id: burst
  name: lists are throttled
  match: {service: inboxops, operation: listTickets, method: GET, path: /api/*/tickets, key: ixk_test_readwrite, key_kind: read-write, header: {X-Run: "7"}, query: {page: "2"}}
  when: {after: 2, every: 3, times: 4, for: 1m30s, probability: 0.25}
  then: {status: {code: 429, retry_after: 3, retry_after_as: date, hold: true, detail: Slow down.}, rate_limit: {limit: 5, window: 10s, prefix: RateLimit-}, headers: {set: {X-A: b}, remove: [X-C]}}
- when: {nth: 1}
  then: {latency: {fixed: 250ms}, status: {code: 400, retry_after: 0}}
- then: {latency: {min: 1s, max: 2s}, body: {cut_after: 0}}
- then: {latency: {mean: 800ms, deviation: 0.2s}, body: {stall_after: 20}}
- then: {connection: reset}
- match: {body: urgent}
  then: {gateway: {status: 302, location: /login}, body: {bytes_per_second: 100, cut_share: 0.5}}
- then: {malformed: true, content_type: text/html}
- match: {method: HEAD}
  then: {violation: {pointer: /data/*/status, make: unknown-enum}}
`

func everyRule() []fault.Rule {
	ms := func(n int) fault.Duration { return fault.Duration(time.Duration(n) * time.Millisecond) }
	return []fault.Rule{
		{
			ID: "burst", Name: "lists are throttled",
			Match: fault.Match{
				Service: "inboxops", Operation: "listTickets", Method: "GET", Path: "/api/*/tickets",
				Key: "ixk_test_readwrite", KeyKind: "read-write", Header: map[string]string{"X-Run": "7"}, Query: map[string]string{"page": "2"},
			},
			When: fault.When{After: 2, Every: 3, Times: 4, For: ms(90_000), Probability: 0.25},
			Then: fault.Then{
				Status:    &fault.Status{Code: "429", RetryAfter: 3, RetryAfterAs: "date", Hold: true, Detail: "Slow down."},
				RateLimit: &fault.RateLimit{Limit: 5, Window: ms(10_000), Prefix: "RateLimit-"},
				Headers:   &fault.Headers{Set: map[string]string{"X-A": "b"}, Remove: []string{"X-C"}},
			},
		},
		{When: fault.When{Nth: 1}, Then: fault.Then{Latency: &fault.Latency{Fixed: ms(250)}, Status: &fault.Status{Code: "400", RetryAfter: fault.NoWait}}},
		{Then: fault.Then{Latency: &fault.Latency{Min: ms(1000), Max: ms(2000)}, Body: &fault.Body{CutAfter: new(0)}}},
		{Then: fault.Then{Latency: &fault.Latency{Mean: ms(800), Deviation: ms(200)}, Body: &fault.Body{StallAfter: new(20)}}},
		{Then: fault.Then{Connection: fault.Reset}},
		{
			Match: fault.Match{Body: "urgent"},
			Then:  fault.Then{Gateway: &fault.Gateway{Status: 302, Location: "/login"}, Body: &fault.Body{BytesPerSecond: 100, CutShare: 0.5}},
		},
		{Then: fault.Then{Malformed: true, ContentType: "text/html"}},
		{
			Match: fault.Match{Method: "HEAD"},
			Then:  fault.Then{Violation: &fault.Violation{Pointer: "/data/*/status", Make: fault.MakeUnknownEnum}},
		},
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	rules, err := scope.Parse([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, rules, everyRule())

	text, err := fault.Format(rules)
	if err != nil {
		t.Fatal(err)
	}
	again, err := scope.Parse(text)
	if err != nil {
		t.Fatalf("what Format wrote cannot be read: %v\n%s", err, text)
	}
	wantEqual(t, again, rules)
}

func TestParseTakesJSON(t *testing.T) {
	t.Parallel()
	const rule = `{"match": {"operation": "listTickets"}, "when": {"for": "30s"}, "then": {"status": {"code": 503, "retry_after": 5}}}`
	want := fault.Rule{
		Match: fault.Match{Operation: "listTickets"}, When: fault.When{For: fault.Duration(30 * time.Second)},
		Then: fault.Then{Status: &fault.Status{Code: "503", RetryAfter: 5}},
	}
	one, err := scope.ParseRule([]byte(rule))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, one, want)
	file, err := scope.Parse([]byte(`{"faults": [` + rule + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, file, []fault.Rule{want})
}

func TestParseKeepsToTheLinesOfTheFile(t *testing.T) {
	t.Parallel()
	rules, err := scope.Parse([]byte("faults:\n- &first\n  then: {malformed: true}\n- *first\n- <<: *first\n  name: third\n"))
	if err != nil {
		t.Fatal(err)
	}
	broken := fault.Rule{Then: fault.Then{Malformed: true}}
	wantEqual(t, rules, []fault.Rule{broken, broken, {Name: "third", Then: broken.Then}})
}

// wrongFiles are files that are refused; want is all of the error.
var wrongFiles = map[string]struct{ text, want string }{
	"an empty file":         {"", "no documents in stream" + fileHint},
	"only a comment":        {"# nothing\n", "no documents in stream" + fileHint},
	"no list":               {"faults: 3", `line 1: "3" is not a list` + fileHint},
	"a word":                {"faults", `line 1: "faults" is not a mapping with faults` + fileHint},
	"a list":                {"- a", "line 1: a list is not a mapping with faults" + fileHint},
	"a misspelt beginning":  {"\nfault: []", `line 2: there is no member "fault" (hint: did you mean faults?)`},
	"two lists":             {"faults: []\nfaults: []", `line 2: mapping key "faults" already defined at line 1` + fileHint},
	"two documents":         {"faults: []\n---\nfaults: []", "expected single document, found multiple" + fileHint},
	"no YAML":               {"faults: [\n", "line 1: did not find expected node content" + fileHint},
	"an end too early":      {"faults:\n- match: {operation: listTickets}\n  then: {status: {code: 429}\n", "line 3: did not find expected ',' or '}'" + fileHint},
	"a control character":   {"\x00", "control characters are not allowed (value: 0)" + fileHint},
	"no rules":              {"faults: []", "there are no rules in it (hint: faults: is a list of rules)"},
	"nothing for a list":    {"faults:", "there are no rules in it (hint: faults: is a list of rules)"},
	"a rule of nothing":     {"faults:\n- null", "line 2: rule 1: " + noEffect},
	"a rule behind nothing": {"faults:\n- null\n- then: {malformed: true}\n- then: {}", "line 2: rule 1: " + noEffect + "\nline 4: rule 3: " + noEffect},
	"a merged list":         {"<<: {faults: [{then: {}}]}", "line 1: rule 1: " + noEffect},
	"a list in itself":      {"faults: &a\n- *a", "line 1: rule 1: a list is not a mapping with id, name, disabled, match, when, then"},
}

// wrongRules are rules that are refused; the text is the third line of a file,
// and want what is said of it.
var wrongRules = map[string]struct{ text, want string }{
	"no member of a rule":       {"wen: {nth: 1}", `there is no member "wen" (hint: did you mean when?)`},
	"no member of match":        {"match: {verb: GET}", `there is no member "verb"; the members are service, operation, method, path, ticket, key, key_kind, header, query, body`},
	"no member of when":         {"when: {first: 3}", `there is no member "first"; the members are nth, after, every, times, for, probability`},
	"a member twice":            {"name: a\n  name: b", "line 4: rule 2: mapping key \"name\" already defined at line 3"},
	"a list for a match":        {"match: [GET]", "a list is not a mapping with service, operation, method, path, ticket, key, key_kind, header, query, body"},
	"a mapping for a path":      {"match: {path: {a: b}}", "a mapping is not a text"},
	"a list for headers":        {"match: {header: [Accept]}", "a list is not a mapping of names to texts"},
	"an unknown operation":      {"match: {operation: listTasks}", neverMatch(` operation "listTasks"`)},
	"a strange operation":       {"match: {operation: deleteTicket}", neverMatch(` operation "deleteTicket"`)},
	"a misspelt operation":      {"match: {operation: listTickts}", `match can never match: no operation has operation "listTickts" (hint: did you mean listTickets?)`},
	"a misspelt service":        {"match: {service: app-handoff}", `match can never match: no operation has service "app-handoff" (hint: did you mean apphandoff?)`},
	"a key of nobody":           {"match: {key: ixk_test_readonly}", "match.key is nobody's"},
	"an unknown service":        {"match: {service: zendesk}", neverMatch(` service "zendesk"`)},
	"a method in lower case":    {"match: {method: get}", `match can never match: no operation has method "get" (hint: did you mean GET?)`},
	"HEAD of a note":            {"match: {operation: addInternalNote, method: HEAD}", neverMatch(` operation "addInternalNote" method "HEAD"`)},
	"another's operation":       {"match: {service: apphandoff, operation: listTickets}", neverMatch(` service "apphandoff" operation "listTickets"`)},
	"a path too long":           {"match: {path: /api/v1/tickets/1/messages/2}", neverMatch(` path "/api/v1/tickets/1/messages/2"`)},
	"a path without an id":      {"match: {path: /api/v1/tickets//messages}", neverMatch(` path "/api/v1/tickets//messages"`)},
	"a path of another server":  {"match: {path: /v2/tickets}", neverMatch(` path "/v2/tickets"`)},
	"a body of a list":          {"match: {operation: listTickets, body: a}", neverMatch(` operation "listTickets" body "a"`)},
	"a nameless parameter":      {`match: {query: {"": a}}`, `match.query has a parameter without a name (hint: "query": {"page": "2"})`},
	"a bad pattern":             {"match: {path: '/api/['}", `match.path "/api/[" is no pattern (hint: /api/v1/tickets/*/messages)`},
	"an empty path":             {`match: {path: ""}`, `path "" is written, but stands for none (hint: leave it out)`},
	"a template":                {"match: {path: '/api/v1/tickets/{id}/messages'}", `match.path "/api/v1/tickets/{id}/messages" can never match: braces stand for nothing in it (hint: /api/v1/tickets/*/messages)`},
	"an unknown kind of key":    {"match: {key_kind: admin}", `match.key_kind "admin" can never match; the kinds are read-write, …`},
	"a misspelt kind of key":    {"match: {key_kind: readonly}", `match.key_kind "readonly" can never match (hint: did you mean read-only?)`},
	"a kind of another service": {"match: {service: apphandoff, key_kind: read-only}", `match.key_kind "read-only" can never match; the kinds are …`},
	"a kind without the call":   {"match: {operation: listTickets, key_kind: member}", neverMatch(` operation "listTickets" key_kind "member"`)},
	"a header without a name":   {`match: {header: {"": a}}`, `match.header "" can never match: no request has such a header`},
	"a header net/http keeps":   {"match: {header: {transfer-encoding: chunked}}", `match.header "transfer-encoding" can never match: no request has such a header`},
	"a value with a blank":      {`match: {header: {X-Run: " 7"}}`, `match.header X-Run " 7" can never match: no header has such a value`},
	"two stars elsewhere":       {"match: {path: /api/v2/**}", neverMatch(` path "/api/v2/**"`)},
	"the Host header":           {"match: {header: {host: a}}", `match.header "host" can never match: no request has such a header`},

	"a word for a count":         {"when: {nth: first}", `"first" is not a whole number`},
	"half a request":             {"when: {times: 1.5}", `"1.5" is not a whole number`},
	"a count below zero":         {"when: {every: -1}", "when: nth, after, every, times and for are not negative"},
	"never":                      {"when: {times: 0}", "when.times 0 can never fire (hint: leave it out, or delete the rule)"},
	"no chance":                  {"when: {probability: 0.0}", "when.probability 0 can never fire (hint: leave it out, or delete the rule)"},
	"no time":                    {"when: {for: 0s}", "when.for 0 can never fire (hint: leave it out, or delete the rule)"},
	"a chance above one":         {"when: {probability: 20}", "when.probability is not from 0 to 1"},
	"no number for a chance":     {"when: {probability: .nan}", "when.probability is not from 0 to 1"},
	"a word for a chance":        {"when: {probability: often}", `"often" is not a number`},
	"a span without a unit":      {"when: {for: 30}", `"30" is not a duration, such as 30s or 1m30s`},
	"a list for a span":          {"when: {for: [30s]}", "a list is not a duration, such as 30s"},
	"the first after the second": {"when: {nth: 1, after: 2}", "when can never fire: request 1 is among the first 2, which after leaves out"},
	"the fourth of each third":   {"when: {nth: 4, every: 3}", "when can never fire: request 4 is none that every 3 picks"},
}

// wrongEffects are effects that are refused, as wrongRules are.
var wrongEffects = map[string]struct{ text, want string }{
	"no effect":                    {"{}", noEffect},
	"false is no effect":           {"{malformed: false}", noEffect},
	"an unknown effect":            {"{explode: true}", `there is no member "explode"; the members are status, …`},
	"perhaps":                      {"{malformed: perhaps}", `"perhaps" is not true or false`},
	"a bare status":                {"{status: 429}", `"429" is not a mapping with code, retry_after, retry_after_as, hold, detail`},
	"a status no problem has":      {"{status: {code: 418}}", `code "418" is not a problem code; the codes are 400 (bad_request), 401 (unauthorized), …`},
	"an endless wait":              {"{status: {code: 429, retry_after: 86401}}", `retry_after "86401" is not a whole number of seconds from 0 to 86400 (hint: "retry_after": 3)`},
	"a wait in quotes":             {`{status: {code: 429, retry_after: "3"}}`, `retry_after "3" is not a whole number of seconds from 0 to 86400 (hint: "retry_after": 3)`},
	"a wait below zero":            {`{status: {code: 429, retry_after: -1}}`, `retry_after "-1" is not a whole number of seconds from 0 to 86400 (hint: "retry_after": 3)`},
	"a wait with a unit":           {"{status: {code: 429, retry_after: 3s}}", `retry_after "3s" is not a whole number of seconds from 0 to 86400 (hint: "retry_after": 3)`},
	"headers without an effect":    {"{headers: {}}", `headers needs set or remove (hint: "headers": {"remove": ["X-Request-Id"]})`},
	"a header with a blank":        {"{headers: {set: {X A: b}}}", `header "X A": "b" cannot be sent`},
	"a header with a line end":     {`{headers: {set: {X-A: "b\nc"}}}`, `header "X-A": "b\nc" cannot be sent`},
	"no name to remove":            {`{headers: {remove: [""]}}`, `header "": "" cannot be sent`},
	"a header of the framing":      {"{headers: {set: {transfer-encoding: chunked}}}", `header transfer-encoding cannot be changed (hint: "body": {"cut_after": 20}, which sends less than promised)`},
	"a misspelt connection":        {"{connection: rset}", `connection "rset" is not reset or close (hint: did you mean reset?)`},
	"a latency of no time":         {"{latency: {fixed: 0s}}", `latency needs one of fixed, min with max, mean with deviation, above 0s (hint: "latency": {"fixed": "250ms"})`},
	"a header of the connection":   {"{headers: {set: {connection: close}}}", `header connection is about the connection, which no answer carries further (hint: "connection": "close", which ends it)`},
	"another one, to be removed":   {"{headers: {remove: [Keep-Alive]}}", `header Keep-Alive is about the connection, which no answer carries further (hint: "connection": "close", which ends it)`},
	"an upgrade":                   {"{headers: {set: {upgrade: h2c}}}", `header upgrade is about the connection, which no answer carries further (hint: "connection": "close", which ends it)`},
	"a proxy's challenge":          {"{headers: {set: {proxy-authenticate: Basic}}}", `header proxy-authenticate is about the connection, which no answer carries further (hint: "connection": "close", which ends it)`},
	"a latency of nothing":         {"{latency: {}}", `latency needs one of fixed, min with max, mean with deviation, above 0s (hint: "latency": {"fixed": "250ms"})`},
	"a latency and one of zero":    {"{latency: {fixed: 1s, max: 0s}}", "latency.max 0 delays nothing (hint: leave it out)"},
	"two latencies":                {"{latency: {fixed: 1s, mean: 1s}}", `latency needs one of fixed, min with max, mean with deviation, above 0s (hint: "latency": {"fixed": "250ms"})`},
	"a latency above the cap":      {"{latency: {fixed: 61s}}", "latency 1m1s is not from 0s to 1m0s"},
	"a latency below zero":         {"{latency: {fixed: -1s}}", "latency -1s is not from 0s to 1m0s"},
	"a least above the most":       {"{latency: {min: 2s, max: 1s}}", "latency min is not below max"},
	"a deviation from nothing":     {"{latency: {deviation: 1s}}", "latency deviation needs a mean above 0s"},
	"an unknown connection":        {"{connection: drop}", `connection "drop" is not reset or close (hint: reset)`},
	"an answer without connection": {"{connection: reset, status: {code: 429}}", "connection leaves no answer that anything but latency could happen to"},
	"a body of nothing":            {"{body: {}}", `body needs one of cut_after, cut_share, stall_after, or bytes_per_second (hint: "body": {"cut_after": 20})`},
	"a body cut and stalled":       {"{body: {cut_after: 1, stall_after: 1}}", `body needs one of cut_after, cut_share, stall_after, or bytes_per_second (hint: "body": {"cut_after": 20})`},
	"a body below zero":            {"{body: {cut_after: -1}}", "body counts bytes from 0"},
	"a type with a line end":       {`{content_type: "a\nb"}`, `content_type "a\nb" cannot be sent`},
	"a pointer without a slash":    {"{violation: {pointer: data, make: \"null\"}}", `violation pointer "data" is no JSON pointer, such as /data/0/status`},
	"a misspelt way to break":      {"{violation: {pointer: /data, make: nul}}", `violation make "nul" is not a way to break a value (hint: did you mean null?)`},
	"a misspelt problem code":      {"{status: {code: rate_limit_exceded}}", `code "rate_limit_exceded" is not a problem code (hint: did you mean rate_limit_exceeded?)`},
	"a status of a gateway":        {"{status: {code: 504}}", `code 504 is not one that the services answer with; a gateway in front of them does (hint: "gateway": {"status": 504})`},
	"a redirect for a status":      {"{status: {code: 302}}", `code 302 is not one that the services answer with; a gateway in front of them does (hint: "gateway": {"status": 302, "location": "/login"})`},
	"no status of a gateway":       {"{gateway: {status: 500}}", `gateway status 500 is not one of 301, 302, 303, 307, 308, 403, 413, 429, 502, 503, 504 (hint: "gateway": {"status": 502})`},
	"a redirect to nowhere":        {"{gateway: {status: 307}}", `gateway status 307 needs a location (hint: "gateway": {"status": 307, "location": "/login"})`},
	"an error that leads on":       {"{gateway: {status: 502, location: /a}}", `gateway status 502 leads nowhere, and location says where (hint: "status": 302)`},
	"a location with a line end":   {`{gateway: {status: 302, location: "/a\nb"}}`, `gateway location "/a\nb" is no address (hint: /login)`},
	"two answers":                  {"{gateway: {status: 502}, status: {code: 500}}", "status and gateway are two answers (hint: make two rules)"},
	"a hold without an end":        {"{status: {code: 503, hold: true}}", `hold needs a retry_after to hold for (hint: "retry_after": 30)`},
	"a hold for no time":           {"{status: {code: 429, retry_after: 0, hold: true}}", `hold needs a retry_after to hold for (hint: "retry_after": 30)`},
	"a date of nothing":            {"{status: {code: 503, retry_after_as: date}}", `retry_after_as needs a retry_after (hint: "retry_after": 30)`},
	"another form of a wait":       {"{status: {code: 429, retry_after_as: dat}}", `retry_after_as "dat" is not seconds or date (hint: did you mean date?)`},
	"a limit of nothing":           {"{rate_limit: {}}", `rate_limit needs a limit above 0 (hint: "rate_limit": {"limit": 5, "window": "1m"})`},
	"a window of less":             {"{rate_limit: {limit: 1, window: 10ms}}", "rate_limit window 10ms is not a second or more"},
	"a window of zero":             {"{rate_limit: {limit: 1, window: 0s}}", "rate_limit.window 0 is no time (hint: leave it out for a minute)"},
	"names with a blank":           {"{rate_limit: {limit: 1, prefix: X Limit-}}", `rate_limit prefix "X Limit-" is not the beginning of a header's name (hint: RateLimit-)`},
	"a body that never comes":      {"{body: {cut_after: 1, bytes_per_second: 0}}", `body.bytes_per_second 0 never sends a byte (hint: "body": {"stall_after": 0})`},
	"a body too fast to be slow":   {"{body: {bytes_per_second: 1000001}}", "body bytes_per_second is not from 1 to 1000000"},
	"no way to break":              {"{violation: {pointer: /data}}", `violation make "" is not a way to break a value; the ways are null, missing, wrong-type, unknown-enum`},
	"a missing whole":              {"{violation: {pointer: \"\", make: missing}}", "violation make missing needs a pointer to a member; the whole body cannot be missing"},
	"two flaws on one line":        {"{latency: {}, body: {}}", `latency needs one of fixed, min with max, mean with deviation, above 0s (hint: "latency": {"fixed": "250ms"}); body needs one of cut_after, cut_share, stall_after, or bytes_per_second (hint: "body": {"cut_after": 20})`},
}

const (
	fileHint = " (hint: a file of rules starts with faults: and lists rules with match, when and then)"
	noEffect = `then has no effect (hint: "then": {"status": {"code": 429, "retry_after": 3}})`
)

// neverMatch is the error of a rule that wants what no operation has.
func neverMatch(words string) string {
	return "match can never match: no operation has" + words + "; the operations are inboxops listTickets (GET /api/v1/tickets), …"
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	type wrong = struct{ text, want string }
	cases := map[string]wrong{}
	for name, test := range wrongFiles {
		cases["file/"+name] = test
	}
	for name, test := range wrongRules {
		want := test.want
		if !strings.HasPrefix(want, "line ") {
			want = "line 3: rule 2: " + want
		}
		cases["rule/"+name] = wrong{"faults:\n- then: {malformed: true}\n- " + test.text + "\n  then: {malformed: true}\n", want}
	}
	for name, test := range wrongEffects {
		cases["effect/"+name] = wrong{"faults:\n-\n  then: " + test.text + "\n", "line 3: rule 1: " + test.want}
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := scope.Parse([]byte(test.text))
			if err == nil {
				t.Fatalf("accepted:\n%s", test.text)
			}
			got := err.Error()
			want, more := strings.CutSuffix(test.want, "…")
			if more { // what follows lists all there are
				got = got[:min(len(got), len(want))]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\nof\n%s", diff, test.text)
			}
			if rules != nil {
				t.Errorf("rules beside the error: %+v", rules)
			}
			wantPlain(t, err)
		})
	}
}

// wantPlain fails the test when an error shows what only the code knows.
func wantPlain(t *testing.T, err error) {
	t.Helper()
	for _, word := range []string{"fault.", "yaml:", "go-yaml", "<unknown", "[]", "!!", "map[", "into ", "struct"} {
		if strings.Contains(err.Error(), word) {
			t.Errorf("%q leaks in: %v", word, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(everything)
	for _, test := range wrongFiles {
		f.Add(test.text)
	}
	for _, test := range wrongRules {
		f.Add("faults:\n- then: {malformed: true}\n  " + test.text)
		f.Add("{then: {malformed: true}, " + test.text + "}")
	}
	for _, test := range wrongEffects {
		f.Add("then: " + test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if one, err := scope.ParseRule([]byte(text)); err == nil {
			survives(t, one)
		}
		rules, err := scope.Parse([]byte(text))
		if err != nil {
			return
		}
		survives(t, rules...)
		written, err := fault.Format(rules)
		if err != nil {
			t.Fatal(err)
		}
		again, err := scope.Parse(written)
		if err != nil {
			t.Fatalf("what Format wrote cannot be read: %v\n%s", err, written)
		}
		if diff := cmp.Diff(rules, again, cmpopts.EquateEmpty()); diff != "" { // header: {} says nothing, and is not written
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// survives puts rules that Parse accepted in force and lets them happen.
func survives(t *testing.T, rules ...fault.Rule) {
	t.Helper()
	s := fault.NewSet(1, 1000, nil)
	for _, rule := range rules {
		rule.ID, rule.Match, rule.When = "", fault.Match{}, fault.When{Times: 1}
		if _, err := s.Add(start, rule); err != nil {
			t.Fatalf("Parse accepted what Add refuses: %v", err)
		}
		effect := s.Decide(request(), start)
		if effect.Delay < 0 || effect.Delay > fault.MaxDelay {
			t.Errorf("a delay of %v", effect.Delay)
		}
		effect.Change(answer(`{"data":[{"status":"open"}]}`))
	}
}
