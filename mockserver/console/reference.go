package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"

	"github.com/mockdesk/mockdesk/internal/fake/inboxops"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/openapi"
)

// settings are those of Swagger UI, as JavaScript.
var settings = map[string]string{
	"docExpansion":           `"list"`,
	"displayRequestDuration": "true",
	"tryItOutEnabled":        "true",
	"syntaxHighlight":        `{theme: "nord"}`,
}

// style is the name of an additional style sheet. Each page has it below its
// own address: the docs need no admin token, so what they load must not need
// one, either.
const style = "reference.css"

// newReference returns the reference for all three contracts, for calls to a
// workspace.
func (c *console) newReference(world *workspace.Workspace) http.Handler {
	all := map[string]string{
		"url": "undefined",
		"urls": fmt.Sprintf(`[{name: "InboxOps", url: %q}, {name: "AppHandoff", url: %q}, {name: "Control API", url: %q}]`,
			documentPath(openapi.InboxOps), documentPath(openapi.AppHandoff), documentPath(openapi.Control)),
	}
	maps.Copy(all, settings)
	config := swgui.Config{
		Title: "mockdesk API reference", BasePath: referencePath, ShowTopBar: true, SettingsUI: all,
		PrependHTML: template.HTML(`<nav class="back"><h1>API reference</h1><a href="/_mockdesk/?workspace=` + world.Name + `">mockdesk console</a>` +
			`<span>Calls go to this server, with a key of the workspace ` + world.Name + ` unless you authorize with another.</span></nav>`), // of letters, digits and dashes
		PreAuthorizeApiKey: map[string]string{},
	}
	if key := world.Key("inboxops", "read-write"); key != nil {
		config.PreAuthorizeApiKey["key"] = key.Secret
	}
	if key := world.Key("apphandoff", "member"); key != nil {
		config.PreAuthorizeApiKey["token"] = key.Secret
	}
	return newGUI(config)
}

// newDocs returns the reference as InboxOps itself has it.
func newDocs() http.Handler {
	return newGUI(swgui.Config{
		Title: "InboxOps API", SwaggerJSON: inboxops.DocumentPath, BasePath: inboxops.DocsPath, SettingsUI: settings,
		PrependHTML: `<header class="back"><h1>InboxOps API</h1></header>`,
	})
}

// gui is Swagger UI with its page made once.
type gui struct {
	files  http.Handler
	base   string
	page   *asset
	policy string
}

var inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)

// newGUI renders the page, and a policy that lets its own scripts run and no
// other.
func newGUI(config swgui.Config) *gui {
	config.AppendHead = template.HTML(`<meta name="viewport" content="width=device-width, initial-scale=1">` +
		`<link rel="stylesheet" href="` + config.BasePath + "/" + style + `">`)
	files := v5emb.NewHandlerWithConfig(config)
	var rendered capture
	files.ServeHTTP(&rendered, &http.Request{URL: &url.URL{Path: config.BasePath}})
	page := bytes.Replace(rendered.Bytes(), []byte(`<div id="swagger-ui"></div>`), []byte(`<main id="swagger-ui"></main>`), 1)
	scripts := "script-src 'self'"
	for _, script := range inlineScript.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(script[1])
		scripts += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return &gui{
		files: files, base: config.BasePath, page: newAsset("text/html; charset=utf-8", page),
		policy: strings.NewReplacer(
			"script-src 'self'", scripts, "style-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src data:", "img-src 'self' data:",
		).Replace(policy),
	}
}

// ServeHTTP answers with the page or one of its files, which are compressed
// already.
func (g *gui) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", g.policy)
	switch strings.TrimSuffix(r.URL.Path, "/") {
	case g.base:
		g.page.serve(w, r)
	case g.base + "/" + style:
		assets()[style]().serve(w, r)
	default:
		g.files.ServeHTTP(w, r)
	}
}

// serveReference answers with the reference of a workspace. If that was deleted
// in the meantime, it is the reference of the default workspace.
func (c *console) serveReference(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("workspace")
	if world := c.api.Workspaces().Get(name); world != nil && name != workspace.Default {
		c.newReference(world).ServeHTTP(w, r)
		return
	}
	c.reference().ServeHTTP(w, r)
}

// documentPath is where the reference reads a contract.
func documentPath(name string) string {
	return referencePath + "/documents/" + name
}

// capture keeps an answer.
type capture struct {
	bytes.Buffer
	header http.Header
}

// Header returns the header, which nobody reads.
func (c *capture) Header() http.Header {
	if c.header == nil {
		c.header = http.Header{}
	}
	return c.header
}

// WriteHeader does nothing: rendering cannot be refused.
func (c *capture) WriteHeader(int) {}
