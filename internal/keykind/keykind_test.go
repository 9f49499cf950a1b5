package keykind_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/keykind"
)

// A caller has one kind, and the document of the control API lists the kinds
// that the fake has.
func TestAll(t *testing.T) {
	t.Parallel()
	var fake []string
	for _, k := range keykind.All {
		if keykind.Of(k.Caller) != k || (k.Flag == "") != (k.Wants == "") || (k.Suffix == "") != (k.About == "") {
			t.Errorf("%+v is not whole, or not the only one of its caller", k)
		}
		if k.Suffix != "" && !slices.Contains(fake, k.Name) {
			fake = append(fake, k.Name)
		}
	}
	text, err := os.ReadFile("../../openapi/control.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if line := "\n    Kind: {type: string, enum: [" + strings.Join(fake, ", ") + "]}\n"; !strings.Contains(string(text), line) {
		t.Errorf("control.yaml lacks the line%s", line)
	}
}
