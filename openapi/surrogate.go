package openapi

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// LoneSurrogate returns the first escape in a JSON text that stands for half a
// character, "" if there is none. encoding/json reads such an escape as another
// character.
func LoneSurrogate(text []byte) string {
	for i := 0; ; {
		next := bytes.IndexByte(text[i:], '\\')
		if next < 0 {
			return ""
		}
		i += next
		switch first := escaped(text[i:]); {
		case !utf16.IsSurrogate(first):
			i += 2 // its digits have no backslash
		case utf16.DecodeRune(first, escaped(text[i+6:])) == utf8.RuneError:
			return string(text[i : i+6])
		default:
			i += 12
		}
	}
}

// escaped returns what an escape with four digits at the start of a JSON text
// stands for, -1 when there is none.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 32)
	if err != nil {
		return -1
	}
	return rune(n)
}
