package service

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// AppendTime appends an instant as a JSON string, null for the zero time.
func AppendTime(b []byte, at time.Time) []byte {
	if at.IsZero() {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = at.UTC().AppendFormat(b, store.Millis)
	return append(b, '"')
}

// AppendID appends a UUID as a JSON string, null for the zero ID.
func AppendID(b []byte, id fixtures.ID) []byte {
	if id == (fixtures.ID{}) {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = id.Append(b)
	return append(b, '"')
}

// AppendOptional appends a JSON string, null for an empty one.
func AppendOptional(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return AppendString(b, s)
}

const hex = "0123456789abcdef"

// AppendString appends a JSON string. Only what JSON demands is escaped;
// bytes that are not UTF-8 become the replacement character.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if c >= utf8.RuneSelf && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// appendEscape appends what stands for a byte that may not stand for itself.
func appendEscape(b []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case c == '\n':
		return append(b, '\\', 'n')
	case c == '\r':
		return append(b, '\\', 'r')
	case c == '\t':
		return append(b, '\\', 't')
	case c < ' ':
		return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	default:
		return append(b, "\uFFFD"...)
	}
}

// AppendJSON appends a value as encoding/json writes it, without escaping
// HTML. It is for answers off the hot path; the value must be encodable.
func AppendJSON(b []byte, value any) []byte {
	buffer := bytes.NewBuffer(b)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("service: value cannot be JSON: " + err.Error())
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}
