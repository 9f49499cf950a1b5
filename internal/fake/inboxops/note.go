package inboxops

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/openapi"
)

// note is what a client may add to a timeline.
type note struct {
	text, html string
}

func readNote(c *service.Call) (note, error) {
	if media, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return note{}, invalid("Content-Type", "must be application/json")
	}
	body, err := readBody(c.Request, c.Workspace.Limits().BodyBytes)
	if err != nil {
		return note{}, err
	}
	if n, ok := plainNote(body); ok {
		return n, nil
	}
	var members map[string]json.RawMessage // exact names, unlike a struct
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return note{}, invalid("body", `must be a JSON object, such as {"type": "internal_note", "body_text": "..."}`)
	}
	n, err := checkNote(members)
	if half := openapi.LoneSurrogate(body); err == nil && half != "" { // in members that are ignored
		return note{}, invalid("body", halved(half))
	}
	return n, err
}

// plainNote reads a note in the usual form without decoding it fully, which
// would be a tenth of what a note costs. ok is false for any other body.
func plainNote(body []byte) (n note, ok bool) {
	kind := ""
	plain := openapi.Texts(body, func(name, value string) bool {
		switch name {
		case "type":
			kind = value
		case "body_text":
			n.text = value
		case "body_html":
			n.html = value
		default: // other members would stay in memory with the texts
			return false
		}
		return true
	})
	return n, plain && kind == "internal_note" && !blank(n.text)
}

// halved says what is wrong with an escape that is half of a pair.
func halved(escape string) string {
	return "holds " + escape + `, which is half of a character; send the character itself, or both halves, such as \ud83d\ude00`
}

// readBody reads the body of a request, which must be UTF-8 and have at most
// the given number of bytes; a larger one is 400 (choice C27), and is not read
// if its length is declared.
func readBody(r *http.Request, most int) ([]byte, error) {
	tooLarge := invalid("body", fmt.Sprintf("is larger than %d bytes", most))
	if r.ContentLength > int64(most) {
		return nil, tooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(most)+1))
	var stopped *http.MaxBytesError
	switch {
	case len(body) > most || errors.As(err, &stopped):
		return nil, tooLarge
	case err != nil:
		return nil, invalid("body", "could not be read to its end")
	case !utf8.Valid(body):
		return nil, invalid("body", "is not valid UTF-8")
	}
	return body, nil
}

// checkNote checks the members of the body and reports everything that is
// wrong.
func checkNote(members map[string]json.RawMessage) (note, error) {
	var wrong []problem.Field
	read := func(name string) (value string) { // null leaves it empty
		raw, half := members[name], openapi.LoneSurrogate(members[name])
		message := ""
		switch {
		case raw != nil && json.Unmarshal(raw, &value) != nil:
			message = "must be a string"
		case half != "":
			message = halved(half)
		case strings.Contains(value, "\x00"):
			message = `holds the character \u0000, which the service cannot store; leave it out`
		}
		if message != "" {
			wrong = append(wrong, problem.Field{Name: name, Message: message})
		}
		return value
	}
	kind := read("type")
	if kind != "internal_note" && len(wrong) == 0 {
		wrong = append(wrong, problem.Field{Name: "type", Message: "must be internal_note; outbound replies are not available over the API"})
	}
	n := note{text: read("body_text"), html: read("body_html")}
	if len(wrong) == 0 && blank(n.text) && blank(n.html) {
		wrong = append(wrong, problem.Field{Name: "body_text", Message: "is blank and so is body_html; send at least one of them"})
	}
	if len(wrong) > 0 {
		return note{}, problem.Invalid(wrong...)
	}
	if n.text == "" { // choice C24
		n.text = fixtures.PlainText(n.html)
	}
	return n, nil
}

// blank reports whether there is nothing to read.
func blank(s string) bool {
	return strings.TrimSpace(s) == ""
}

// invalid returns a refusal about one part of the request.
func invalid(name, message string) error {
	return problem.Invalid(problem.Field{Name: name, Message: message})
}
