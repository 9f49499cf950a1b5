package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/openapi"
)

// static holds the scripts and the style sheet.
//
//go:embed static
var static embed.FS

// contentTypes are keyed by the end of a file's name; those of the machine may
// differ.
var contentTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// asset is a body that does not change while the server runs.
type asset struct {
	contentType string
	tag         string
	plain       []byte
	packed      []byte
}

// newAsset compresses a body once.
func newAsset(contentType string, plain []byte) *asset {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = zip.Write(plain) // a buffer accepts everything
	_ = zip.Close()
	sum := sha256.Sum256(plain)
	return &asset{contentType, `"` + hex.EncodeToString(sum[:8]) + `"`, plain, packed.Bytes()}
}

// serve answers with the body, compressed if the client accepts that.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	header, body := w.Header(), a.plain
	header.Set("Content-Type", a.contentType)
	header.Set("Cache-Control", "no-cache") // but a client may ask whether it changed
	header.Set("Vary", "Accept-Encoding")
	tag := a.tag
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body, tag = a.packed, strings.TrimSuffix(a.tag, `"`)+`-gzip"`
	}
	header.Set("Etag", tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// assets are the static files, and known.js, by name, each made when it is first asked for.
var assets = sync.OnceValue(func() map[string]func() *asset {
	all := map[string]func() *asset{}
	entries, _ := static.ReadDir("static") // it is embedded
	for _, entry := range entries {
		all[entry.Name()] = sync.OnceValue(func() *asset {
			text, _ := static.ReadFile("static/" + entry.Name())
			return newAsset(contentTypes[path.Ext(entry.Name())], text)
		})
	}
	all["known.js"] = sync.OnceValue(newKnown)
	return all
})

// newKnown returns a script that lists what a rule may match and do.
func newKnown() *asset {
	type operation struct {
		Service string  `json:"service"`
		ID      string  `json:"id"`
		Method  string  `json:"method"`
		Path    string  `json:"path"`
		Answer  []place `json:"answer"` // its fields
	}
	var operations []operation
	for _, service := range []string{openapi.InboxOps, openapi.AppHandoff} {
		contract, _ := openapi.Load(service) // or the server would not have started
		places := placesOf(service)
		for _, op := range contract.Operations() {
			operations = append(operations, operation{service, op.ID, op.Method, op.Path, places[op.ID]})
		}
	}
	kinds, _ := json.Marshal(fault.Kinds()) // texts and numbers
	calls, _ := json.Marshal(operations)
	return newAsset(contentTypes[".js"], fmt.Appendf(nil, "export const kinds = %s;\nexport const operations = %s;\n", kinds, calls))
}

// serveAsset answers with a static file.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	file := assets()[r.PathValue("name")]
	if file == nil {
		http.NotFound(w, r)
		return
	}
	file().serve(w, r)
}
