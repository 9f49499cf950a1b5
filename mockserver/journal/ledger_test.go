package journal_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// wrong is the record of a request that breaks the contract.
func wrong() journal.Record {
	r := get()
	r.Query = "statsu=open"
	return r
}

// breaches says what a ledger holds against the clients.
func breaches(l *journal.Ledger) []string {
	out := []string{}
	for _, g := range l.Totals().Violations {
		out = append(out, fmt.Sprintf("%s %s x%d in %s", g.Rule, g.Where, g.Count, g.Workspace))
	}
	return out
}

// Whatever takes exchanges out of a journal, the ledger has the verdict.
func TestLedgerForgetsNothing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		limits journal.Limits
		forget func(*journal.Journal)
	}{
		"kept":             {journal.Limits{}, func(*journal.Journal) {}},
		"cleared":          {journal.Limits{}, (*journal.Journal).Clear},
		"cleared twice":    {journal.Limits{}, func(j *journal.Journal) { j.Clear(); j.Clear() }},
		"closed":           {journal.Limits{}, (*journal.Journal).Close},
		"cleared, closed":  {journal.Limits{}, func(j *journal.Journal) { j.Clear(); j.Close() }},
		"one of many":      {journal.Limits{Entries: 1}, func(*journal.Journal) {}},
		"larger than all":  {journal.Limits{Bytes: 1}, func(*journal.Journal) {}},
		"read, then clear": {journal.Limits{}, func(j *journal.Journal) { j.Get(1); j.Clear() }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := journal.NewLedger()
			j := newJournal(journal.Config{Limits: test.limits, Ledger: l, Workspace: "a"})
			j.Add(wrong())
			test.forget(j)
			j.Add(get())
			j.Add(wrong())
			if diff := cmp.Diff([]string{"unknown-parameter query.statsu x2 in a"}, breaches(l)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			totals := l.Totals()
			if totals.Requests != 3 || totals.Unjudged != 0 {
				t.Errorf("%d requests, %d unjudged; want 3, 0", totals.Requests, totals.Unjudged)
			}
			if diff := cmp.Diff([]journal.Visits{{Workspace: "a", Requests: 3}}, totals.Workspaces); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(totals, l.Totals()); diff != "" {
				t.Errorf("looking changes it: -first +second:\n%s", diff)
			}
		})
	}
}

// The ledger adds up what many workspaces did, of one name and of several.
func TestLedgerAddsUp(t *testing.T) {
	t.Parallel()
	l := journal.NewLedger()
	for i := range 6 {
		j := newJournal(journal.Config{Ledger: l, Workspace: fmt.Sprintf("w%d", i%3)})
		j.Add(get())
		if i == 4 {
			j.Add(wrong())
		}
		if i%2 == 0 {
			j.Close()
		}
	}
	newJournal(journal.Config{Ledger: l, Workspace: "unused"})
	totals := l.Totals()
	visits := map[string]uint64{}
	for _, v := range totals.Workspaces {
		visits[v.Workspace] = v.Requests
	}
	if diff := cmp.Diff(map[string]uint64{"w0": 2, "w1": 3, "w2": 2}, visits); diff != "" || totals.Requests != 7 {
		t.Errorf("%d requests; -want +got:\n%s", totals.Requests, diff)
	}
	if diff := cmp.Diff([]journal.Count{{Service: "inboxops", Operation: "listTickets", Status: 200, Count: 7}}, totals.Operations); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"unknown-parameter query.statsu x1 in w1"}, breaches(l)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A ledger's memory is bounded, though clients choose names.
func TestLedgerIsBounded(t *testing.T) {
	t.Parallel()
	l := journal.NewLedger()
	for i := range 1100 {
		j := newJournal(journal.Config{Ledger: l, Workspace: fmt.Sprintf("w%d", i)})
		r := get()
		r.Query = fmt.Sprintf("made_up_%d=1", i)
		r.RequestHeader = http.Header{journal.AllowHeader: {fmt.Sprintf("query.other_%d", i)}}
		j.Add(r)
		j.Close()
	}
	totals := l.Totals()
	got := []int{len(totals.Workspaces), int(totals.MoreRequests), len(totals.Violations), int(totals.More), len(totals.Unused), int(totals.Requests)}
	if diff := cmp.Diff([]int{1000, 100, 100, 1000, 100, 1100}, got); diff != "" {
		t.Errorf("workspaces, their rest, groups, their rest, unused, requests (-want +got):\n%s", diff)
	}
}

func TestLedgerAllows(t *testing.T) {
	t.Parallel()
	l := journal.NewLedger(journal.Allowance{Rule: "enum", Where: "query.status"}, journal.Allowance{Where: "body.*"})
	j := newJournal(journal.Config{Ledger: l})
	r := get()
	r.Query = "status=bogus&page=0"
	j.Add(r)
	j.Clear()
	if diff := cmp.Diff([]string{"range query.page x1 in "}, breaches(l)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	totals := l.Totals()
	want := []journal.Use{{Allowance: journal.Allowance{Rule: "enum", Where: "query.status"}, Used: 1}, {Allowance: journal.Allowance{Where: "body.*"}}}
	if diff := cmp.Diff(want, totals.Allowances); diff != "" || totals.Allowed != 1 {
		t.Errorf("%d allowed; -want +got:\n%s", totals.Allowed, diff)
	}
	j.Add(r)
	if s := j.Summary(); len(s.Violations) != 2 {
		t.Errorf("the journal itself has %d groups, want both", len(s.Violations))
	}
}

// Clearing the journal between a refusal and what follows hides nothing.
func TestLedgerKnowsEarlyRetries(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		clearFirst, clearThen, closeThen bool
		at                               int
		early, waited                    int
	}{
		"an early one":                  {at: 1000, early: 1},
		"one that waits":                {at: 3000, waited: 1},
		"cleared in between":            {at: 1000, clearThen: true, early: 1},
		"cleared before, and the other": {at: 1000, clearFirst: true, early: 1},
		"closed":                        {at: 1000, closeThen: true, early: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := journal.NewLedger()
			j := newJournal(journal.Config{Ledger: l, Workspace: "a"})
			if test.clearFirst {
				j.Add(get())
				j.Clear()
			}
			began := j.Begin()
			for _, s := range []step{{at: 0, retryAfter: "3", began: began}, {at: test.at, began: began + 1}} {
				j.Add(s.record())
				if test.clearThen {
					j.Clear()
				}
			}
			if test.closeThen {
				j.Close()
			}
			totals := l.Totals()
			if len(totals.EarlyRetries) != test.early || int(totals.Waited) != test.waited || totals.Unwatched != 0 {
				t.Errorf("early %v, waited %d, unwatched %d; want %d, %d, 0", totals.EarlyRetries, totals.Waited, totals.Unwatched, test.early, test.waited)
			}
			for _, early := range totals.EarlyRetries {
				if early.Workspace != "a" || early.RetryAfter != 3 {
					t.Errorf("%+v, want the refusal in a", early)
				}
			}
		})
	}
}

func TestLedgerConcurrently(t *testing.T) {
	t.Parallel()
	l := journal.NewLedger(journal.Allowance{Where: "query.page"})
	j := newJournal(journal.Config{Ledger: l, Limits: journal.Limits{Entries: 2}})
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				j.Add(wrong())
				j.Clear()
				l.Totals()
				j.Close()
			}
		})
	}
	wait.Wait()
	if diff := cmp.Diff([]string{"unknown-parameter query.statsu x400 in "}, breaches(l)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
