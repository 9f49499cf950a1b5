package facts_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/keykind"
)

const sample = `{
  "base_url": "http://127.0.0.1:4010",
  "keys": [{"kind": "read-write", "service": "inboxops", "key": "ixk_test_readwrite"}],
  "inboxops": {
    "tags": [{"id": "t1", "name": "billing"}],
    "custom_fields": [{"key": "plan", "type": "select", "options": [{"id": "o1", "label": "Pro"}], "samples": [{"ticket_id": "a", "value": "o1"}]}],
    "tickets": {"no-messages": {"id": "a", "ticket_number": 7}, "with-drafts": {"id": "b", "draft_ids": ["d"]}}
  },
  "apphandoff": {"projects": [{"id": "p", "tickets": [{"id": "h", "messages": 60, "tasks": [{"id": "k"}]}]}]}
}`

func TestParse(t *testing.T) {
	t.Parallel()
	f, err := facts.Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := &facts.Facts{
		BaseURL: "http://127.0.0.1:4010",
		Keys:    []facts.Key{{Kind: "read-write", Service: "inboxops", Key: "ixk_test_readwrite"}},
		InboxOps: facts.InboxOps{
			Tags: []facts.Tag{{ID: "t1", Name: "billing"}},
			CustomFields: []facts.CustomField{{
				Key: "plan", Type: "select", Options: []facts.Option{{ID: "o1", Label: "Pro"}},
				Samples: []facts.Sample{{TicketID: "a", Value: "o1"}},
			}},
			Tickets: map[string]facts.Ticket{"no-messages": {ID: "a", TicketNumber: 7}, "with-drafts": {ID: "b", DraftIDs: []string{"d"}}},
		},
		AppHandoff: facts.AppHandoff{Projects: []facts.Project{{
			ID: "p", Tickets: []facts.Handoff{{ID: "h", Messages: 60, Tasks: []facts.Task{{ID: "k"}}}},
		}}},
	}
	if d := cmp.Diff(want, f); d != "" {
		t.Errorf("Parse (-want +got):\n%s", d)
	}
	if got := f.Secret("inboxops", "read-write"); got != "ixk_test_readwrite" {
		t.Errorf("Secret = %q", got)
	}
}

func TestParseExplainsWhatIsWrong(t *testing.T) {
	t.Parallel()
	var names []string
	for _, k := range keykind.All {
		if k.Service == keykind.AppHandoff {
			names = append(names, k.Name)
		}
	}
	tests := map[string]struct{ text, want string }{
		"an unknown member, with what was meant": {
			"{\n  \"inboxops\": {\n    \"customfields\": []\n  }\n}",
			`facts: line 3, column 5: unknown member inboxops.customfields; hint: did you mean "custom_fields"?`,
		},
		"an unknown member with a letter too few": {
			`{"keys": [{"knd": "admin"}]}`, `facts: line 1, column 12: unknown member keys[0].knd; hint: did you mean "kind"?`,
		},
		"an unknown member deep in a list": {
			`{"apphandoff": {"projects": [{"id": "a"}, {"ident": "b"}]}}`,
			`facts: line 1, column 44: unknown member apphandoff.projects[1].ident; hint: known are id, name, tickets`,
		},
		"a wrong type": {
			`{"inboxops": {"tickets": {"x": {"ticket_number": "7"}}}}`,
			`facts: line 1, column 53: inboxops.tickets.ticket_number is a string; hint: write a whole number`,
		},
		"a list where an object belongs": {`{"inboxops": []}`, `facts: line 1, column 15: inboxops is an array; hint: write an object`},
		"an unknown kind of key": {
			`{"keys": [{"kind": "admin", "service": "apphandoff", "key": "k"}]}`,
			`facts: keys[0].kind is "admin"; hint: one of ` + strings.Join(names, ", "),
		},
		"an unknown service":    {`{"keys": [{"kind": "x", "service": "zen", "key": "k"}]}`, `facts: keys[0].service is "zen"; hint: "inboxops" or "apphandoff"`},
		"an empty key":          {`{"keys": [{"kind": "member", "service": "apphandoff", "key": ""}]}`, `facts: keys[0].key is empty; hint: leave the entry out`},
		"an empty file":         {``, `facts: line 1, column 1: the JSON ends too early; hint: an empty facts file is {}`},
		"a file that is cut":    {`{"inboxops": {`, `facts: line 1, column 15: the JSON ends too early; hint: an empty facts file is {}`},
		"something after it":    {`{} {}`, `facts: line 1, column 5: something follows the JSON object; hint: one object a file`},
		"something else, a log": {`hello`, `facts: line 1, column 2: invalid character 'h' looking for beginning of value; hint: mockdesk catalog URL > facts.json writes a good one`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := facts.Parse([]byte(tc.text))
			if err == nil {
				t.Fatalf("Parse(%s) took it", tc.text)
			}
			if d := cmp.Diff(tc.want, err.Error()); d != "" {
				t.Errorf("error (-want +got):\n%s", d)
			}
		})
	}
}

func TestAnEmptyFactsFileKnowsNothing(t *testing.T) {
	t.Parallel()
	f, err := facts.Parse([]byte("{}"))
	if err != nil || !reflect.DeepEqual(f, &facts.Facts{}) {
		t.Errorf("Parse({}) = %+v, %v", f, err)
	}
}

// schemaText is the form of a facts file as the README links it.
func schemaText(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("facts.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText(t)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("facts.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("facts.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSchemaAgreesWithParse(t *testing.T) {
	t.Parallel()
	s := schema(t)
	texts := map[string]bool{
		sample: true, `{}`: true, `{"keys": null}`: true,
		`{"inboxops": {"customfields": []}}`:                              false,
		`{"keys": [{"kind": "admin", "service": "zen", "key": "k"}]}`:     false,
		`{"inboxops": {"tickets": {"x": {"id": "a", "number": 1}}}}`:      false,
		`{"apphandoff": {"projects": [{"id": "a", "tickets": [{}, 1]}]}}`: false,
	}
	for text, want := range texts {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Validate(v) == nil; got != want {
			t.Errorf("the schema says %v of %s", got, text)
		}
		if _, err := facts.Parse([]byte(text)); (err == nil) != want {
			t.Errorf("Parse says %v of %s", err, text)
		}
	}
}

// TestTheSchemaNamesEveryMember walks the Go types beside the schema.
func TestTheSchemaNamesEveryMember(t *testing.T) {
	t.Parallel()
	var doc map[string]any
	if err := json.Unmarshal(schemaText(t), &doc); err != nil {
		t.Fatal(err)
	}
	defs := doc["$defs"].(map[string]any)
	var walk func(name string, typ reflect.Type, node map[string]any)
	walk = func(name string, typ reflect.Type, node map[string]any) {
		if ref, ok := node["$ref"].(string); ok {
			node = defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
		switch typ.Kind() {
		case reflect.Slice:
			walk(name+"[]", typ.Elem(), node["items"].(map[string]any))
		case reflect.Map:
			walk(name+".*", typ.Elem(), node["additionalProperties"].(map[string]any))
		case reflect.Struct:
			properties := node["properties"].(map[string]any)
			var want, got []string
			for f := range typ.Fields() {
				member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				want = append(want, member)
				if child, ok := properties[member].(map[string]any); ok {
					walk(name+"."+member, f.Type, child)
				}
			}
			for member := range properties {
				got = append(got, member)
			}
			slices.Sort(want)
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("members of %s (-Go +schema):\n%s", name, d)
			}
		}
	}
	walk("facts", reflect.TypeFor[facts.Facts](), doc)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"keys": [`))
	f.Add([]byte(`{"base_url": "http://[::1]:1", "keys": [], "inboxops": {"tickets": {"": {"id": "x"}}}}`))
	f.Add([]byte("{\"workspace\": \"\\ud800\xff\", \"workspace\": null}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		known, err := facts.Parse(text)
		if err == nil && known == nil {
			t.Error("neither facts nor an error")
		}
		if err != nil && !strings.HasPrefix(err.Error(), "facts: ") {
			t.Errorf("error %q does not say what it is about", err)
		}
		if err != nil {
			return
		}
		written, err := json.Marshal(known)
		if err != nil {
			t.Fatal(err)
		}
		again, err := facts.Parse(written)
		if diff := cmp.Diff(known, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("written again they are others (-read +written): %v\n%s", err, diff)
		}
	})
}
