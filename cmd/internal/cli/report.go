package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/conformance"
)

// reports are where the reports of --report on an R go.
type reports[R any] struct {
	files  []reportFile[R]
	stdout []func(io.Writer, R) error
}

// reportFile is a file that is opened before the run and written after it.
type reportFile[R any] struct {
	*os.File
	format func(io.Writer, R) error
	made   bool // it was not there before
}

// declareReports declares --report for the formats.
func declareReports(c *cobra.Command, specs *[]string, formats []string) {
	c.Flags().StringArrayVar(specs, "report", nil, "write a report, `FORMAT=FILE`, as "+strings.Join(formats, ", ")+"; to standard output without =FILE; may be repeated")
	offer(c, "report", offerReports(formats))
}

// openReports reads --report FORMAT=FILE, and FORMAT alone or FORMAT=- for
// standard output, and opens the files, so that none is found out to be impossible
// after a long run.
func openReports[R any, W ~func(io.Writer, R) error](ctx context.Context, specs []string, formatOf func(name string) (W, error)) (*reports[R], error) {
	r := &reports[R]{}
	for _, spec := range specs {
		name, path, toFile := strings.Cut(spec, "=")
		format, err := formatOf(name)
		if err != nil {
			r.discard()
			return nil, usage("--report html=report.html", "--report %s: %w", spec, err)
		}
		if !toFile || path == "-" {
			r.stdout = append(r.stdout, format)
			continue
		}
		file, made, err := openReport(ctx, name, path)
		if err != nil {
			r.discard()
			return nil, err
		}
		twice := r.writes(file)
		r.files = append(r.files, reportFile[R]{file, format, made && !twice})
		if twice {
			r.discard()
			return nil, usage("--report "+name+"=FILE, with a file of its own", "two reports go to %s", path)
		}
	}
	return r, nil
}

// justCome is how long before the end of the context the reader of a pipe may
// have come and not been noticed.
const justCome = 100 * time.Millisecond

// openReport opens the file of a report and leaves what is in it. Opening a
// pipe waits for its reader, until the context ends.
func openReport(ctx context.Context, format, path string) (*os.File, bool, error) {
	hint := "--report " + format + "=FILE, in a folder that exists"
	if path == "" {
		return nil, false, usage(hint, "--report %s= names no file", format)
	}
	_, missing := os.Lstat(path)
	type result struct {
		*os.File
		error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
		opened <- result{file, err}
	}()
	var report result
	select {
	case report = <-opened:
	case <-ctx.Done():
		late, done := context.WithTimeout(context.WithoutCancel(ctx), justCome)
		defer done()
		select {
		case report = <-opened:
		case <-late.Done():
			return nil, false, &failure{code: conformance.ExitUnjudged, err: fmt.Errorf("stopped before anybody read %s", path)}
		}
	}
	if report.error != nil {
		return nil, false, usage(hint, "cannot write a report: %w", report.error)
	}
	return report.File, missing != nil, nil
}

// writes reports whether a file has a report already, which the next one would
// write over.
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
		_ = f.Close()
		if f.made {
			_ = os.Remove(f.Name())
		}
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

// unwritten says what could not be written, if it could not.
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
	f := &failure{code: exitRun, err: err}
	errors.As(err, &f)
	return &failure{code: f.code, err: fmt.Errorf("%w; %w", f.err, further), hint: f.hint}
}

// write puts the report in the place of what the file held; a pipe or a device
// holds nothing. A file that was deleted during the run is made anew.
func (f reportFile[R]) write(result R) error {
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() {
		if found, missing := os.Stat(f.Name()); missing != nil || !os.SameFile(info, found) {
			_ = f.Close() // nothing was written to it
			f.File, err = os.OpenFile(f.Name(), os.O_WRONLY|os.O_CREATE, 0o666)
		}
		if err != nil {
			return err
		}
		err = f.Truncate(0)
	}
	if err == nil {
		err = buffered(f.File, result, f.format)
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// buffered writes a report in few steps.
func buffered[R any](w io.Writer, result R, format func(io.Writer, R) error) error {
	b := bufio.NewWriter(w)
	if err := format(b, result); err != nil {
		return err // and not once more
	}
	return b.Flush()
}
