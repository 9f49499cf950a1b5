package mockserver_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Nothing that the control API can do hides a breach from the ledger.
func TestLedgerOutlivesTheControlAPI(t *testing.T) {
	t.Parallel()
	const bad, good = "/api/v1/tickets?statsu=open", "/api/v1/tickets?status=open"
	own := func(f *fake) { f.control("POST", "workspaces", `{"name": "own"}`).want(201) }
	tests := map[string]struct {
		limits   workspace.Limits
		run      func(f *fake)
		requests uint64
		in       string
	}{
		"nothing": {run: func(f *fake) { f.get(readWrite, bad) }, requests: 1, in: "test"},
		"reset": {run: func(f *fake) {
			f.get(readWrite, bad)
			f.control("POST", "reset", "").want(200)
		}, requests: 1, in: "test"},
		"the journal cleared": {run: func(f *fake) {
			f.get(readWrite, bad)
			f.control("DELETE", "requests", "").want(204)
		}, requests: 1, in: "test"},
		"a snapshot restored": {run: func(f *fake) {
			f.control("POST", "snapshot", "{}").want(200)
			f.get(readWrite, bad)
			f.control("POST", "restore", "{}").want(200)
		}, requests: 1, in: "test"},
		"a workspace of its own": {run: func(f *fake) {
			own(f)
			f.get("ixk_own_readwrite", bad)
		}, requests: 1, in: "own"},
		"a workspace of its own, deleted": {run: func(f *fake) {
			own(f)
			f.get("ixk_own_readwrite", bad)
			f.control("DELETE", "workspaces/own", "").want(204)
		}, requests: 1, in: "own"},
		"made again": {run: func(f *fake) {
			own(f)
			f.get("ixk_own_readwrite", bad)
			f.control("DELETE", "workspaces/own", "").want(204)
			own(f)
			f.get("ixk_own_readwrite", good)
		}, requests: 2, in: "own"},
		"its journal full": {limits: workspace.Limits{JournalEntries: 1}, run: func(f *fake) {
			f.get(readWrite, bad)
			f.get(readWrite, good)
			f.get(readWrite, good)
		}, requests: 3, in: "test"},
		"a key that opens nothing": {run: func(f *fake) { f.get("ixk_prod_0123456789", bad) }, requests: 1, in: "test"},
		"an explanation counts for nothing": {run: func(f *fake) {
			f.get(readWrite, bad)
			f.control("POST", "explain", `{"method": "GET", "path": "/api/v1/tickets?page=0", "key": "`+readWrite+`"}`).want(200)
		}, requests: 1, in: "test"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledger := journal.NewLedger()
			f := start(t, mockserver.Config{Ledger: ledger, Limits: test.limits})
			test.run(f)
			totals := ledger.Totals()
			var got []string
			for _, g := range totals.Violations {
				got = append(got, fmt.Sprintf("%s %s x%d in %s", g.Rule, g.Where, g.Count, g.Workspace))
			}
			if diff := cmp.Diff([]string{"unknown-parameter query.statsu x1 in " + test.in}, got); diff != "" || totals.Requests != test.requests {
				t.Errorf("%d requests, want %d; -want +got:\n%s", totals.Requests, test.requests, diff)
			}
		})
	}
}

// The mark of a request that is wrong on purpose shows in the journal, too, and
// is no breach itself.
func TestAllowHeader(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	f.get(readWrite, "/api/v1/tickets?status=bogus", journal.AllowHeader+": enum query.status").want(400)
	f.get(readWrite, "/api/v1/tickets?status=open", journal.AllowHeader+": *").want(200)
	var listed struct{ Requests []journal.Entry }
	f.control("GET", "requests", "").decode(&listed)
	if n := len(listed.Requests[0].Allowed); n != 1 {
		t.Errorf("%d violations are allowed, want 1", n)
	}
	f.control("POST", "verify", `{"filter": {"violations": true}, "exactly": 0}`).want(200)
	if s := f.Workspace("").Journal.Summary(); len(s.Violations) != 0 || s.Allowed != 1 {
		t.Errorf("%d groups, %d allowed; want 0, 1", len(s.Violations), s.Allowed)
	}
}
