// Package header says which names and values the headers of a request can have.
package header

import (
	"net/http"
	"slices"
	"strings"
)

// ValidName reports whether a header can have the name.
func ValidName(name string) bool {
	const marks = "!#$%&'*+-.^_`|~"
	other := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(marks, r)
	}
	return name != "" && !strings.ContainsFunc(name, other)
}

// ValidValue reports whether a header can have the value.
func ValidValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// Read reports whether a header read from a request can have the value: one
// without blanks around it.
func Read(value string) bool {
	return ValidValue(value) && strings.TrimSpace(value) == value
}

// Hidden reports whether net/http keeps a header of requests to itself.
func Hidden(name string) bool {
	return slices.Contains([]string{"Host", "Transfer-Encoding", "Trailer"}, http.CanonicalHeaderKey(name))
}
