package control

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/reconcile"
)

// readFilter reads the filter of a query on the journal of a workspace.
func readFilter(w *workspace.Workspace, r *http.Request) (journal.Filter, error) {
	query := r.URL.Query()
	query.Del(workspaceParameter)
	filter, err := w.Journal.ParseFilter(query)
	if err != nil {
		return filter, invalid(err)
	}
	return filter, nil
}

// selected returns the entries that the query selects.
func selected(w *workspace.Workspace, r *http.Request) ([]journal.Entry, error) {
	filter, err := readFilter(w, r)
	if err == nil {
		err = known(w, filter)
	}
	if err != nil {
		return nil, err
	}
	return w.Journal.List(filter)
}

// known refuses a filter that cannot select anything, because it asks for a
// rule that never existed, or for requests after the newest one.
func known(w *workspace.Workspace, filter journal.Filter) error {
	if newest := w.Journal.Newest(); filter.After > newest {
		return invalid(hint.Errorf(
			fmt.Sprintf("after=%d, if another server counted to %d", newest, filter.After),
			"filter after %d selects nothing: the newest request is %d", filter.After, newest,
		))
	}
	const skew = time.Minute // of the clock of whoever asks
	if now := w.Clock.Now(); filter.Since.After(now.Add(skew)) && !w.Journal.Reaches(filter.Since) {
		return invalid(hint.Errorf(
			"since="+now.UTC().Format(time.RFC3339),
			"filter since %s selects nothing yet: the clock says %s", filter.Since.Format(time.RFC3339), now.UTC().Format(time.RFC3339),
		))
	}
	if filter.Rule == "" || filter.Rule == "*" {
		return nil
	}
	rules := w.Journal.Rules()
	for _, rule := range w.Faults.List() {
		rules = append(rules, rule.ID)
	}
	if slices.Contains(rules, filter.Rule) {
		return nil
	}
	return invalid(hint.Errorf(suggest.Hint(filter.Rule, rules, "GET "+Prefix+"faults lists the rules in force"),
		"filter rule %s selects nothing: no such rule is in force or in the journal", quoted(filter.Rule)))
}

// listRequests answers with the entries that the query selects.
func (a *API) listRequests(w *workspace.Workspace, r *http.Request) (any, error) {
	entries, err := selected(w, r)
	return map[string]any{"requests": entries}, err
}

// exportRequests answers with the entries that the query selects as a HAR
// file.
func (a *API) exportRequests(w *workspace.Workspace, r *http.Request) (any, error) {
	entries, err := selected(w, r)
	return journal.HAR(a.config.Version, entries), err
}

func (a *API) getRequest(w *workspace.Workspace, r *http.Request) (any, error) {
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil {
		return nil, invalid(hint.Errorf("GET "+Prefix+"requests/1", "%s is not the number of a request", quoted(r.PathValue("seq"))))
	}
	entry, found := w.Journal.Get(seq)
	if !found {
		return nil, absent(hint.Errorf("GET "+Prefix+"requests lists those it has", "the journal has no request %d, or no longer", seq))
	}
	return entry, nil
}

func (a *API) clearRequests(w *workspace.Workspace, _ *http.Request) (any, error) {
	w.Journal.Clear()
	return nil, nil
}

// verifyRequests says whether the expected requests came.
func (a *API) verifyRequests(w *workspace.Workspace, r *http.Request) (any, error) {
	var expected struct {
		Filter  journal.Filter `json:"filter"`
		Exactly *int           `json:"exactly"`
		AtLeast *int           `json:"at_least"`
		AtMost  *int           `json:"at_most"`
		Wait    fault.Duration `json:"wait"` // for requests in flight
	}
	if err := decode(r, &expected); err != nil {
		return nil, err
	}
	if err := known(w, expected.Filter); err != nil {
		return nil, err
	}
	if expected.Wait < 0 || time.Duration(expected.Wait) > fault.MaxDelay {
		return nil, invalid(hint.Errorf(`"wait": "2s"`, "wait %s is not from 0s to %s", time.Duration(expected.Wait), fault.MaxDelay))
	}
	a.settle(r.Context(), w.Journal, time.Duration(expected.Wait))
	result, err := w.Journal.Verify(journal.Expectation{
		Filter: expected.Filter, Exactly: expected.Exactly, AtLeast: expected.AtLeast, AtMost: expected.AtMost,
	})
	if err != nil {
		return nil, invalid(err)
	}
	return result, nil
}

// settle waits for requests in flight, on the machine's clock.
func (a *API) settle(ctx context.Context, j *journal.Journal, most time.Duration) {
	if most == 0 || j.InFlight() == 0 {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		_ = a.config.Sleep(ctx, most) // ends with ctx
		cancel()
	}()
	j.Settle(ctx)
}

// getSummary says what came of all requests.
func (a *API) getSummary(w *workspace.Workspace, _ *http.Request) (any, error) {
	return struct {
		journal.Totals
		Faults []fault.InForce `json:"faults"`
	}{w.Journal.Totals(), inForce(w)}, nil
}

// listRetries says which requests came back too early.
func (a *API) listRetries(w *workspace.Workspace, _ *http.Request) (any, error) {
	return w.Journal.Retries(), nil
}

// verifySync compares what a client holds with what there is.
func (a *API) verifySync(w *workspace.Workspace, r *http.Request) (any, error) {
	var held reconcile.Held
	if err := decode(r, &held); err != nil {
		return nil, err
	}
	report, err := reconcile.Compare(w, held)
	if err != nil {
		return nil, invalid(err)
	}
	return report, nil
}
