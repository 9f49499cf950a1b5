package verdict_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
)

const (
	uuid    = "123e4567-e89b-12d3-a456-426614174000"
	tickets = "/api/v1/tickets"
	thread  = "/api/v1/tickets/42/messages"
	handoff = "/api/projects/" + uuid + "/tickets/" + uuid + "/messages"
)

// requestCase is a request and the violations it has, each as "where rule".
type requestCase struct {
	contract string // InboxOps when empty
	method   string // GET when empty
	target   string
	header   map[string]string
	body     string
	want     []string
	// lenient marks what libopenapi-validator's own request check accepts although the contract does not.
	lenient bool
}

var isJSON = map[string]string{"Content-Type": "application/json"}

func post(body string, want ...string) requestCase {
	return requestCase{method: "POST", target: thread, header: isJSON, body: body, want: want}
}

var requestCases = map[string]requestCase{
	"a list without parameters":            {target: tickets},
	"HEAD counts as GET":                   {method: "HEAD", target: tickets},
	"Content-Type on GET is no matter":     {target: tickets, header: isJSON},
	"a client's request id":                {target: tickets, header: map[string]string{"X-Request-Id": "a-1"}},
	"an unknown header is no matter":       {target: tickets, header: map[string]string{"X-Foo": "1"}},
	"all documented parameters":            {target: tickets + "?query=a:b&q=c&status=open&inbox_id=" + uuid + "&assignee_id=__unassigned__&priority=low&tag_ids=" + uuid + "&created_after=2024-12-25T10:00:00Z&created_before=2024-12-25T10:00:00.5Z&updated_after=2024-12-25T10:00:00%2B02:00&updated_before=2024-12-25T10:00:00-02:00&sort=priority&order=desc&page=1&per_page=1000"},
	"two statuses":                         {target: tickets + "?status=open,closed"},
	"two statuses, comma encoded":          {target: tickets + "?status=open%2Cclosed"},
	"a blank after the comma":              {target: tickets + "?status=open,%20closed"},
	"an unknown status":                    {target: tickets + "?status=bogus", want: []string{"query.status enum"}},
	"one unknown status of two":            {target: tickets + "?status=open,bogus", want: []string{"query.status enum"}},
	"a comma at the end":                   {target: tickets + "?status=open,", want: []string{"query.status enum"}},
	"an empty status":                      {target: tickets + "?status=", want: []string{"query.status enum"}},
	"status in upper case":                 {target: tickets + "?status=OPEN", want: []string{"query.status enum"}},
	"a repeated list":                      {target: tickets + "?status=open&status=closed", want: []string{"query.status repeated"}, lenient: true},
	"a list thrice is said once":           {target: tickets + "?status=open&status=open&status=open", want: []string{"query.status repeated"}, lenient: true},
	"status in bracket notation":           {target: tickets + "?status[]=open", want: []string{`query["status[]"] unknown-parameter`}, lenient: true},
	"two tags":                             {target: tickets + "?tag_ids=" + uuid + "," + uuid},
	"two tags, comma encoded":              {target: tickets + "?tag_ids=" + uuid + "%2C" + uuid},
	"a malformed tag among good ones":      {target: tickets + "?tag_ids=" + uuid + ",x", want: []string{"query.tag_ids format"}, lenient: true},
	"a UUID":                               {target: tickets + "?inbox_id=" + uuid},
	"an upper-case UUID":                   {target: tickets + "?inbox_id=" + strings.ToUpper(uuid)},
	"a UUID without dashes":                {target: tickets + "?inbox_id=" + strings.ReplaceAll(uuid, "-", ""), want: []string{"query.inbox_id format"}},
	"the unassigned literal":               {target: tickets + "?assignee_id=__unassigned__"},
	"an assignee":                          {target: tickets + "?assignee_id=" + uuid},
	"the literal without underscores":      {target: tickets + "?assignee_id=unassigned", want: []string{"query.assignee_id pattern"}},
	"two priorities":                       {target: tickets + "?priority=low,high", want: []string{"query.priority enum"}},
	"an encoded offset":                    {target: tickets + "?created_after=2024-12-25T10:00:00%2B02:00"},
	"an unencoded offset":                  {target: tickets + "?created_after=2024-12-25T10:00:00+02:00", want: []string{"query.created_after format"}},
	"a date without a time":                {target: tickets + "?created_after=2024-12-25", want: []string{"query.created_after format"}},
	"a time without a zone":                {target: tickets + "?created_after=2024-12-25T10:00:00", want: []string{"query.created_after format"}},
	"an impossible day":                    {target: tickets + "?created_after=2024-02-30T10:00:00Z", want: []string{"query.created_after format"}},
	"an unknown sort":                      {target: tickets + "?sort=id", want: []string{"query.sort enum"}},
	"an unknown order":                     {target: tickets + "?order=down", want: []string{"query.order enum"}},
	"a page with a leading zero":           {target: tickets + "?page=01"},
	"a fractional page":                    {target: tickets + "?page=1.0", want: []string{"query.page type"}},
	"an empty page":                        {target: tickets + "?page=", want: []string{"query.page type"}},
	"page zero":                            {target: tickets + "?page=0", want: []string{"query.page range"}},
	"a negative page size":                 {target: tickets + "?per_page=-1", want: []string{"query.per_page range"}},
	"a page beyond 64 bits":                {target: tickets + "?page=99999999999999999999", want: []string{"query.page type"}},
	"two pages":                            {target: tickets + "?page=1&page=2", want: []string{"query.page repeated"}, lenient: true},
	"an unknown parameter":                 {target: tickets + "?bogus=1", want: []string{"query.bogus unknown-parameter"}, lenient: true},
	"the key in the query":                 {target: tickets + "?api_key=ixk_x", want: []string{"query.api_key unknown-parameter"}, lenient: true},
	"a custom field":                       {target: tickets + "?custom_field_order_number=1042"},
	"a custom field without a value":       {target: tickets + "?custom_field_order_number=__empty__"},
	"a custom field without a key":         {target: tickets + "?custom_field_=1", want: []string{"query.custom_field_ pattern"}, lenient: true},
	"a custom field in camel case":         {target: tickets + "?custom_field_orderNumber=1", want: []string{"query.custom_field_orderNumber pattern"}, lenient: true},
	"a custom field twice":                 {target: tickets + "?custom_field_a=1&custom_field_a=2", want: []string{"query.custom_field_a repeated"}, lenient: true},
	"a custom field twice, once encoded":   {target: tickets + "?custom_field_a=1&custom%5Ffield_a=1", want: []string{"query.custom_field_a repeated"}, lenient: true},
	"ten custom fields":                    {target: tickets + "?" + customFields(10)},
	"ten custom fields, one of them twice": {target: tickets + "?" + customFields(10) + "&custom_field_a=2", want: []string{"query.custom_field_a repeated"}, lenient: true},
	"eleven custom fields":                 {target: tickets + "?" + customFields(11), want: []string{"query too-many"}, lenient: true},
	"a custom field of messages":           {target: thread + "?custom_field_a=1", want: []string{"query.custom_field_a unknown-parameter"}, lenient: true},
	"a broken %-encoding":                  {target: tickets + "?query=%zz", want: []string{"query.query encoding"}, lenient: true},
	"a percent sign at the end":            {target: tickets + "?query=100%", want: []string{"query.query encoding"}, lenient: true},
	"bytes that are not UTF-8":             {target: tickets + "?query=%ff", want: []string{"query.query encoding"}, lenient: true},
	"a broken parameter spares the rest":   {target: tickets + "?query=%zz&page=0", want: []string{"query.query encoding", "query.page range"}},
	"empty parts of a query":               {target: tickets + "?&&page=1&"},
	"an odd search":                        {target: tickets + "?query=%22unbalanced+-+or+(%26%7C!:*%5C"},

	"a ticket number":           {target: thread},
	"a ticket UUID":             {target: tickets + "/" + uuid + "/messages"},
	"a word as ticket":          {target: tickets + "/views/messages", want: []string{"path.id pattern"}},
	"an encoded slash in an id": {target: tickets + "/a%2Fb/messages", want: []string{"path.id pattern"}},
	"one type":                  {target: thread + "?types=email"},
	"both types":                {target: thread + "?types=internal_note,%20email"},
	"an unknown type":           {target: thread + "?types=email,bogus", want: []string{"query.types enum"}},
	"paging of messages":        {target: thread + "?page=1", want: []string{"query.page unknown-parameter"}, lenient: true},

	"a slash at the end":       {target: tickets + "/", want: []string{"path undocumented-path"}},
	"a doubled slash":          {target: "/api/v1//tickets", want: []string{"path undocumented-path"}, lenient: true},
	"an empty id":              {target: tickets + "//messages", want: []string{"path undocumented-path"}},
	"a path without the base":  {target: "/tickets", want: []string{"path undocumented-path"}},
	"what no ticket has":       {target: tickets + "/42/nothing", want: []string{"path undocumented-path"}},
	"a method of no operation": {method: "DELETE", target: thread, want: []string{"method undocumented-method"}},
	"another host":             {target: "http://elsewhere.example:99" + tickets},

	"a note":                       post(`{"type": "internal_note", "body_html": "<p>a</p>", "body_text": "a"}`),
	"a note of text":               post(`{"type": "internal_note", "body_text": "a"}`),
	"a note with charset":          {method: "POST", target: thread, header: map[string]string{"Content-Type": "Application/JSON; charset=utf-8"}, body: `{"type": "internal_note"}`},
	"an e-mail":                    post(`{"type": "email", "body_text": "a"}`, "body.type enum"),
	"a note without type":          post(`{"body_text": "a"}`, "body.type required"),
	"a number as text":             post(`{"type": "internal_note", "body_text": 5}`, "body.body_text type"),
	"null as text":                 post(`{"type": "internal_note", "body_text": null}`, "body.body_text type"),
	"two faults of one body":       post(`{"type": "email", "body_text": 5}`, "body.body_text type", "body.type enum"),
	"an array as body":             post(`[]`, "body type"),
	"null as body":                 post(`null`, "body type"),
	"broken JSON":                  post(`{"type": `, "body body"),
	"half a character":             lenient(post(`{"type": "internal_note", "body_text": "\ud800"}`, "body body")),
	"a character in halves":        post(`{"type": "internal_note", "body_text": "\ud83d\ude00"}`),
	"a NUL":                        post(`{"type": "internal_note", "body_text": "a\u0000"}`, "body.body_text pattern"),
	"JSON that is no UTF-8":        lenient(post("{\"type\": \"internal_note\", \"body_text\": \"\xff\"}", "body body")),
	"bytes after the JSON":         post(`{"type": "internal_note"} x`, "body body"),
	"no body":                      post(``, "body body"),
	"a member of no schema":        lenient(post(`{"type": "internal_note", "body": "a"}`, "body.body undocumented-field")),
	"a member twice":               lenient(post(`{"type": "internal_note", "type": "internal_note"}`, "body.type duplicate-key")),
	"a member twice deep down":     lenient(post(`{"type": "internal_note", "x": [{"a": 1, "a b": 2, "a b": 3}]}`, `body.x[0]["a b"] duplicate-key`, "body.x undocumented-field")),
	"a body without a media type":  {method: "POST", target: thread, body: `{}`, want: []string{"header.Content-Type content-type"}},
	"a body of another media type": {method: "POST", target: thread, header: map[string]string{"Content-Type": "text/plain"}, body: `{}`, want: []string{"header.Content-Type content-type"}},
	"neither body nor media type":  {method: "POST", target: thread, want: []string{"header.Content-Type content-type", "body body"}},
	"a parameter without a value":  {method: "POST", target: thread, header: map[string]string{"Content-Type": "application/json; charset"}, body: `{"type": "internal_note"}`, want: []string{"header.Content-Type content-type"}, lenient: true},
	"an unreadable media type":     {method: "POST", target: thread, header: map[string]string{"Content-Type": "/"}, body: `{}`, want: []string{"header.Content-Type content-type"}},
	"a query parameter on POST":    {method: "POST", target: thread + "?types=email", header: isJSON, body: `{"type": "internal_note"}`, want: []string{"query.types unknown-parameter"}, lenient: true},

	"handoff messages":                  {contract: openapi.AppHandoff, target: handoff},
	"handoff with all parameters":       {contract: openapi.AppHandoff, target: handoff + "?limit=200&task_id=" + uuid + "&since=2024-12-25T10:00:00Z"},
	"handoff with upper-case ids":       {contract: openapi.AppHandoff, target: strings.ReplaceAll(handoff, uuid, strings.ToUpper(uuid))},
	"handoff with a malformed project":  {contract: openapi.AppHandoff, target: "/api/projects/x/tickets/" + uuid + "/messages", want: []string{"path.id format"}},
	"handoff limit above 200":           {contract: openapi.AppHandoff, target: handoff + "?limit=201", want: []string{"query.limit range"}},
	"handoff limit zero":                {contract: openapi.AppHandoff, target: handoff + "?limit=0", want: []string{"query.limit range"}},
	"handoff limit in words":            {contract: openapi.AppHandoff, target: handoff + "?limit=ten", want: []string{"query.limit type"}},
	"handoff task of another form":      {contract: openapi.AppHandoff, target: handoff + "?task_id=7", want: []string{"query.task_id format"}},
	"handoff since with a plain offset": {contract: openapi.AppHandoff, target: handoff + "?since=2024-12-25T10:00:00+02:00", want: []string{"query.since format"}},
	"an InboxOps path at AppHandoff":    {contract: openapi.AppHandoff, target: tickets, want: []string{"path undocumented-path"}},
}

func lenient(c requestCase) requestCase {
	c.lenient = true
	return c
}

func customFields(n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, "custom_field_"+string(rune('a'+i))+"=1")
	}
	return strings.Join(parts, "&")
}

func (c requestCase) request(t testing.TB) (*openapi.Contract, *http.Request) {
	t.Helper()
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequest(or(c.method, "GET"), c.target, body)
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	return load(t, or(c.contract, openapi.InboxOps)), r
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func load(t testing.TB, name string) *openapi.Contract {
	t.Helper()
	c, err := openapi.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// brief writes violations as "where rule".
func brief(violations []openapi.Violation) []string {
	var out []string
	for _, v := range violations {
		out = append(out, v.Where+" "+v.Rule)
	}
	return out
}

func TestOnRequest(t *testing.T) {
	t.Parallel()
	for name, c := range requestCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contract, r := c.request(t)
			found := verdict.OnRequest(contract, r)
			if diff := cmp.Diff(c.want, brief(found)); diff != "" {
				t.Errorf("violations (-want +got):\n%s\n%v", diff, found)
			}
			for _, v := range found {
				if v.Reason == "" || v.Hint == "" && v.Rule != openapi.RuleType && v.Rule != openapi.RuleEnum &&
					v.Rule != openapi.RuleRequired && v.Rule != openapi.RuleUndocumentedField {
					t.Errorf("a violation must teach: %#v", v)
				}
			}
			left, err := io.ReadAll(r.Body)
			if err != nil || string(left) != c.body {
				t.Errorf("the body reads %q, %v after the check, want %q", left, err, c.body)
			}
		})
	}
}

// The library's own request check is the second opinion: the two differ exactly where a case says so.
func TestSecondOpinion(t *testing.T) {
	t.Parallel()
	library := map[string]validator.Validator{}
	for _, name := range services {
		text, err := openapi.Document(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := libopenapi.NewDocument(text)
		if err != nil {
			t.Fatal(err)
		}
		v, errs := validator.NewValidator(doc, config.WithFormatAssertions(), config.WithStrictServerMatching(), config.WithoutSecurityValidation())
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		library[name] = v
	}
	for name, c := range requestCases {
		contract, r := c.request(t)
		ok, errs := library[contract.Name()].ValidateHttpRequestSync(r)
		want := len(c.want) == 0
		if c.lenient {
			want = !want
		}
		if ok != want {
			t.Errorf("%s: the library says valid=%v, want %v: %v", name, ok, want, errs)
		}
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, op := range load(t, openapi.InboxOps).Operations() {
		if !slices.Contains(paths, op.Path) {
			paths = append(paths, op.Path)
		}
	}
	cases := map[string]struct{ target, want string }{
		"the offset's plus sign":     {tickets + "?created_after=2024-12-25T10:00:00+02:00", "a plain + in a query means a blank; write created_after=2024-12-25T10:00:00%2B02:00"},
		"a value misspelt":           {tickets + "?status=open,wating", "did you mean status=waiting?"},
		"a value in other letters":   {tickets + "?status=In-Progress", "did you mean status=in_progress?"},
		"a name misspelt":            {tickets + "?stauts=open", "did you mean status?"},
		"a name in camel case":       {tickets + "?perPage=5", "did you mean per_page?"},
		"a name like nothing":        {handoff + "?zzz=1", "its query parameters are task_id, since, limit"},
		"a repeated list":            {tickets + "?status=open&status=closed", "send it once, with commas: status=open,in_progress"},
		"the unassigned literal":     {tickets + "?assignee_id=unassigned", "write for example assignee_id=__unassigned__"},
		"a slash at the end":         {tickets + "/", "leave out the slash at the end: /api/v1/tickets"},
		"no base":                    {"/tickets", "every path begins with /api/v1"},
		"a path of another resource": {"/api/v1/contacts", "the paths are " + strings.Join(paths, ", ")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contract := load(t, openapi.InboxOps)
			if strings.HasPrefix(c.target, "/api/projects") {
				contract = load(t, openapi.AppHandoff)
			}
			found := verdict.OnRequest(contract, httptest.NewRequest("GET", c.target, nil))
			if len(found) != 1 || found[0].Hint != c.want {
				t.Errorf("got %q, want one violation with the hint %q", found, c.want)
			}
		})
	}
}

func TestOnRequestStopsAtTwenty(t *testing.T) {
	t.Parallel()
	target := tickets + "?" + strings.Repeat("status=bogus&", 50)
	if n := len(verdict.OnRequest(load(t, openapi.InboxOps), httptest.NewRequest("GET", target, nil))); n != 20 {
		t.Errorf("got %d violations, want 20", n)
	}
}

func TestOnRequestPassesOnAReadError(t *testing.T) {
	t.Parallel()
	fault := errors.New("connection lost")
	r := httptest.NewRequest("POST", thread, io.MultiReader(strings.NewReader(`{"type"`), iotest.ErrReader(fault)))
	r.Header.Set("Content-Type", "application/json")
	if got, want := brief(verdict.OnRequest(load(t, openapi.InboxOps), r)), []string{"body body"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	text, err := io.ReadAll(r.Body)
	if string(text) != `{"type"` || !errors.Is(err, fault) {
		t.Errorf("the body reads %q, %v; want the same bytes and the same error", text, err)
	}
}

// The line of a violation is the line of the rule in the document.
func TestViolationLine(t *testing.T) {
	t.Parallel()
	text, err := openapi.Document(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	contract := load(t, openapi.InboxOps)
	found := verdict.OnRequest(contract, httptest.NewRequest("GET", tickets+"?order=down", nil))
	found = append(found, verdict.OnResponse(contract, httptest.NewRequest("GET", tickets, nil),
		answer(200, "application/json", strings.Replace(goodTickets, `"subject": "a"`, `"subject": 5`, 1)))...)
	if len(found) != 2 {
		t.Fatalf("got %v, want two violations", found)
	}
	for i, want := range []string{"enum: [asc, desc]", "NullableText:"} {
		if line := lines[found[i].Line-1]; !strings.Contains(line, want) {
			t.Errorf("%v points at %q, want the line with %q", found[i], line, want)
		}
	}
}
