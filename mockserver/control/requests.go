package control

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/workspace"
)

// readFilter reads the filter of a query.
func readFilter(r *http.Request) (journal.Filter, error) {
	query := r.URL.Query()
	query.Del(workspaceParameter)
	filter, err := journal.ParseFilter(query)
	if err != nil {
		return filter, invalid(err)
	}
	return filter, nil
}

// selected returns the entries that the query selects.
func selected(w *workspace.Workspace, r *http.Request) ([]journal.Entry, error) {
	filter, err := readFilter(r)
	if err != nil {
		return nil, err
	}
	return w.Journal.List(filter)
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

// getRequest answers with one entry.
func (a *API) getRequest(w *workspace.Workspace, r *http.Request) (any, error) {
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	if err != nil {
		return nil, invalid(fmt.Errorf("%s is not the number of a request (hint: GET %srequests/1)", quoted(r.PathValue("seq")), Prefix))
	}
	entry, found := w.Journal.Get(seq)
	if !found {
		return nil, absent(fmt.Errorf("the journal has no request %d, or no longer", seq), "GET "+Prefix+"requests lists those it has")
	}
	return entry, nil
}

// clearRequests empties the journal.
func (a *API) clearRequests(w *workspace.Workspace, _ *http.Request) (any, error) {
	w.Journal.Clear()
	return nil, nil
}

// verifyRequests says whether the expected requests came.
func (a *API) verifyRequests(w *workspace.Workspace, r *http.Request) (any, error) {
	var expected journal.Expectation
	if err := decode(r, &expected); err != nil {
		return nil, err
	}
	result, err := w.Journal.Verify(expected)
	if err != nil {
		return nil, invalid(err)
	}
	return result, nil
}

// listRetries says which requests came back too early.
func (a *API) listRetries(w *workspace.Workspace, _ *http.Request) (any, error) {
	return w.Journal.Retries(), nil
}
