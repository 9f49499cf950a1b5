package cli

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
)

// outFile is a file that is opened before a run and written during it or after it.
type outFile struct {
	*os.File
	made bool // it was not there before
}

// justCome is how long the reader of a pipe may have been there unnoticed when
// the context ends.
const justCome = 100 * time.Millisecond

// openOut opens a file and keeps its content. Opening a pipe waits for its
// reader, until the context ends. The error begins with cannot, which says what
// is impossible without the file.
func openOut(ctx context.Context, path string, mode os.FileMode, cannot, hint string) (*outFile, error) {
	_, missing := os.Lstat(path)
	type result struct {
		*os.File
		error
	}
	opened := make(chan result, 1)
	go func() {
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, mode)
		opened <- result{file, err}
	}()
	var out result
	select {
	case out = <-opened:
	case <-ctx.Done():
		late, done := context.WithTimeout(context.WithoutCancel(ctx), justCome)
		defer done()
		select {
		case out = <-opened:
		case <-late.Done():
			return nil, fail(conformance.ExitUnjudged, "", "stopped before anybody read %s", path)
		}
	}
	if out.error != nil {
		return nil, usage(hint, "%s: %w", cannot, out.error)
	}
	return &outFile{out.File, missing != nil}, nil
}

// regular reports whether the file holds what is written to it; a pipe or a device
// does not.
func (f *outFile) regular() bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// rewrite replaces the content of the file. A file that was deleted during the
// run is created again.
func (f *outFile) rewrite(write func(io.Writer) error) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() {
		if found, missing := os.Stat(f.Name()); missing != nil || !os.SameFile(info, found) {
			again, err := os.OpenFile(f.Name(), os.O_WRONLY|os.O_CREATE, info.Mode().Perm())
			if err != nil {
				return err
			}
			_ = f.Close() // whatever was written went to a file that nobody can find
			f.File = again
		}
		if err := f.Truncate(0); err != nil {
			return err
		}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	return write(f)
}

// discard leaves the file as it was before the run.
func (f *outFile) discard() {
	_ = f.Close()
	if f.made {
		_ = os.Remove(f.Name())
	}
}
