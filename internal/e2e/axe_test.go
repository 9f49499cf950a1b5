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

// findings makes axe-core look at the whole page, all of its rules but those that
// it calls experimental.
const findings = `(async (theirs) => {
	if (!window.axe) throw new Error("axe-core is not there");
	const { violations, passes } = await axe.run(document, { resultTypes: ["violations"], rules: Object.fromEntries(theirs.map((id) => [id, { enabled: false }])) });
	if (passes.length < 5) return "axe-core looked at nothing";
	return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => id + " (" + help + "): " + node.html.slice(0, 200) + " " + (node.any[0]?.message || ""))).join("\n");
})`

// finds returns what axe-core finds on the page as it is.
func (b *tab) finds() string {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		b.t.Fatalf("axe-core looks at the pages, and could not be installed: %v", err)
	}
	theirs, err := json.Marshal(append([]string{}, b.theirs...))
	if err != nil {
		b.t.Fatal(err)
	}
	var found string
	b.do(chromedp.Evaluate(`void 0;`+script, nil), chromedp.Evaluate(fmt.Sprintf("%s(%s)", findings, theirs), &found, awaitPromise))
	return found
}

// accessible fails the test when axe-core finds anything.
func (b *tab) accessible(name string) {
	b.t.Helper()
	if found := b.finds(); found != "" {
		b.t.Errorf("%s is not accessible to all:\n%s", name, found)
	}
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
}
