package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// reports are the destinations of --report for an R.
type reports[R any] struct {
	files  []reportFile[R]
	stdout []report.Writer[R]
}

// reportFile is the file of a report.
type reportFile[R any] struct {
	*outFile
	format report.Writer[R]
}

// declareReports declares --report for the formats.
func declareReports(c *cobra.Command, specs *[]string, formats []string) {
	c.Flags().StringArrayVar(specs, "report", nil, "write a report, `FORMAT=FILE`, as "+strings.Join(formats, ", ")+"; to standard output without =FILE; may be repeated")
	offer(c, "report", offerReports(formats))
}

// openReports reads --report FORMAT=FILE, or FORMAT and FORMAT=- for standard
// output. It opens the files at once, so that a long run does not end with a
// file that cannot be written.
func openReports[R any](ctx context.Context, specs []string, formats report.Table[R]) (*reports[R], error) {
	r := &reports[R]{}
	for _, spec := range specs {
		name, path, toFile := strings.Cut(spec, "=")
		format := formats.Writer(name)
		if format == nil {
			r.discard()
			known := formats.Names()
			return nil, usage(suggest.Hint(name, known, "the formats are "+strings.Join(known, ", ")), "--report %s: there is no format %q", spec, name)
		}
		if !toFile || path == "-" {
			r.stdout = append(r.stdout, format)
			continue
		}
		hint := "--report " + name + "=FILE, in a folder that exists"
		file, err := (*outFile)(nil), error(nil)
		if path == "" {
			err = usage(hint, "--report %s= names no file", name)
		} else {
			file, err = openOut(ctx, path, 0o666, "cannot write a report", hint)
		}
		if err != nil {
			r.discard()
			return nil, err
		}
		twice := r.writes(file.File)
		file.made = file.made && !twice
		r.files = append(r.files, reportFile[R]{file, format})
		if twice {
			r.discard()
			return nil, usage("--report "+name+"=FILE, with a file of its own", "two reports go to %s", path)
		}
	}
	return r, nil
}

// writes reports whether a report already goes to the file, which another one
// would overwrite.
func (r *reports[R]) writes(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular() && slices.ContainsFunc(r.files, func(f reportFile[R]) bool {
		other, err := f.Stat()
		return err == nil && os.SameFile(info, other)
	})
}

// discard leaves the files as they were before the run.
func (r *reports[R]) discard() {
	for _, f := range r.files {
		f.discard()
	}
	r.files = nil
}

// write writes and closes the files, and writes those that go to standard
// output.
func (r *reports[R]) write(stdout io.Writer, result R) error {
	var failed error
	for _, f := range r.files {
		failed = inOneLine(failed, unwritten("a report", f.write(result)))
	}
	r.files = nil
	for _, format := range r.stdout {
		if err := buffered(stdout, result, format); err != nil {
			return inOneLine(failed, unwritten("a report", err)) // the next one would say the same
		}
	}
	return failed
}

// unwritten says what could not be written; it returns nil for a nil error.
func unwritten(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot write %s: %w", what, err)
}

// inOneLine joins errors; the code and the hint are those of the first.
func inOneLine(err, further error) error {
	if err == nil || further == nil {
		return cmp.Or(err, further)
	}
	f := toFailure(err)
	return fail(f.code, f.hint, "%w; %w", f.err, further)
}

// write writes the report and closes the file.
func (f reportFile[R]) write(result R) error {
	err := f.rewrite(func(w io.Writer) error { return buffered(w, result, f.format) })
	return cmp.Or(err, f.Close())
}

// buffered writes a report in few large writes.
func buffered[R any](w io.Writer, result R, format report.Writer[R]) error {
	b := bufio.NewWriter(w)
	if err := format(b, result); err != nil {
		return err // and not once more
	}
	return b.Flush()
}
