package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver/record"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// recordFlags are the flags of what a proxy writes into a case.
type recordFlags struct {
	path   string
	raw    bool
	ids    choice
	file   *os.File
	made   bool // it was not there before
	all    *record.Recorder
	mu     sync.Mutex
	before int // requests when it was last written
}

// declare declares the flags.
func (f *recordFlags) declare(flags *pflag.FlagSet) {
	f.ids = choice{"keep", []string{"keep", "map"}}
	flags.StringVar(&f.path, "record", "", "`file` to write what passes into, as a case for serve --case: anonymised, and without keys")
	flags.BoolVar(&f.raw, "record-raw", false, "write names, addresses, subjects and bodies as they are")
	flags.Var(&f.ids, "record-ids", "what becomes of ids in the file of --record")
}

// given says that one of the flags was.
func (f *recordFlags) given() bool { return f.path != "" || f.raw || f.ids.value != "keep" }

// open opens the file, so that one that cannot be written is found out at once.
func (f *recordFlags) open() (*record.Recorder, error) {
	if f.path == "" {
		if f.given() {
			return nil, usage("--record case.yaml", "--record-raw and --record-ids are about the file of --record")
		}
		return nil, nil
	}
	_, missing := os.Lstat(f.path)
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE, 0o600) // it may say what nobody else should read
	if err != nil {
		return nil, usage("--record case.yaml, in a folder that exists", "cannot record: %w", err)
	}
	f.file, f.made = file, missing != nil
	f.all = record.New(record.Config{Raw: f.raw, MapIDs: f.ids.value == "map", Verdict: verdict.OnRequest, AnswerVerdict: verdict.OnResponse})
	return f.all, nil
}

// often is how long what was recorded may be in memory alone.
const often = 10 * time.Second

// keep writes the file from time to time until ctx ends.
func (f *recordFlags) keep(ctx context.Context, t Terminal) {
	if f.file == nil {
		return
	}
	for clock.Sleep(ctx, often) == nil {
		if err := f.write(); err != nil {
			fmt.Fprintf(t.Stderr, "mockdesk: cannot record: %v\n", err)
			return
		}
	}
}

// write writes the file, if there is more than when it was last written.
func (f *recordFlags) write() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	count := f.all.Count()
	if count.Requests+count.More == f.before {
		return nil
	}
	f.before = count.Requests + count.More
	var text bytes.Buffer
	if err := f.all.Write(&text); err != nil {
		return err
	}
	if info, err := f.file.Stat(); err == nil && info.Mode().IsRegular() {
		if err := f.file.Truncate(0); err != nil {
			return err
		}
		_, err := f.file.WriteAt(text.Bytes(), 0)
		return err
	}
	_, err := f.file.Write(text.Bytes())
	return err
}

// discard leaves everything as it was before a run that did not begin.
func (f *recordFlags) discard() {
	if f.file == nil {
		return
	}
	_ = f.file.Close()
	if f.made {
		_ = os.Remove(f.path)
	}
	f.file = nil
}

// close writes the file to its end and says what is in it. Where nothing came, what
// the file held before stays.
func (f *recordFlags) close(t Terminal) error {
	if f.file == nil {
		return nil
	}
	err := f.write()
	f.mu.Lock()
	defer f.mu.Unlock()
	if closed := f.file.Close(); err == nil {
		err = closed
	}
	f.file = nil
	count := f.all.Count()
	if count.Requests == 0 && f.made {
		_ = os.Remove(f.path)
	}
	if err != nil {
		return unwritten("the record", err)
	}
	also := ""
	if count.More > 0 {
		also = fmt.Sprintf("; a case has no room for %d more requests", count.More)
	}
	if count.Left > 0 {
		also += fmt.Sprintf("; %d things are left out, which the contract does not allow", count.Left)
	}
	if count.Requests == 0 {
		also = "; no request to an operation came, so nothing was written"
	}
	_, _ = fmt.Fprintf(t.Stderr, "mockdesk: %s: requests %d, tickets %d%s\n", f.path, count.Requests, count.Tickets, also) // the file is what counts
	return nil
}
