package fault_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/strict"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

var update = flag.Bool("update", false, "write the schema of control.yaml and the table of docs/faults.md")

// Every member of Then is a kind, by the name that rules have for it.
func TestKindsAreTheMembersOfThen(t *testing.T) {
	t.Parallel()
	members := strict.Members(reflect.TypeFor[fault.Then](), "json")
	if diff := cmp.Diff(slices.Sorted(slices.Values(members)), slices.Sorted(slices.Values(fault.Actions))); diff != "" {
		t.Errorf("kinds (-members of Then +kinds):\n%s", diff)
	}
}

// What the console offers at first is a rule, whichever option is chosen.
func TestFields(t *testing.T) {
	t.Parallel()
	for _, kind := range fault.Kinds() {
		if kind.Label == "" || kind.Says == "" {
			t.Errorf("%s has no words for the console", kind.Name)
		}
		offered := [][2]string{{"", ""}} // fields and what they may be
		for _, field := range kind.Fields {
			for _, option := range field.Options {
				offered = append(offered, [2]string{field.Name, option[0]})
			}
			if field.Type == fault.Truth {
				offered = append(offered, [2]string{field.Name, "true"})
			}
		}
		for _, option := range offered {
			then, err := json.Marshal(map[string]any{kind.Name: usual(t, kind, option[0], option[1])})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := scope.ParseRule(fmt.Appendf(nil, `{"then": %s}`, then)); err != nil {
				t.Errorf("%s: %v", then, err)
			}
		}
	}
}

// usual is the value of a kind as the console makes it of its fields, one of
// which is what was chosen.
func usual(t *testing.T, kind *fault.Kind, chosen, option string) any {
	t.Helper()
	value, first := map[string]any{}, ""
	for i, field := range kind.Fields {
		text := field.Usual
		if field.Name == chosen && option != "" {
			text = option
		}
		if i == 0 {
			first = text
		}
		if text == "" || field.Only != nil && !slices.Contains(field.Only, first) {
			continue
		}
		var is any = text
		n, err := strconv.Atoi(text)
		switch {
		case field.Type == fault.Whole || field.Type == fault.Share || field.Number:
			if err != nil {
				t.Fatal(err)
			}
			if is = n; field.Type == fault.Share {
				is = float64(n) / 100
			}
		case field.Type == fault.Truth:
			is = true
		case field.Type == fault.Pairs:
			name, value, _ := strings.Cut(text, ": ")
			is = map[string]string{name: value}
		}
		if field.Name == "" {
			return is
		}
		value[field.Name] = is
	}
	if len(kind.Fields) == 0 {
		return true
	}
	return value
}

// The table of presets is made of the presets.
func TestPresetsAreWrittenDown(t *testing.T) { // not parallel: the next one may write the same page
	var rows strings.Builder
	for _, preset := range fault.Presets() {
		rows.WriteString("| `" + preset.Name + "` | " + preset.About + " |\n")
	}
	wantPart(t, "../../docs/faults.md", "| preset | what", "|---|---|\n", "\n", rows.String())
}

// The schema of then and the table of the page are made of the kinds.
func TestKindsAreWrittenDown(t *testing.T) {
	var schema, rows strings.Builder
	for _, field := range strict.Members(reflect.TypeFor[fault.Then](), "json") {
		kind := *fault.Kinds()[slices.Index(fault.Actions, field)] // a copy, which may be changed
		if !strings.HasPrefix(kind.Schema, "\n") {
			kind.Schema = " " + kind.Schema
		}
		schema.WriteString("        " + kind.Name + ":" + strings.ReplaceAll(kind.Schema, "\n", "\n          ") + "\n")
		var read struct {
			Type, Description string
			Enum              []string
			Properties        yaml.Node
		}
		if err := yaml.Load([]byte(kind.Schema), &read); err != nil {
			t.Fatalf("%s: %v", kind.Name, err)
		}
		takes := words(read.Enum)
		switch {
		case read.Type == "boolean":
			takes = "`true`"
		case read.Type == "string" && takes == "":
			takes = "a text"
		}
		for i := 0; i+1 < len(read.Properties.Content); i += 2 {
			var value struct{ Enum []string }
			if err := read.Properties.Content[i+1].Load(&value); err != nil {
				t.Fatal(err)
			}
			name := "`" + read.Properties.Content[i].Value + "`"
			if value.Enum != nil {
				name += " (" + words(value.Enum) + ")"
			}
			takes = strings.TrimPrefix(takes+", "+name, ", ")
		}
		rows.WriteString("| `" + kind.Name + "` | " + takes + " | " + read.Description + " |\n")
	}
	wantPart(t, "../../openapi/control.yaml", "    Effects:\n", "      properties:\n", "    RuleInForce:\n", schema.String())
	wantPart(t, "../../docs/faults.md", "| `then` |", "|---|---|---|\n", "\n", rows.String())
}

// words lists words as a page shows them.
func words(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return "`" + strings.Join(all, "`, `") + "`"
}

// wantPart compares the part of a file that stands behind the begin of a
// section, or with -update writes it.
func wantPart(t *testing.T, name, section, begin, end, want string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	start := 0
	for _, mark := range []string{section, begin} {
		i := strings.Index(string(text[start:]), mark)
		if i < 0 {
			t.Fatalf("%s has no %q", name, mark)
		}
		start += i + len(mark)
	}
	rest := string(text[start:])
	length := strings.Index("\n"+rest, "\n"+end)
	if *update {
		err = os.WriteFile(name, []byte(string(text[:start])+want+rest[length:]), 0o644)
		if err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(want, rest[:length]); diff != "" {
		t.Errorf("%s differs from the kinds; run make golden (-kinds +file):\n%s", name, diff)
	}
}

func TestEffectActions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		effect fault.Effect
		want   []string
	}{
		"nothing":             {fault.Effect{}, nil},
		"what Prefer may do":  {fault.Effect{Refuse: problem.New(problem.Internal), Delay: time.Second}, []string{"status", "latency"}},
		"what a rule changes": {fault.Effect{Then: &fault.Then{Headers: &fault.Headers{}, Malformed: true, ContentType: "a/b"}}, []string{"malformed", "content_type", "headers"}},
		"what a rule breaks": {
			fault.Effect{Then: &fault.Then{Connection: fault.Reset, Body: &fault.Body{}, Violation: &fault.Violation{}}}, []string{"connection", "violation", "body"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.effect.Actions()); diff != "" {
				t.Errorf("Actions (-want +got):\n%s", diff)
			}
		})
	}
}
