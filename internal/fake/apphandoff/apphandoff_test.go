package apphandoff_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/apphandoff"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// id returns an ID that ends in the number.
func id(n int) fixtures.ID {
	return fixtures.ID{6: 0x40, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}
}

// The ids of the account under test.
var (
	ours, foreign, second = id(1), id(2), id(3) // projects; the caller is no member of the foreign one
	long, empty, theirs   = id(11), id(12), id(13)
	alone                 = id(14) // the ticket of the second project
	taskA, taskB          = id(21), id(22)
	nothing               = id(99)
)

// start is the time of the first message; each step later there are two more.
var start = time.Date(2025, time.January, 31, 12, 0, 0, 0, time.UTC)

const step = 500 * time.Millisecond

// thread returns 260 messages: two at each step, their tasks A, B and none in
// turn.
func thread() []fixtures.HandoffMessage {
	messages := make([]fixtures.HandoffMessage, 260)
	for i := range messages {
		messages[i] = fixtures.HandoffMessage{
			ID: id(1000 + i), AuthorType: "human", Body: strconv.Itoa(i),
			Task:      []fixtures.ID{taskA, taskB, {}}[i%3],
			CreatedAt: start.Add(time.Duration(i/2) * step),
		}
	}
	return messages
}

// world is a small account.
func world() *store.World {
	other := []fixtures.HandoffMessage{{ID: id(31), AuthorType: "agent", Body: "other", CreatedAt: start}}
	return store.NewWorld(&fixtures.Dataset{AppHandoff: fixtures.AppHandoff{Projects: []fixtures.Project{
		{ID: ours, Member: true, Tickets: []fixtures.HandoffTicket{{ID: long, Messages: thread()}, {ID: empty}}},
		{ID: foreign, Tickets: []fixtures.HandoffTicket{{ID: theirs, Messages: other}}},
		{ID: second, Member: true, Tickets: []fixtures.HandoffTicket{{ID: alone, Messages: other}}},
	}}}, inboxops.Encoder{})
}

// call asks for the messages of a ticket and holds the answer against the
// contract.
func call(t *testing.T, f apphandoff.Service, kind auth.Kind, project, ticket, query string) (body string, refusal *problem.Error) {
	t.Helper()
	w, err := workspace.New(workspace.Config{Name: "test", World: world()})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/api/projects/"+project+"/tickets/"+ticket+"/messages?"+query, nil)
	r.SetPathValue("id", project)
	r.SetPathValue("ticketId", ticket)
	params, refusal := service.AppendParams(nil, r.URL.RawQuery)
	if refusal != nil {
		t.Fatal(refusal)
	}
	c := &service.Call{Request: r, Workspace: w, Key: w.Key(auth.AppHandoff, kind), Params: params}
	status := http.StatusOK
	b, err := f.Handlers()["listTicketMessages"](c, nil)
	if err != nil {
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		status = refusal.Kind.Status()
		b, _ = f.AppendError(nil, c, refusal)
	}
	checkAnswer(t, r, status, string(b))
	return string(b), refusal
}

// checkAnswer holds an answer against the contract.
func checkAnswer(t *testing.T, r *http.Request, status int, body string) {
	t.Helper()
	contract, err := openapi.Load(openapi.AppHandoff)
	if err != nil {
		t.Fatal(err)
	}
	response := &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}, "Retry-After": {"1"}, "Www-Authenticate": {"Bearer"}, "X-Request-Id": {"r-1"}},
		Body:       io.NopCloser(strings.NewReader(body)),
	}
	for _, v := range verdict.OnResponse(contract, r, response) {
		t.Errorf("%s: %s", r.URL, v)
	}
}

// bodies returns the bodies of the messages in an answer, which are their
// positions in the thread.
func bodies(answer string) []string {
	got := []string{}
	for part := range strings.SplitSeq(answer, `"body":"`) {
		body, _, found := strings.Cut(part, `"`)
		if found && body != "" && body[0] != '{' {
			got = append(got, body)
		}
	}
	return got
}

// positions returns those of the first n messages that are kept.
func positions(n int, keeps func(i int, m fixtures.HandoffMessage) bool) []string {
	kept := []string{}
	for i, m := range thread() {
		if len(kept) < n && keeps(i, m) {
			kept = append(kept, strconv.Itoa(i))
		}
	}
	return kept
}

func TestListTicketMessages(t *testing.T) {
	t.Parallel()
	any := func(int, fixtures.HandoffMessage) bool { return true }
	none := func(int, fixtures.HandoffMessage) bool { return false }
	ofA := func(_ int, m fixtures.HandoffMessage) bool { return m.Task == taskA }
	from := func(i int) func(int, fixtures.HandoffMessage) bool {
		return func(j int, _ fixtures.HandoffMessage) bool { return j >= i }
	}
	at := func(d time.Duration) string { return url.QueryEscape(start.Add(d).Format(time.RFC3339Nano)) }
	tests := map[string]struct {
		query string
		limit int
		keeps func(i int, m fixtures.HandoffMessage) bool
	}{
		"fifty, unless told otherwise":          {"", 50, any},
		"as many as told":                       {"limit=3", 3, any},
		"one":                                   {"limit=1", 1, any},
		"the most":                              {"limit=200", 200, any},
		"never more than the most":              {"limit=201", 200, any},
		"nor anything close to a million":       {"limit=1000000", 200, any},
		"since is exclusive, for both of a tie": {"since=" + at(10*step), 50, from(22)},
		"since before all":                      {"since=" + at(-time.Hour), 50, any},
		"since a millisecond before":            {"since=" + at(10*step-time.Millisecond), 50, from(20)},
		"since less than that before":           {"since=" + at(10*step-time.Nanosecond), 50, from(20)},
		"since less than that behind":           {"since=" + at(10*step+time.Nanosecond), 50, from(22)},
		"since the last one":                    {"since=" + at(129*step), 50, none},
		"since the one before the last":         {"since=" + at(128*step), 50, from(258)},
		"since a time to come":                  {"since=" + at(24*time.Hour), 50, none},
		"since in another zone":                 {"since=2025-01-31T14:00:05%2B02:00", 50, from(22)},
		"since a day":                           {"since=2025-01-31", 50, any},
		"since the day after":                   {"since=2025-02-01", 50, none},
		"since the beginning":                   {"since=0001-01-01T00:00:00Z", 50, any},
		"a task":                                {"task_id=" + taskA.String(), 50, ofA},
		"all of a task":                         {"limit=200&task_id=" + taskA.String(), 200, ofA},
		"a task in upper case":                  {"task_id=" + strings.ToUpper(taskA.String()), 50, ofA},
		"a task without messages":               {"task_id=" + nothing.String(), 50, none},
		"the zero UUID is a task like others":   {"task_id=" + fixtures.ID{}.String(), 50, none},
		"a task, since, up to a limit": {
			"limit=4&task_id=" + taskB.String() + "&since=" + at(50*step), 4,
			func(i int, m fixtures.HandoffMessage) bool { return m.Task == taskB && i >= 102 },
		},
		"the first of two limits": {"limit=2&limit=4", 2, any},
		"others are ignored":      {"page=3&per_page=x&Limit=1", 50, any},
		"blank ones are not sent": {"since=&task_id=+", 50, any},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, documented := range []bool{false, true} {
				body, refusal := call(t, apphandoff.Service{DocumentedOnly: documented}, auth.Member, ours.String(), long.String(), test.query)
				if refusal != nil {
					t.Fatalf("%s is refused: %v", test.query, refusal)
				}
				if diff := cmp.Diff(positions(test.limit, test.keeps), bodies(body)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", test.query, diff)
				}
			}
		})
	}
}

// TestListTicketMessagesForward polls as a client would: each message that
// does not tie with the last of a page comes once.
func TestListTicketMessagesForward(t *testing.T) {
	t.Parallel()
	messages, since, got := thread(), "", []string{}
	for {
		body, refusal := call(t, apphandoff.Service{}, auth.Member, ours.String(), long.String(), "limit=20"+since)
		if refusal != nil {
			t.Fatal(refusal)
		}
		page := bodies(body)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		last, _ := strconv.Atoi(page[len(page)-1])
		since = "&since=" + messages[last].CreatedAt.Format("2006-01-02T15:04:05.000Z")
	}
	if diff := cmp.Diff(positions(260, func(int, fixtures.HandoffMessage) bool { return true }), got); diff != "" {
		t.Errorf("all pages (-want +got):\n%s", diff)
	}
}

func TestListTicketMessagesRefuses(t *testing.T) {
	t.Parallel()
	fifty := positions(50, func(int, fixtures.HandoffMessage) bool { return true })
	two := fifty[:2]
	tests := map[string]struct {
		query      string
		fields     []string
		documented []string // what comes instead with documented statuses only, nil for 404
	}{
		"a limit of none":                 {"limit=0", []string{"limit"}, fifty},
		"a negative limit":                {"limit=-5", []string{"limit"}, fifty},
		"a limit in words":                {"limit=ten", []string{"limit"}, fifty},
		"an empty limit":                  {"limit=", []string{"limit"}, fifty},
		"a since that is no time":         {"since=yesterday&limit=2", []string{"since"}, two},
		"a since without a zone":          {"since=2025-01-31T12:00:10&limit=2", []string{"since"}, two},
		"a since whose plus became blank": {"since=2025-01-31T14:00:10+02:00&limit=2", []string{"since"}, two},
		"a task that is no UUID":          {"task_id=backend", []string{"task_id"}, nil},
		"several at once":                 {"task_id=backend&since=x&limit=0", []string{"since", "task_id", "limit"}, nil},
		"several but the task":            {"since=x&limit=0", []string{"since", "limit"}, fifty},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, refusal := call(t, apphandoff.Service{}, auth.Member, ours.String(), long.String(), test.query)
			if refusal == nil || refusal.Kind != problem.BadRequest {
				t.Fatalf("%s: %v, want a bad request", test.query, refusal)
			}
			var fields []string
			for _, field := range refusal.Fields {
				fields = append(fields, field.Name)
			}
			if diff := cmp.Diff(test.fields, fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			body, refusal := call(t, apphandoff.Service{DocumentedOnly: true}, auth.Member, ours.String(), long.String(), test.query)
			if test.documented == nil {
				if refusal == nil || refusal.Kind != problem.NotFound {
					t.Errorf("documented only: %v, want not found", refusal)
				}
				return
			}
			if diff := cmp.Diff(test.documented, bodies(body)); diff != "" || refusal != nil {
				t.Errorf("documented only: %v (-want +got):\n%s", refusal, diff)
			}
		})
	}
}

func TestListTicketMessagesAddress(t *testing.T) {
	t.Parallel()
	const unknown = "Ticket %q was not found in this project."
	tests := map[string]struct {
		kind            auth.Kind
		project, ticket string
		want            *problem.Error
	}{
		"a ticket of a project":               {auth.Member, ours.String(), long.String(), nil},
		"both in upper case":                  {auth.Member, strings.ToUpper(ours.String()), strings.ToUpper(long.String()), nil},
		"an unknown ticket":                   {auth.Member, ours.String(), nothing.String(), problem.Newf(problem.NotFound, unknown, nothing)},
		"a ticket of another project of ours": {auth.Member, ours.String(), alone.String(), problem.Newf(problem.NotFound, unknown, alone)},
		"a ticket of a foreign project":       {auth.Member, ours.String(), theirs.String(), problem.Newf(problem.NotFound, unknown, theirs)},
		"a ticket that is no UUID":            {auth.Member, ours.String(), "42", problem.Newf(problem.NotFound, unknown, "42")},
		"an unknown project":                  {auth.Member, nothing.String(), long.String(), problem.Newf(problem.NotFound, "Project %q was not found.", nothing)},
		"a project that is no UUID":           {auth.Member, "acme", long.String(), problem.Newf(problem.NotFound, "Project %q was not found.", "acme")},
		"a foreign project":                   {auth.Member, foreign.String(), theirs.String(), problem.Newf(problem.Forbidden, "You are not a member of this project.")},
		"an unknown ticket there":             {auth.Member, foreign.String(), nothing.String(), problem.Newf(problem.Forbidden, "You are not a member of this project.")},
		"an outsider at ours":                 {auth.Outsider, ours.String(), long.String(), problem.Newf(problem.Forbidden, "You are not a member of this project.")},
		"an outsider at none":                 {auth.Outsider, nothing.String(), long.String(), problem.Newf(problem.NotFound, "Project %q was not found.", nothing)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, refusal := call(t, apphandoff.Service{}, test.kind, test.project, test.ticket, "")
			if diff := cmp.Diff(test.want, refusal); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListTicketMessagesOfOthersDoNotShow(t *testing.T) {
	t.Parallel()
	for ticket, want := range map[fixtures.ID]string{
		empty: `{"messages":[]}`,
		alone: `{"messages":[{"id":"` + id(31).String() + `","author_type":"agent","author_id":null,"body":"other","task_id":null,` +
			`"body_format":null,"created_at":"2025-01-31T12:00:00.000Z"}]}`,
	} {
		project := ours
		if ticket == alone {
			project = second
		}
		body, refusal := call(t, apphandoff.Service{}, auth.Member, project.String(), ticket.String(), "")
		if diff := cmp.Diff(want, body); diff != "" || refusal != nil {
			t.Errorf("%v (-want +got):\n%s", refusal, diff)
		}
	}
}

func TestMessageWithAllThatCanBeSet(t *testing.T) {
	t.Parallel()
	data := &fixtures.Dataset{AppHandoff: fixtures.AppHandoff{Projects: []fixtures.Project{{
		ID: ours, Member: true, Tickets: []fixtures.HandoffTicket{{ID: long, Messages: []fixtures.HandoffMessage{{
			ID: id(31), AuthorType: "agent", AuthorID: "coder-1", Body: "**Größe** \"x\"\n<b>", Task: taskA, BodyFormat: "markdown",
			CreatedAt: start.Add(7 * time.Millisecond).In(time.FixedZone("", 3600)),
		}}}},
	}}}}
	w, err := workspace.New(workspace.Config{Name: "test", World: store.NewWorld(data, inboxops.Encoder{})})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.SetPathValue("id", ours.String())
	r.SetPathValue("ticketId", long.String())
	call := &service.Call{Request: r, Workspace: w, Key: w.Key(auth.AppHandoff, auth.Member)}
	got, err := apphandoff.Service{}.Handlers()["listTicketMessages"](call, []byte("x"))
	want := `x{"messages":[{"id":"` + id(31).String() + `","author_type":"agent","author_id":"coder-1","body":"**Größe** \"x\"\n<b>",` +
		`"task_id":"` + taskA.String() + `","body_format":"markdown","created_at":"2025-01-31T12:00:00.007Z"}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestThreadsAreAsTheTestsNeedThem(t *testing.T) {
	t.Parallel()
	if !slices.IsSortedFunc(thread(), func(a, b fixtures.HandoffMessage) int { return a.CreatedAt.Compare(b.CreatedAt) }) {
		t.Error("the thread is not in order of time")
	}
	if got := bodies(`{"messages":[{"body":"0","x":1},{"body":"17"}]}`); !slices.Equal(got, []string{"0", "17"}) {
		t.Errorf("bodies = %q", got)
	}
}
