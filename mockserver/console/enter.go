package console

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/mockdesk/mockdesk/mockserver/control"
)

// enterPath takes the admin token from the page that asks for it.
const enterPath = assetPath + "enter"

//go:embed enter.html
var enterText string

// enterPage is the template of the page that asks for the admin token.
var enterPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("enter").Parse(enterText)) })

// enterStyle is in the page itself, because nobody gets another file without
// the token.
const enterStyle = `:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f6f7f9, #10131a); color: light-dark(#1b2130, #e7eaf1); }
main { max-width: 24rem; margin: 14vh auto 0; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
form { background: light-dark(#fff, #181c25); border: 1px solid light-dark(#e2e5eb, #2a303d); border-radius: 12px; padding: 1.25rem; display: grid; gap: .75rem; }
p { margin: 0; }
label { font-size: .875rem; }
input, button { font: inherit; padding: .5rem .75rem; border-radius: 8px; border: 1px solid light-dark(#8a93a3, #6c7689); background: light-dark(#fff, #181c25); color: inherit; }
button { background: light-dark(#3147d8, #93a4ff); color: light-dark(#fff, #10131a); border: 0; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid light-dark(#3147d8, #93a4ff); outline-offset: 2px; }
.wrong { color: light-dark(#ac1f2b, #ff949b); font-weight: 600; }`

// enterPolicy lets the page do nothing but show itself and send its form.
var enterPolicy = func() string {
	sum := sha256.Sum256([]byte(enterStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}()

// entrance reports whether a person should be asked for the admin token: a
// browser wants a page but does not have the token.
func (c *console) entrance(r *http.Request) bool {
	page := r.URL.Path == control.Prefix || strings.HasPrefix(r.URL.Path, referencePath)
	return page && r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") && c.api.Stranger(r)
}

// serveEntrance answers with the page that asks for the admin token.
func serveEntrance(w http.ResponseWriter, next string, wrong bool) {
	secure(w.Header())
	w.Header().Set("Content-Security-Policy", enterPolicy)
	w.Header().Set("Www-Authenticate", "Bearer")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusUnauthorized)
	_ = enterPage().Execute(w, map[string]any{"Style": template.CSS(enterStyle), "Next": next, "Wrong": wrong}) // a client that has left needs no answer
}

// mostForm is how many bytes the form of the page has at most.
const mostForm = 16 << 10

// enter checks the token in the form and redirects to the page that was asked
// for.
func (c *console) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	next := r.PostFormValue("next")
	if !strings.HasPrefix(next, control.Prefix) {
		next = control.Prefix
	}
	switch right, answered := c.api.Enter(w, r, r.PostFormValue("token")); {
	case answered:
	case right:
		secure(w.Header())
		http.Redirect(w, r, next, http.StatusSeeOther)
	default:
		serveEntrance(w, next, true)
	}
}
