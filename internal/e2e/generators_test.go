//go:build e2e

package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/openapi"
)

// fetch asks a server with a key and returns the body of the answer, which is 200.
func fetch(t *testing.T, url, key string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", url, answer.Status, err, body)
	}
	return body
}

// documents makes a folder below the tools of Node with the documents that a
// server has, and the files of testdata/generators.
func documents(t *testing.T, s *server) string {
	t.Helper()
	folder, err := os.MkdirTemp(node(t), "documents-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.CopyFS(folder, os.DirFS("testdata/generators")); err != nil {
		t.Fatal(err)
	}
	for _, name := range openapi.Names() {
		for _, file := range []string{name + ".yaml", name + ".json"} {
			text := fetch(t, s.url+"/_mockdesk/reference/documents/"+file, "")
			if !strings.Contains(string(text), s.url+"/") {
				t.Errorf("%s does not say where it is, %s", file, s.url)
			}
			put(t, folder, file, string(text))
		}
	}
	return folder
}

// put writes a file and the folders that it lies in.
func put(t *testing.T, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tool runs a tool of Node.
func tool(t *testing.T, folder string, env []string, name string, args ...string) string {
	t.Helper()
	return mustEnd(t, folder, append(env, "NO_COLOR=1", "CI=1"), filepath.Join(node(t), "node_modules/.bin", name), args...)
}

// recipe returns the code of a section of docs/clients.md.
func recipe(t *testing.T, section, language string) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/clients.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(page), "\n## "+section+"\n")
	_, text, code := strings.Cut(text, "```"+language+"\n")
	text, _, end := strings.Cut(text, "```\n")
	if !found || !code || !end {
		t.Fatalf("docs/clients.md has no %s in %s", language, section)
	}
	return text
}

// TestLinters asks what judges documents, and what only loads them.
func TestLinters(t *testing.T) {
	t.Parallel()
	folder := documents(t, serve(t, "--quiet"))
	put(t, folder, "spectral.yaml", "extends: [spectral:oas]\n")
	for _, name := range openapi.Names() {
		tool(t, folder, nil, "redocly", "lint", "--extends=minimal", name+".yaml")
		tool(t, folder, nil, "spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "error", name+".yaml")
	}
	mustEnd(t, folder, nil, python(t), "-c", "import json, yaml\nfor name in 'inboxops', 'apphandoff', 'control':\n"+
		"    assert yaml.load(open(name + '.yaml'), yaml.BaseLoader)['openapi'] == json.load(open(name + '.json'))['openapi']; yaml.safe_load(open(name + '.yaml'))")
}

// TestGenerators makes clients of all documents, compiles them, and runs those
// of docs/clients.md against a server whose contract they must keep.
func TestGenerators(t *testing.T) {
	t.Parallel()
	s := serve(t, "--quiet")
	folder := documents(t, s)
	plan, total := planOf(t, s)
	env := []string{"MOCKDESK_URL=" + s.url, "MOCKDESK_KEY=ixk_test_readwrite", "PLAN=" + plan, "GOFLAGS=-mod=readonly", "GOWORK=off"}
	want := fmt.Sprintf("total %d\n", total)

	t.Run("TypeScript", func(t *testing.T) {
		for _, name := range openapi.Names() {
			tool(t, folder, nil, "openapi-typescript", name+".yaml", "--output", "fetch/"+name+".ts")
			tool(t, folder, nil, "openapi-ts", "--input", name+".yaml", "--output", "hey/"+name, "--client", "@hey-api/client-fetch")
			tool(t, folder, nil, "orval", "--input", name+".yaml", "--output", "orval/"+name+".ts", "--client", "fetch")
		}
		put(t, folder, "fetch/client.ts", recipe(t, "openapi-typescript", "ts"))
		put(t, folder, "hey/client.ts", recipe(t, "hey-api", "ts"))
		tool(t, folder, nil, "tsc")
		for _, client := range []string{"fetch/client.ts", "hey/client.ts"} {
			if got := tool(t, folder, env, "vite-node", client); got != want {
				t.Errorf("%s says %q, want %q", client, got, want)
			}
		}
	})
	t.Run("Go", func(t *testing.T) {
		module := filepath.Join(folder, "go")
		for _, name := range openapi.Names() {
			for _, made := range []string{name, "ogen" + name} {
				put(t, module, made+"/doc.go", "package "+made+"\n")
			}
			mustEnd(t, module, env, "go", "tool", "oapi-codegen", "-generate", "types,client", "-package", name, "-o", name+"/client.go", "../"+name+".yaml")
			mustEnd(t, module, env, "go", "tool", "ogen", "--target", "ogen"+name, "--package", "ogen"+name, "../"+name+".yaml")
		}
		put(t, module, "main.go", recipe(t, "oapi-codegen", "go"))
		mustEnd(t, module, env, "go", "vet", "./...")
		if got := mustEnd(t, module, env, "go", "run", "."); got != want {
			t.Errorf("the client of oapi-codegen says %q, want %q", got, want)
		}
	})
	var breaches struct{ Requests []json.RawMessage }
	if err := json.Unmarshal(fetch(t, s.url+"/_mockdesk/requests?violations=true", ""), &breaches); err != nil || len(breaches.Requests) > 0 {
		t.Errorf("clients broke the contract: %s, %v", breaches.Requests, err)
	}
}

// planOf returns an option of the custom field plan, and how many tickets that
// are open or waiting have it.
func planOf(t *testing.T, s *server) (plan string, total int) {
	t.Helper()
	var catalog control.Catalog
	if err := json.Unmarshal(fetch(t, s.url+"/_mockdesk/catalog", ""), &catalog); err != nil {
		t.Fatal(err)
	}
	for _, field := range catalog.InboxOps.CustomFields {
		if field.Key == "plan" {
			plan = field.Options[0].ID
		}
	}
	var list struct{ Meta struct{ Total int } }
	text := fetch(t, s.url+"/api/v1/tickets?status=open,waiting&custom_field_plan="+plan, "ixk_test_readwrite")
	if err := json.Unmarshal(text, &list); err != nil || plan == "" || list.Meta.Total == 0 {
		t.Fatalf("no ticket has the plan %q: %s, %v", plan, text, err)
	}
	return plan, list.Meta.Total
}

var passing = regexp.MustCompile(`complete\S*: (\d+) passing, 0 failing, 0 errors, 0 skipped`)

// TestCheckers lets others hold the answers of a server against its documents.
func TestCheckers(t *testing.T) {
	t.Parallel()
	s := serve(t, "--quiet")
	folder := documents(t, s)
	var catalog control.Catalog
	if err := json.Unmarshal(fetch(t, s.url+"/_mockdesk/catalog", ""), &catalog); err != nil {
		t.Fatal(err)
	}
	project := catalog.AppHandoff.Projects[0]
	ticket := project.Tickets[0].ID
	out := tool(t, folder, nil, "redocly", "respect", "client.arazzo.yaml", "--input", "key=ixk_test_readwrite",
		"--input", "member=ah_k_test_member", "--input", "project="+project.ID, "--input", "thread="+ticket)
	wantAll(t, out, "2 passed, 2 total", "5 passed, 5 total")

	const example = "2489E9AD-2EE2-8E00-8EC9-32D5F69181C0"
	ids, err := json.Marshal(map[string]string{"projects/" + example: "projects/" + project.ID, "tickets/" + example: "tickets/" + ticket, "tickets/42": "tickets/1001"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ base, key string }{
		"inboxops": {"/api/v1", "ixk_test_readwrite"}, "apphandoff": {"/api", "ah_k_test_member"},
	} {
		out := tool(t, folder, []string{"KEY=" + c.key, "IDS=" + string(ids)}, "dredd", name+".yaml", s.url+c.base, "--hookfiles=dredd-hooks.cjs", "--loglevel=error")
		if found := passing.FindStringSubmatch(out); found == nil || found[1] == "0" {
			t.Errorf("Dredd on %s:\n%s", name, out)
		}
	}
}
