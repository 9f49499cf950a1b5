package keykind_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/keykind"
)

// A caller has one kind, the document of the control API lists the kinds that
// the fake has, and the schema of facts all of them.
func TestAll(t *testing.T) {
	t.Parallel()
	var fake []string
	names := map[string][]string{}
	for _, k := range keykind.All {
		if keykind.Of(k.Caller) != k || k.Flag == "" || k.Wants == "" || (k.Suffix == "") != (k.About == "") {
			t.Errorf("%+v is not whole, or not the only one of its caller", k)
		}
		names[k.Service] = append(names[k.Service], k.Name)
		if k.Suffix != "" && !slices.Contains(fake, k.Name) {
			fake = append(fake, k.Name)
		}
	}
	wantLine(t, "../../openapi/control.yaml", "    Kind: {type: string, enum: ["+strings.Join(fake, ", ")+"]}")
	wantLine(t, "../judge/facts/facts.schema.json", `          "description": "inboxops: `+strings.Join(names[keykind.InboxOps], ", ")+
		"; apphandoff: "+strings.Join(names[keykind.AppHandoff], ", ")+`"`)
}

func wantLine(t *testing.T, name, line string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "\n"+line+"\n") {
		t.Errorf("%s lacks the line\n%s", name, line)
	}
}
