package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// arrange lets a handler change a workspace and notes how to repeat the change,
// see workspace.Arrange.
func arrange(w *workspace.Workspace, r *http.Request, handle handler) (value any, err error) {
	var body bytes.Buffer
	said := casefile.Changes(r.Method, r.URL.EscapedPath())
	if said {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, &body), r.Body}
	}
	err = w.Arrange(func() (*casefile.Change, error) {
		acts := w.Store.Acts()
		address := readable(w, r)
		if value, err = handle(w, r); err != nil || !said {
			return nil, err
		}
		at := w.Clock.Now()
		desk := strings.HasPrefix(r.URL.Path, Prefix+"desk/")
		if desk {
			at = w.Store.Acted()
		}
		c := casefile.Change{At: at.UTC().Truncate(time.Millisecond), Method: r.Method, URL: address, Body: body.String()}
		if desk && r.Method == http.MethodPost {
			c.Acts = acts
		}
		err = asMade(&c, value)
		c.Body = strings.NewReplacer(secrets(w)...).Replace(c.Body)
		return &c, err
	})
	return value, err
}

// readable returns the path of a request with the number of a ticket instead of
// its UUID.
func readable(w *workspace.Workspace, r *http.Request) string {
	address, ref := r.URL.EscapedPath(), r.PathValue("ticket")
	if _, isID := fixtures.ParseID(ref); !isID || r.PathValue("project") != "" {
		return address
	}
	t, ok := w.Store.Get(ref)
	if !ok {
		return address
	}
	return strings.Replace(address, "/"+ref, "/"+strconv.Itoa(t.Number), 1)
}

// asMade makes a change repeat rules with the ids that they got, and name their
// keys by kind.
func asMade(c *casefile.Change, value any) error {
	switch made := value.(type) {
	case fault.Rule:
		text, err := json.Marshal(made)
		c.Body = string(text)
		return err
	case map[string]any:
		rules, ok := made["faults"].([]fault.Rule)
		if !ok {
			return nil
		}
		text, err := fault.Format(rules)
		c.URL, c.Body = Prefix+"faults.yaml", string(text)
		return err
	}
	return nil
}

// secrets returns the keys of a workspace, each with its name in a case.
func secrets(w *workspace.Workspace) (pairs []string) {
	for _, key := range w.Keys {
		pairs = append(pairs, key.Secret, "{{"+key.Service+"/"+string(key.Kind)+"}}")
	}
	return pairs
}

// Redo repeats in a workspace what a tester did in one like it. The error has
// the words of the refusal.
func (a *API) Redo(w *workspace.Workspace, c casefile.Change) error {
	mux, err := a.routes()
	if err != nil {
		return err
	}
	address := c.URL + "?" + url.Values{workspaceParameter: {w.Name}}.Encode()
	pairs := secrets(w)
	slices.Reverse(pairs)
	body := strings.NewReplacer(pairs...).Replace(c.Body)
	r, err := http.NewRequest(c.Method, "http://localhost"+address, strings.NewReader(body))
	if err != nil {
		return err
	}
	if c.Acts > 0 {
		w.Store.Resume(c.Acts)
	}
	answer := answered{header: http.Header{}}
	mux.ServeHTTP(&answer, r)
	if answer.status < http.StatusBadRequest {
		return nil
	}
	var refusal struct{ Error string }
	_ = json.Unmarshal(answer.body.Bytes(), &refusal) // as fail wrote it
	return errors.New(strconv.Itoa(answer.status) + ", " + refusal.Error)
}

// answered keeps an answer.
type answered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the header.
func (a *answered) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *answered) WriteHeader(status int) { a.status = status }

// Write keeps the body.
func (a *answered) Write(p []byte) (int, error) { return a.body.Write(p) }
