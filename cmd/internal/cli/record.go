package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver/record"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// recordFlags are the flags about what a proxy records into a case.
type recordFlags struct {
	path   string
	raw    bool
	ids    choice
	file   *outFile // nil without --record, and once it is closed
	all    *record.Recorder
	mu     sync.Mutex
	before int // requests when it was last written
}

func (f *recordFlags) declare(flags *pflag.FlagSet) {
	f.ids = choice{"keep", []string{"keep", "map"}}
	flags.StringVar(&f.path, "record", "", "`file` to write what passes into, as a case for serve --case: anonymised, and without keys")
	flags.BoolVar(&f.raw, "record-raw", false, "write names, addresses, subjects and bodies as they are")
	flags.Var(&f.ids, "record-ids", "what becomes of ids in the file of --record")
}

// given reports whether one of the flags was set.
func (f *recordFlags) given() bool { return f.path != "" || f.raw || f.ids.value != "keep" }

// open opens the file at once, so that a file that cannot be written is found
// out before the run.
func (f *recordFlags) open(ctx context.Context) (*record.Recorder, error) {
	if f.path == "" {
		if f.given() {
			return nil, usage("--record case.yaml", "--record-raw and --record-ids are about the file of --record")
		}
		return nil, nil
	}
	file, err := openOut(ctx, f.path, 0o600, "cannot record", "--record case.yaml, in a folder that exists") // it may hold what nobody else should read
	if err != nil {
		return nil, err
	}
	f.file = file
	f.all = record.New(record.Config{Raw: f.raw, MapIDs: f.ids.value == "map", Verdict: verdict.OnRequest, AnswerVerdict: verdict.OnResponse})
	return f.all, nil
}

// often is how long a recording may exist in memory only.
const often = 10 * time.Second

// keep writes the file from time to time until ctx ends. A pipe is written only
// once, at the end.
func (f *recordFlags) keep(ctx context.Context, t Terminal) {
	if f.file == nil || !f.file.regular() {
		return
	}
	for clock.Sleep(ctx, often) == nil {
		if err := f.write(); err != nil {
			fmt.Fprintf(t.Stderr, "mockdesk: cannot record: %v\n", err)
			return
		}
	}
}

// write writes the file if something was recorded since it was last written.
func (f *recordFlags) write() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	return f.save()
}

// save is write while f.mu is held.
func (f *recordFlags) save() error {
	count := f.all.Count()
	if count.Requests+count.More == f.before {
		return nil
	}
	f.before = count.Requests + count.More
	var text bytes.Buffer
	if err := f.all.Write(&text); err != nil {
		return err
	}
	return f.file.rewrite(func(w io.Writer) error {
		_, err := text.WriteTo(w)
		return err
	})
}

// discard leaves everything as it was before a run that did not begin.
func (f *recordFlags) discard() {
	if f.file == nil {
		return
	}
	f.file.discard()
	f.file = nil
}

// close writes the file a last time and says what is in it. Where nothing was
// recorded, the file keeps what it held before.
func (f *recordFlags) close(t Terminal) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	f.before = 0 // what was written may have been deleted since
	err := f.save()
	count := f.all.Count()
	if file := f.file; count.Requests == 0 {
		file.discard()
	} else {
		err = cmp.Or(err, file.Close())
	}
	f.file = nil
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
