package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/desk"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// failure is a refusal of the control API; hint is the thing to type instead.
type failure struct {
	status int
	text   string
	hint   string
}

// Error returns the text.
func (f *failure) Error() string {
	return f.text
}

// NotFound answers as the API does when something is not there; hint is the
// thing to type instead.
func NotFound(text, hint string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, &failure{http.StatusNotFound, text, hint})
	})
}

// refuse returns a refusal with the hint that the error ends in.
func refuse(status int, err error) *failure {
	text, instead := hint.Split(err)
	return &failure{status, text, instead}
}

func invalid(err error) error { return refuse(http.StatusBadRequest, err) }

// absent returns a refusal because something named is not there.
func absent(err error) error { return refuse(http.StatusNotFound, err) }

// conflict returns a refusal because of the state things are in.
func conflict(err error) error { return refuse(http.StatusConflict, err) }

// refused returns the refusal of what a workspace does not accept, nil if there
// is no error.
func refused(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, desk.ErrNotFound):
		return absent(err)
	case errors.Is(err, desk.ErrTaken), errors.Is(err, desk.ErrFull), errors.Is(err, fault.ErrFull):
		return conflict(err)
	}
	return invalid(err)
}

// yaml is an answer that is YAML already.
type yaml []byte

func reply(w http.ResponseWriter, r *http.Request, status int, value any, err error) {
	if err != nil {
		f := refuse(http.StatusInternalServerError, err)
		errors.As(err, &f)
		fail(w, f)
		return
	}
	switch value := value.(type) {
	case nil:
		w.WriteHeader(status)
	case yaml:
		send(w, status, "application/yaml", value)
	case http.HandlerFunc:
		value(w, r)
	default:
		write(w, status, value)
	}
}

func fail(w http.ResponseWriter, f *failure) {
	write(w, f.status, struct {
		Error string `json:"error"`
		Hint  string `json:"hint,omitempty"`
	}{f.text, f.hint})
}

func write(w http.ResponseWriter, status int, value any) {
	send(w, status, "application/json", append(service.AppendJSON(nil, value), '\n'))
}

func send(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has left needs no answer
}

// readText reads a body that is YAML, or JSON if it is declared to be. An empty
// one is refused with an example of what to send.
func readText(r *http.Request, example string) ([]byte, error) {
	body, err := readBody(r)
	if err == nil && len(body) == 0 {
		err = invalid(hint.Errorf(example, "the body is empty"))
	}
	if err == nil {
		err = isJSON(r, body)
	}
	return body, err
}

// isJSON refuses a body that is declared to be JSON but is not: as YAML it may
// mean something else, such as 8 for 010.
func isJSON(r *http.Request, body []byte) error {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media != "application/json" {
		return nil
	}
	var value json.RawMessage
	if err := json.Unmarshal(body, &value); err != nil {
		return notJSON(body, err)
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, &failure{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", large.Limit), "start the server with a larger --max-body-bytes"}
	}
	if err != nil {
		return nil, invalid(fmt.Errorf("the body could not be read to its end: %w", err))
	}
	if !utf8.Valid(body) {
		return nil, invalid(hint.Errorf("send it in UTF-8", "the body is not valid UTF-8"))
	}
	return body, nil
}

// tooLarge stands for a body whose declared length exceeds the most that is read.
// Nothing of it is read, so that the refusal comes at once.
type tooLarge struct{ most int64 }

// Read always fails.
func (t tooLarge) Read([]byte) (int, error) {
	return 0, &http.MaxBytesError{Limit: t.most}
}

// Close does nothing: the server has the body.
func (tooLarge) Close() error {
	return nil
}

// quoted writes a text that came from outside.
func quoted(s string) string {
	return fmt.Sprintf("%.80q", s)
}
