package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
)

// Table lists the formats of reports on an R, in the order they are told to
// users. A command's flag, its help and its completion follow from it.
type Table[R any] []struct {
	Name  string
	Write func(io.Writer, R) error
}

// Names returns the names of the formats.
func (t Table[R]) Names() []string {
	names := make([]string, len(t))
	for i, format := range t {
		names[i] = format.Name
	}
	return names
}

// Writer returns the writer of a format.
func (t Table[R]) Writer(name string) (func(io.Writer, R) error, error) {
	for _, format := range t {
		if format.Name == name {
			return format.Write, nil
		}
	}
	return nil, fmt.Errorf("unknown report format %q; hint: one of %s", name, strings.Join(t.Names(), ", "))
}

// Writer writes a report in one format.
type Writer = func(w io.Writer, r conformance.Report) error

// formats are the formats besides the terminal's. The last one, of annotations,
// is for standard output.
var formats = Table[conformance.Report]{{"json", JSON}, {"junit", JUnit}, {"html", HTML}, {"markdown", Markdown}, {"github", GitHub}}

// Formats are the names of the formats.
var Formats = formats.Names()

// Format returns the writer of a format.
func Format(name string) (Writer, error) { return formats.Writer(name) }
