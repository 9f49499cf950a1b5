package console

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

//go:embed page.html
var templates embed.FS

// page is the template of the console.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templates, "page.html"))
})

// firstRows is how many requests the page shows before its script runs.
const firstRows = 50

// view is what the template shows.
type view struct {
	Workspace  string
	Workspaces []string
	Host       string
	AppHandoff string // the path it is served under
	Key        string // one that may read and write
	Rows       []row
	Empty      row
}

// row is a request as the list shows it.
type row struct {
	Seq                 uint64
	Time, Method, Name  string
	URL, Key, Status    string
	StatusClass         string
	Duration            string
	Rule, Fault, Asked  string // a rule and its name, or what Prefer asked for
	Verdict, VerdictTip string
	VerdictClass        string
}

// servePage answers with the console of a workspace.
func (c *console) servePage(w http.ResponseWriter, r *http.Request) {
	name := cmp.Or(r.URL.Query().Get("workspace"), workspace.Default)
	world := c.api.Workspaces().Get(name)
	if world == nil { // deleted meanwhile
		http.Redirect(w, r, "./", http.StatusSeeOther)
		return
	}
	v := view{Workspace: name, Host: r.Host, AppHandoff: c.api.AppHandoffBase()}
	for _, other := range c.api.Workspaces().All() {
		v.Workspaces = append(v.Workspaces, other.Name)
	}
	if key := world.Key("inboxops", "read-write"); key != nil {
		v.Key = key.Secret
	}
	entries, err := world.Journal.List(journal.Filter{Limit: firstRows, Order: journal.Descending})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for i := range entries {
		v.Rows = append(v.Rows, newRow(&entries[i]))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store") // it holds keys
	_ = page().Execute(w, v)                    // a client that has left needs no answer
}

// newRow puts an exchange into a row; static/requests.js does the same.
func newRow(e *journal.Entry) row {
	r := row{
		Seq: e.Seq, Time: e.At.UTC().Format(time.TimeOnly), Method: e.Method, Name: e.Operation, URL: e.URL, Key: e.KeyKind,
		Status: strconv.Itoa(e.Status), StatusClass: "s" + strconv.Itoa(e.Status/100),
		Duration: fmt.Sprintf("%.1f ms", e.Duration), Rule: e.Rule, Fault: cmp.Or(e.RuleName, e.Rule), Verdict: "ok", VerdictClass: "good",
	}
	if applied := e.ResponseHeader.Get("Preference-Applied"); applied != "" {
		r.Asked = "Prefer: " + applied
	}
	if promised, cut := promise(e); cut {
		r.Status, r.StatusClass = fmt.Sprintf("%d, cut after %s of %s bytes", e.Status, grouped(e.ResponseBytes), grouped(promised)), "s0 cut"
	}
	if e.Duration < 0.1 {
		r.Duration = "< 0.1 ms"
	}
	if e.Duration >= 1000 {
		r.Duration = fmt.Sprintf("%.1f s", e.Duration/1000)
	}
	if e.Status == 0 {
		r.Status = "cut"
	}
	if e.Operation == "" {
		r.Name = "no operation"
	}
	switch {
	case r.Key != "":
	case len(e.RequestHeader["Authorization"]) == 0:
		r.Key = "no key"
	case e.Service != "":
		r.Key = "unknown key"
	default: // an address of neither service, where keys are not looked at
		r.Key = "key not looked at"
	}
	var tips []string
	for _, v := range e.Violations {
		tips = append(tips, v.Reason)
	}
	for _, v := range e.AnswerViolations {
		tips = append(tips, "the answer "+v.Reason)
	}
	switch n := len(tips); {
	case n == 1:
		r.Verdict, r.VerdictClass = "1 breach", "bad"
	case n > 1:
		r.Verdict, r.VerdictClass = strconv.Itoa(n)+" breaches", "bad"
	case e.Unchecked != "":
		r.Verdict, r.VerdictClass, tips = "partly", "quiet", []string{e.Unchecked}
	}
	r.VerdictTip = strings.Join(tips, "; ")
	return r
}

// promise returns how many bytes the header of an answer promised, and whether
// fewer were sent.
func promise(e *journal.Entry) (promised int, cut bool) {
	promised, err := strconv.Atoi(e.ResponseHeader.Get("Content-Length"))
	return promised, err == nil && e.Method != http.MethodHead && e.ResponseBytes < promised
}

// grouped writes a number as 1,087.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// serveCurl answers with a command line that sends a request again.
func (c *console) serveCurl(w http.ResponseWriter, r *http.Request) {
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	world := c.api.Workspaces().Get(r.URL.Query().Get("workspace"))
	if err != nil || world == nil {
		http.NotFound(w, r)
		return
	}
	entry, found := world.Journal.Get(seq)
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintln(w, entry.Curl()) // a client that has left needs no answer
}

// serveLook answers with what a service has at a path, for the console itself:
// it uses up no fault and no limit, and does not appear in the journal.
func (c *console) serveLook(w http.ResponseWriter, r *http.Request) {
	world := c.api.Workspaces().Get(r.PathValue("workspace"))
	if world == nil {
		control.NotFound("there is no such workspace", "").ServeHTTP(w, r)
		return
	}
	there := r.Clone(r.Context())
	there.URL.Path, there.URL.RawPath = "/"+r.PathValue("path"), ""
	there.RequestURI = there.URL.RequestURI()
	c.api.Look(world, w, there)
}
