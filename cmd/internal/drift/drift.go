// Package drift compares our contract with the document that the vendor
// publishes and says what is new, gone or changed there.
package drift

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/mockdesk/mockdesk/openapi"
)

// Report is what a comparison found.
type Report struct {
	Contract string   `json:"contract"`
	Source   string   `json:"source"` // where the other document was read from
	Breaking int      `json:"breaking"`
	Changes  []Change `json:"changes"` // breaking ones first
	Others   int      `json:"others"`  // paths of theirs that our contract does not cover
}

// Change is one difference.
type Change struct {
	Breaking bool   `json:"breaking"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Rule     string `json:"rule"` // oasdiff's id of what it is
	Text     string `json:"text"`
}

// Compare compares one of our contracts with a document, JSON or YAML. An empty
// name selects the contract that shares paths with the document.
func Compare(name string, document []byte, source string) (Report, error) {
	theirs, err := read(document)
	if err != nil {
		return Report{}, fmt.Errorf("%s is no OpenAPI document: %w", source, err)
	}
	for _, contract := range []string{openapi.InboxOps, openapi.AppHandoff} {
		if name != "" && name != contract {
			continue
		}
		text, err := openapi.Document(contract)
		if err != nil {
			return Report{}, err
		}
		ours, err := read(text)
		if err != nil {
			return Report{}, err
		}
		if others, shared := keep(theirs, ours); shared {
			r := Report{Contract: contract, Source: source, Others: others}
			return r, r.compare(ours, theirs)
		}
	}
	return Report{}, fmt.Errorf("%s has none of our paths, such as /api/v1/tickets", source)
}

// read reads a document and puts it into the form that is compared.
func read(text []byte) (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	if doc.Paths == nil {
		return nil, errors.New("it has no paths")
	}
	base := ""
	if len(doc.Servers) > 0 {
		if base, err = doc.Servers[0].BasePath(); err != nil {
			return nil, err
		}
	}
	doc.Servers = nil
	whole := openapi3.NewPaths()
	for path, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			comparable(operation)
		}
		whole.Set(strings.TrimSuffix(base, "/")+path, item)
	}
	doc.Paths = whole
	return doc, nil
}

// comparable removes from an operation what two documents may say in different
// ways: the bodies of errors, which have two dialects; answers that no page of
// the documentation lists; and parameters whose names are made up.
func comparable(o *openapi3.Operation) {
	o.Servers = nil
	o.Parameters = slices.DeleteFunc(o.Parameters, func(p *openapi3.ParameterRef) bool {
		_, made := p.Value.Extensions["x-parameter-pattern"]
		return made || strings.HasPrefix(p.Value.Name, "custom_field_")
	})
	answers := openapi3.NewResponses()
	for status, answer := range o.Responses.Map() {
		if documented, said := answer.Value.Extensions["x-documented"]; said && documented == false {
			continue
		}
		if !strings.HasPrefix(status, "2") {
			bare := *answer.Value
			bare.Content, bare.Headers = nil, nil
			answer = &openapi3.ResponseRef{Value: &bare}
		}
		answers.Set(status, answer)
	}
	o.Responses = answers
}

// keep leaves only the paths in a document that ours has, too, and returns how
// many others there were.
func keep(theirs, ours *openapi3.T) (others int, shared bool) {
	kept := openapi3.NewPaths()
	for path, item := range theirs.Paths.Map() {
		if ours.Paths.Find(path) != nil {
			kept.Set(path, item)
		}
	}
	if kept.Len() == 0 {
		return 0, false
	}
	others = theirs.Paths.Len() - kept.Len()
	theirs.Paths = kept
	return others, true
}

// compare notes the differences, breaking ones first.
func (r *Report) compare(ours, theirs *openapi3.T) error {
	found, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), &load.SpecInfo{Url: r.Contract, Spec: ours}, &load.SpecInfo{Url: r.Source, Spec: theirs})
	if err != nil {
		return err
	}
	r.Changes = []Change{}
	words := checker.NewDefaultLocalizer()
	for _, c := range checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), found, sources, checker.INFO) {
		breaking := c.GetLevel() != checker.INFO // a warning may break some clients
		if breaking {
			r.Breaking++
		}
		r.Changes = append(r.Changes, Change{breaking, c.GetOperation(), c.GetPath(), c.GetId(), c.GetUncolorizedText(words)})
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		return cmp.Or(
			strings.Compare(a.kind(), b.kind()), // breaking before other
			strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method),
		)
	})
	return nil
}

// Formats writes a report, by the name of the form.
var Formats = map[string]func(Report) string{"text": text, "json": asJSON, "markdown": markdown}

func (r Report) verdict() string {
	return fmt.Sprintf("%s differs from the contract of %s in %d places, %d of them breaking; other paths: %d", r.Source, r.Contract, len(r.Changes), r.Breaking, r.Others)
}

// kind names the kind of a change in one word.
func (c Change) kind() string {
	if c.Breaking {
		return "breaking"
	}
	return "other"
}

func text(r Report) string {
	var out strings.Builder
	fmt.Fprintln(&out, r.verdict())
	for _, c := range r.Changes {
		fmt.Fprintf(&out, "%-8s  %s %s: %s\n", c.kind(), c.Method, c.Path, c.Text)
	}
	return out.String()
}

func asJSON(r Report) string {
	out, _ := json.MarshalIndent(r, "", "  ") // every part of it can be encoded
	return string(out) + "\n"
}

func markdown(r Report) string {
	var out strings.Builder
	fmt.Fprintf(&out, "## Contract of %s\n\n%s\n", cell(r.Contract), cell(r.verdict()))
	if len(r.Changes) > 0 {
		out.WriteString("\n| | operation | what |\n|---|---|---|\n")
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", c.kind(), cell(c.Method+" "+c.Path), cell(c.Text))
	}
	return out.String()
}

// cell escapes foreign text so that it stays in a table cell.
func cell(words string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;").Replace(words)
}
