package report

import (
	"encoding/json"
	"io"

	"github.com/mockdesk/mockdesk/conformance"
)

// Table lists the formats of reports on an R, in the order in which they are
// shown to users. A command's flag, its help and its completion follow from it.
type Table[R any] []struct {
	Name  string
	Write Writer[R]
}

// Writer writes a report in one format.
type Writer[R any] = func(io.Writer, R) error

// Names returns the names of the formats.
func (t Table[R]) Names() []string {
	names := make([]string, len(t))
	for i, format := range t {
		names[i] = format.Name
	}
	return names
}

// Writer returns the writer of a format, nil when there is no such format.
func (t Table[R]) Writer(name string) Writer[R] {
	for _, format := range t {
		if format.Name == name {
			return format.Write
		}
	}
	return nil
}

// Formats are the formats besides the terminal's. The last one, of annotations,
// is for standard output.
var Formats = Table[conformance.Report]{{"json", JSON}, {"junit", JUnit}, {"html", HTML}, {"markdown", Markdown}, {"github", GitHub}}

// Encode writes a value as indented JSON, with <, > and & as they are.
func Encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
