package verdict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/openapi"
)

// replay gives back a body that was read: its bytes, then the error with which
// reading ended, if any.
type replay struct {
	io.Reader
	io.Closer
}

// drain reads a body and returns one that reads the same again.
func drain(body io.ReadCloser) ([]byte, io.ReadCloser, error) {
	if body == nil || body == http.NoBody {
		return nil, body, nil
	}
	text, err := io.ReadAll(body)
	var again io.Reader = bytes.NewReader(text)
	if err != nil {
		again = io.MultiReader(again, failing{err})
	}
	return text, replay{again, body}, err
}

// failing is a Reader that always fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// mediaType returns the lower-case media type of a Content-Type, without parameters.
func mediaType(header string) string {
	kind, _, err := mime.ParseMediaType(header)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return ""
	}
	return kind
}

// read returns a body as its media type says: the value for JSON, the text for
// everything else.
func read(kind string, text []byte) (any, error) {
	if isJSON(kind) {
		return decode(text)
	}
	return string(text), nil
}

func isJSON(kind string) bool {
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// decode reads one JSON value and nothing after it. Numbers keep their digits.
func decode(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("it is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return nil, errors.New("it ends too early")
		}
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("more follows after the value, at byte %d", d.InputOffset())
	}
	if half := openapi.LoneSurrogate(text); half != "" {
		return nil, fmt.Errorf("its %s is half of a character", half)
	}
	return value, nil
}

// duplicates returns where a JSON text, known to be valid, names a member twice.
func duplicates(text []byte) []string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var found []string
	scan(d, "body", &found)
	return found
}

func scan(d *json.Decoder, where string, found *[]string) {
	token, err := d.Token()
	if err != nil {
		return
	}
	switch token {
	case json.Delim('['):
		for i := 0; d.More(); i++ {
			scan(d, fmt.Sprintf("%s[%d]", where, i), found)
		}
	case json.Delim('{'):
		seen := map[string]bool{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return
			}
			name := fmt.Sprint(key)
			if seen[name] {
				*found = append(*found, member(where, name))
			}
			seen[name] = true
			scan(d, member(where, name), found)
		}
	default:
		return
	}
	_, _ = d.Token() // the closing bracket
}

// member writes the place of an object's member.
func member(where, name string) string {
	for _, r := range name {
		if r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return fmt.Sprintf("%s[%q]", where, name)
		}
	}
	if name == "" {
		return where + `[""]`
	}
	return where + "." + name
}

// show renders a value for a violation: text as it is, everything else as JSON,
// at most 80 runes.
func show(value any) string {
	text, ok := value.(string)
	if !ok {
		b, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		text = string(b)
	}
	if utf8.RuneCountInString(text) > 80 {
		text = string([]rune(text)[:79]) + "…"
	}
	return text
}
