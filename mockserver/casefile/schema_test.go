package casefile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// schema compiles case.schema.json.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("case.schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// value reads YAML as the schema sees it: times are texts.
func value(t *testing.T, text string) any {
	t.Helper()
	quoted := regexp.MustCompile(`: (\d{4}-\d\d-\d\d[T\d:Z]*)`).ReplaceAllString(text, `: "$1"`)
	var read any
	if err := yaml.Load([]byte(quoted), &read); err != nil {
		t.Fatalf("%v in %s", err, quoted)
	}
	asJSON, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// blocks are the cases that the pages show, and the example.
func blocks(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"everything.yaml": example(t)}
	for _, page := range []string{"README.md", "docs/case.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```yaml\n(# (\\S+\\.yaml)\n.*?)```").FindAllStringSubmatch(string(text), -1) {
			all[page+" "+block[2]] = block[1]
		}
	}
	if len(all) < 3 {
		t.Fatalf("the pages show no cases: %v", all)
	}
	return all
}

// TestSchemaTakesExamples holds the schema to what is right.
func TestSchemaTakesExamples(t *testing.T) {
	t.Parallel()
	compiled := schema(t)
	for name, text := range blocks(t) {
		if err := compiled.Validate(value(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		c, err := casefile.Parse(name, []byte(text))
		if err == nil {
			_, err = c.Arrange(seededWorld(), time.Time{}, nil)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// TestSchemaRefuses holds the schema to what is wrong whatever the world, and to
// what is right in its place.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	compiled := schema(t)
	refused := 0
	for name, test := range wrongValues {
		if test.value == ".inf" {
			continue // no JSON can say that
		}
		err := compiled.Validate(value(t, test.with(test.value)))
		if err == nil && (strings.Contains(test.want, "there is no member") && !strings.Contains(test.want, "custom_fields") || strings.Contains(test.want, "not one of")) {
			t.Errorf("%s: the schema takes %s", name, test.value)
		}
		if err != nil {
			refused++
		}
		if err := compiled.Validate(value(t, test.with(test.typed()))); err != nil {
			t.Errorf("%s: the schema refuses %s: %v", name, test.typed(), err)
		}
	}
	if refused < 15 {
		t.Errorf("the schema refuses only %d of %d", refused, len(wrongValues))
	}
}
