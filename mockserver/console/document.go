package console

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/openapi"
)

// documents are the contracts by their file names, as YAML and as JSON. They
// are embedded and were read at start, so nothing can be wrong with them.
var documents = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for _, name := range openapi.Names() {
		text, _ := openapi.Document(name)
		var value any
		_ = yaml.Unmarshal(text, &value)
		all[name+".yaml"] = text
		all[name+".json"], _ = json.Marshal(value)
	}
	return all
})

// server matches the address of the server in a document.
var server = regexp.MustCompile(`(?m)^  - url: (/\S*)$|"servers":\[\{[^]]*"url":"(/[^"]*)"`)

// plainHost matches a host that may be written into a document unescaped.
var plainHost = regexp.MustCompile(`^[a-zA-Z0-9.:\[\]-]+$`)

// serveDocument answers with a contract that names this server, at the address
// of the request, as its server.
func (c *console) serveDocument(w http.ResponseWriter, r *http.Request) {
	c.serveContract(w, r, r.PathValue("name"))
}

// serveInboxOps answers with the contract of InboxOps at the address where
// InboxOps itself has it.
func (c *console) serveInboxOps(w http.ResponseWriter, r *http.Request) {
	c.serveContract(w, r, openapi.InboxOps+".json")
}

func (c *console) serveContract(w http.ResponseWriter, r *http.Request, name string) {
	if !strings.Contains(name, ".") {
		name += ".yaml"
	}
	text, ok := documents()[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	contract, end, _ := strings.Cut(name, ".")
	if found := server.FindSubmatchIndex(text); found != nil && plainHost.MatchString(r.Host) {
		at := found[2:4]
		if at[0] < 0 {
			at = found[4:6]
		}
		path := string(text[at[0]:at[1]])
		if contract == openapi.AppHandoff {
			path = c.api.AppHandoffBase()
		}
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		text = bytes.Join([][]byte{text[:at[0]], text[at[1]:]}, []byte(scheme+r.Host+path))
	}
	newAsset("application/"+end, text).serve(w, r)
}
