//go:build e2e

package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the script of axe-core, which npm installs.
var axe = sync.OnceValues(func() (string, error) {
	folder, err := nodeFolder()
	if err != nil {
		return "", err
	}
	script, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	return string(script), err
})

// findings makes axe-core look at the whole page, with the rules that are named or
// with all but those that it calls experimental.
const findings = `(async (only, theirs) => {
	if (!window.axe) throw new Error("axe-core is not there");
	const rules = only.length ? { runOnly: only } : { rules: Object.fromEntries(theirs.map((id) => [id, { enabled: false }])) };
	const { violations, passes } = await axe.run(document, { resultTypes: ["violations"], ...rules });
	if (passes.length < (only.length || 5)) return "axe-core looked at nothing";
	return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => id + " (" + help + "): " + node.html.slice(0, 200) + " " + (node.any[0]?.message || ""))).join("\n");
})`

// finds returns what axe-core finds on the page as it is: with all rules, or with
// those that are named.
func (b *tab) finds(only ...string) string {
	b.t.Helper()
	if b.read("Boolean(window.axe)") == "false" {
		script, err := axe()
		if err != nil {
			b.t.Fatalf("axe-core looks at the pages, and could not be installed: %v", err)
		}
		b.do(chromedp.Evaluate(`void 0;`+script, nil))
	}
	rules, err := json.Marshal([][]string{append([]string{}, only...), append([]string{}, b.theirs...)})
	if err != nil {
		b.t.Fatal(err)
	}
	var found string
	b.do(chromedp.Evaluate(fmt.Sprintf("%s(...%s)", findings, rules), &found, awaitPromise))
	return found
}

// Without this the looks at the pages could see nothing and pass.
func TestAxeFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := open(t, "/_mockdesk/")
	b.wait(`document.documentElement.dataset.ready`)
	b.do(chromedp.Evaluate(`document.querySelector("main").insertAdjacentHTML("beforeend", "<button></button>"), 0`, nil))
	if found := b.finds(); !strings.HasPrefix(found, "button-name") {
		t.Errorf("axe-core finds %q, want a button without a name", found)
	}
	if found := b.finds(contrast); found != "" {
		t.Errorf("of colours axe-core finds %q", found)
	}
	b.do(chromedp.Evaluate(`Object.assign(document.querySelector("main h1, main h2").style, { color: "#777", background: "#888" }), 0`, nil))
	if found := b.finds(contrast); !strings.HasPrefix(found, contrast) {
		t.Errorf("axe-core finds %q, want a text that cannot be read", found)
	}
}
