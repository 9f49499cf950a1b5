package inboxops_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
)

const mediaJSON = "application/json"

func TestAddInternalNote(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body string
		text, html        string // as stored
	}{
		"both bodies": {
			mediaJSON, `{"type":"internal_note","body_html":"<p>Hi</p>","body_text":"Hi"}`, "Hi", "<p>Hi</p>",
		},
		"a text alone leaves the HTML unset": {mediaJSON, `{"type":"internal_note","body_text":"Hi"}`, "Hi", ""},
		"HTML alone gives the text": {
			mediaJSON, `{"type":"internal_note","body_html":"<p>Hi &amp; bye</p>"}`, fixtures.PlainText("<p>Hi &amp; bye</p>"), "<p>Hi &amp; bye</p>",
		},
		"bodies that disagree are both kept": {
			mediaJSON, `{"type":"internal_note","body_html":"<p>one</p>","body_text":"two"}`, "two", "<p>one</p>",
		},
		"HTML is not cleaned": {
			mediaJSON, `{"type":"internal_note","body_html":"<script>x()</script>","body_text":"x"}`, "x", "<script>x()</script>",
		},
		"a null is as if not sent": {
			mediaJSON, `{"type":"internal_note","body_html":null,"body_text":"Hi"}`, "Hi", "",
		},
		"unknown members are ignored": {
			mediaJSON, `{"type":"internal_note","body_text":"Hi","Body_Text":"no","author":{"id":1}}`, "Hi", "",
		},
		"what looks like half a character": {
			mediaJSON, `{"type":"internal_note","body_text":"\\\\ud800 \\\\\\\\u0000 \ud83d\ude00"}`, `\\ud800 \\\\u0000 😀`, "",
		},
		"text beyond ASCII": {
			mediaJSON, `{"type":"internal_note","body_text":"Größe 👍 مرحبا \u00e9\ud83d\ude00"}`, "Größe 👍 مرحبا é😀", "",
		},
		"a blank text beside HTML is kept": {
			mediaJSON, `{"type":"internal_note","body_html":"<p>Hi</p>","body_text":" "}`, " ", "<p>Hi</p>",
		},
		"blanks in a body are kept":      {mediaJSON, `{"type":"internal_note","body_text":" Hi\n\n"}`, " Hi\n\n", ""},
		"a charset beside the type":      {mediaJSON + "; charset=utf-8", `{"type":"internal_note","body_text":"Hi"}`, "Hi", ""},
		"the media type in another case": {"Application/JSON", `{"type":"internal_note","body_text":"Hi"}`, "Hi", ""},
		"blanks around the object":       {mediaJSON, " \n{\"type\":\"internal_note\",\"body_text\":\"Hi\"}\n", "Hi", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, ticket := newDesk(t, 0), world().Data.InboxOps.Tickets[9]
			before := d.messages(ticket.ID.String(), "").body
			a := d.post(ticket.ID.String(), test.contentType, strings.NewReader(test.body))
			if a.status != http.StatusCreated {
				t.Fatalf("status %d: %s", a.status, a.body)
			}
			id, _ := fixtures.ParseID(strings.TrimPrefix(a.body, `{"data":{"id":"`)[:36])
			row := string(inboxops.Encoder{}.AppendMessage(nil, &fixtures.Message{
				ID: id, Direction: "outbound", Type: "internal_note",
				BodyText: test.text, BodyHTML: test.html, CreatedAt: later,
			}))
			if want := `{"data":` + row + `}`; a.body != want {
				t.Errorf("answered %s, want %s", a.body, want)
			}
			if got, want := d.messages(strconv.Itoa(ticket.Number), "").body, strings.TrimSuffix(before, "]}")+","+row+"]}"; got != want {
				t.Errorf("the timeline is %s, want %s", got, want)
			}
		})
	}
}

func TestAddInternalNoteRefuses(t *testing.T) {
	t.Parallel()
	const object = `must be a JSON object, such as {"type": "internal_note", "body_text": "..."}`
	const kind, text = "must be internal_note; outbound replies are not available over the API", "must be a string"
	const blank = "is blank and so is body_html; send at least one of them"
	const good = `{"type":"internal_note","body_text":"Hi"}`
	half := func(escape string) string {
		return "holds " + escape + `, which is half of a character; send the character itself, or both halves, such as \ud83d\ude00`
	}
	const zero = `holds the character \u0000, which the service cannot store; leave it out`
	tests := map[string]struct {
		contentType, body string
		name, says        string
	}{
		"no Content-Type":               {"", good, "Content-Type", "must be application/json"},
		"plain text":                    {"text/plain", good, "Content-Type", "must be application/json"},
		"a form":                        {"application/x-www-form-urlencoded", good, "Content-Type", "must be application/json"},
		"a type that starts alike":      {"application/json-patch+json", good, "Content-Type", "must be application/json"},
		"a type of no form":             {"application/json; charset", good, "Content-Type", "must be application/json"},
		"an empty body":                 {mediaJSON, "", "body", object},
		"half an object":                {mediaJSON, `{"type":"internal_note"`, "body", object},
		"more behind the object":        {mediaJSON, good + "x", "body", object},
		"two objects":                   {mediaJSON, good + good, "body", object},
		"an array":                      {mediaJSON, "[" + good + "]", "body", object},
		"a string":                      {mediaJSON, `"internal_note"`, "body", object},
		"a number":                      {mediaJSON, "5", "body", object},
		"null":                          {mediaJSON, "null", "body", object},
		"bytes that are no UTF-8":       {mediaJSON, "{\"type\":\"internal_note\",\"body_text\":\"\xff\"}", "body", "is not valid UTF-8"},
		"no type":                       {mediaJSON, `{"body_text":"Hi"}`, "type", kind},
		"a null type":                   {mediaJSON, `{"type":null,"body_text":"Hi"}`, "type", kind},
		"an empty type":                 {mediaJSON, `{"type":"","body_text":"Hi"}`, "type", kind},
		"an e-mail":                     {mediaJSON, `{"type":"email","body_text":"Hi"}`, "type", kind},
		"a reply":                       {mediaJSON, `{"type":"reply","body_text":"Hi"}`, "type", kind},
		"the type in upper case":        {mediaJSON, `{"type":"INTERNAL_NOTE","body_text":"Hi"}`, "type", kind},
		"the type with a blank":         {mediaJSON, `{"type":"internal_note ","body_text":"Hi"}`, "type", kind},
		"the type as a number":          {mediaJSON, `{"type":1,"body_text":"Hi"}`, "type", text},
		"members in another case":       {mediaJSON, `{"Type":"internal_note","Body_Text":"Hi"}`, "type", kind},
		"a text that is a number":       {mediaJSON, `{"type":"internal_note","body_text":5}`, "body_text", text},
		"a text that is an object":      {mediaJSON, `{"type":"internal_note","body_text":{}}`, "body_text", text},
		"HTML that is a list":           {mediaJSON, `{"type":"internal_note","body_text":"Hi","body_html":["x"]}`, "body_html", text},
		"no body":                       {mediaJSON, `{"type":"internal_note"}`, "body_text", blank},
		"empty bodies":                  {mediaJSON, `{"type":"internal_note","body_text":"","body_html":""}`, "body_text", blank},
		"blank bodies":                  {mediaJSON, `{"type":"internal_note","body_text":" \n","body_html":"\t"}`, "body_text", blank},
		"null bodies":                   {mediaJSON, `{"type":"internal_note","body_text":null,"body_html":null}`, "body_text", blank},
		"the first half of a character": {mediaJSON, `{"type":"internal_note","body_text":"a\ud83d"}`, "body_text", half(`\ud83d`)},
		"the second half of one":        {mediaJSON, `{"type":"internal_note","body_text":"\uDE00a"}`, "body_text", half(`\uDE00`)},
		"halves in the wrong order":     {mediaJSON, `{"type":"internal_note","body_text":"\ude00\ud83d"}`, "body_text", half(`\ude00`)},
		"a half before a whole one":     {mediaJSON, `{"type":"internal_note","body_html":"\ud83d\ud83d\ude00"}`, "body_html", half(`\ud83d`)},
		"a half behind a backslash":     {mediaJSON, `{"type":"internal_note","body_text":"\\\\\ud83d"}`, "body_text", half(`\ud83d`)},
		"a half before other escapes":   {mediaJSON, `{"type":"internal_note","body_text":"\ud83d\n\u0041"}`, "body_text", half(`\ud83d`)},
		"half a character in a type":    {mediaJSON, `{"type":"internal_note\ud800","body_text":"Hi"}`, "type", half(`\ud800`)},
		"a half in a member ignored":    {mediaJSON, `{"type":"internal_note","body_text":"Hi","x":[{"y":"\ud800"}]}`, "body", half(`\ud800`)},
		"a half in a name":              {mediaJSON, `{"type":"internal_note","body_text":"Hi","\ud800":1}`, "body", half(`\ud800`)},
		"a half in a repeated member":   {mediaJSON, `{"body_text":"\ud800","type":"internal_note","body_text":"Hi"}`, "body", half(`\ud800`)},
		"a NUL in a text":               {mediaJSON, `{"type":"internal_note","body_text":"Hi\u0000"}`, "body_text", zero},
		"a NUL in HTML":                 {mediaJSON, `{"type":"internal_note","body_html":"<p>\u0000</p>","body_text":"Hi"}`, "body_html", zero},
		"an email without any words":    {mediaJSON, `{"type":"email"}`, "type", kind},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, ticket := newDesk(t, 0), world().Data.InboxOps.Tickets[9]
			before := d.messages(ticket.ID.String(), "").body
			a := d.post(ticket.ID.String(), test.contentType, strings.NewReader(test.body))
			if a.refusal == nil {
				t.Fatalf("status %d: %s", a.status, a.body)
			}
			want := []problem.Field{{Name: test.name, Message: test.says}}
			if diff := cmp.Diff(want, a.refusal.Fields[:1]); diff != "" || a.refusal.Kind != problem.BadRequest {
				t.Errorf("%s (-want +got):\n%s", a.refusal.Kind, diff)
			}
			if d.workspace.Store.Notes() != 0 || d.messages(ticket.ID.String(), "").body != before {
				t.Error("a refused note was stored")
			}
		})
	}
}

func TestAddInternalNoteNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	a := newDesk(t, 0).post(world().Data.InboxOps.Tickets[9].ID.String(), mediaJSON, strings.NewReader(`{"type":1,"body_text":2,"body_html":3}`))
	var got []string
	for _, field := range a.refusal.Fields {
		got = append(got, field.Name)
	}
	if diff := cmp.Diff([]string{"type", "body_text", "body_html"}, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// maxBody is how many bytes a body may have (choice C27).
const maxBody = 1 << 20

func TestAddInternalNoteUpToItsSize(t *testing.T) {
	t.Parallel()
	const head, tail = `{"type":"internal_note","body_text":"`, `"}`
	sized := func(bytes int) io.Reader {
		return strings.NewReader(head + strings.Repeat("x", bytes-len(head)-len(tail)) + tail)
	}
	broken := errors.New("the line is dead")
	limited := func(bytes int64) io.Reader {
		return http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(sized(maxBody)), bytes)
	}
	tests := map[string]struct {
		body io.Reader
		says string // empty for 201
	}{
		"a body of 1 MiB":                       {sized(maxBody), ""},
		"one byte more":                         {sized(maxBody + 1), "is larger than 1048576 bytes"},
		"far more":                              {sized(3 * maxBody), "is larger than 1048576 bytes"},
		"more than the server lets through":     {limited(1000), "is larger than 1048576 bytes"},
		"a body that breaks off":                {io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)), "could not be read to its end"},
		"a body that comes in bits and pieces":  {iotest.OneByteReader(strings.NewReader(head + "Hi" + tail)), ""},
		"an unexpected end counts as breaking":  {io.MultiReader(strings.NewReader(head+"Hi"+tail), iotest.ErrReader(io.ErrUnexpectedEOF)), "could not be read to its end"},
		"no more is read than has to be to see": {io.MultiReader(sized(maxBody+1), iotest.ErrReader(broken)), "is larger than 1048576 bytes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, 0)
			a := d.post(world().Data.InboxOps.Tickets[9].ID.String(), mediaJSON, test.body)
			if test.says == "" {
				if a.status != http.StatusCreated {
					t.Errorf("status %d: %s", a.status, a.body)
				}
				return
			}
			if a.refusal == nil {
				t.Fatalf("status %d, want a refusal", a.status)
			}
			want := problem.Invalid(problem.Field{Name: "body", Message: test.says})
			if diff := cmp.Diff(want, a.refusal); diff != "" || d.workspace.Store.Notes() != 0 {
				t.Errorf("%d notes (-want +got):\n%s", d.workspace.Store.Notes(), diff)
			}
		})
	}
}

func TestAddInternalNoteToNoTicket(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 0)
	for name, id := range map[string]string{
		"an unknown UUID": "00000000-0000-4000-8000-000000000000", "an unknown number": "999999", "a word": "latest",
	} {
		a := d.post(id, "text/plain", strings.NewReader("neither is the body right"))
		want := problem.Newf(problem.NotFound, "Ticket %q was not found; give a ticket's UUID or its ticket_number.", id)
		if diff := cmp.Diff(want, a.refusal); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAddInternalNoteToFullWorkspace(t *testing.T) {
	t.Parallel()
	d, id := newDesk(t, 1), world().Data.InboxOps.Tickets[9].ID.String()
	const good = `{"type":"internal_note","body_text":"Hi"}`
	if a := d.post(id, mediaJSON, strings.NewReader(good)); a.status != http.StatusCreated {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	a := d.post(id, mediaJSON, strings.NewReader(good))
	want := problem.Newf(problem.Unavailable,
		"The note was not stored: the workspace holds as many additions as it may, which is 1; POST /_mockdesk/reset forgets all of them.").Because("notes full")
	if diff := cmp.Diff(want, a.refusal); diff != "" {
		t.Errorf("refusal (-want +got):\n%s", diff)
	}
}
