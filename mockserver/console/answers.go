package console

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/openapi"
)

// place is a field of an answer that a rule may break.
type place struct {
	Pointer string   `json:"pointer"` // * stands for every element
	Values  []string `json:"values,omitempty"`
}

// schema is what a contract's document says of a value, as far as it matters here.
type schema struct {
	Ref        string            `yaml:"$ref"`
	Properties map[string]schema `yaml:"properties"`
	Items      *schema           `yaml:"items"`
	AllOf      []schema          `yaml:"allOf"`
	Enum       []any             `yaml:"enum"`
}

// answers is the part of a contract's document about answers.
type answers struct {
	Paths map[string]map[string]struct {
		ID        string `yaml:"operationId"`
		Responses map[string]struct {
			Content map[string]struct {
				Schema schema `yaml:"schema"`
			} `yaml:"content"`
		} `yaml:"responses"`
	} `yaml:"paths"`
	Components struct {
		Schemas map[string]schema `yaml:"schemas"`
	} `yaml:"components"`
}

// placesOf returns the fields of the answers of a service, by operationId.
func placesOf(service string) map[string][]place {
	text, _ := openapi.Document(service) // otherwise the server would not have started
	var document answers
	_ = yaml.Load(text, &document)
	all := map[string][]place{}
	for _, operations := range document.Paths {
		for _, operation := range operations {
			for status, response := range operation.Responses {
				if code, err := strconv.Atoi(status); err != nil || code >= 300 {
					continue
				}
				var places []place
				document.collect(&places, response.Content["application/json"].Schema, "", 0)
				slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.Pointer, b.Pointer) })
				all[operation.ID] = places
			}
		}
	}
	return all
}

// deepest is how deep the fields that are offered may lie.
const deepest = 6

// collect appends the fields of a value at a pointer.
func (a *answers) collect(to *[]place, s schema, pointer string, depth int) {
	if s.Ref != "" {
		s = a.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	if depth > deepest {
		return
	}
	if pointer != "" && !strings.HasSuffix(pointer, "/*") {
		p := place{Pointer: pointer}
		for _, value := range s.Enum {
			if text, ok := value.(string); ok {
				p.Values = append(p.Values, text)
			}
		}
		*to = append(*to, p)
	}
	for name, property := range s.Properties {
		a.collect(to, property, pointer+"/"+name, depth+1)
	}
	for _, part := range s.AllOf {
		if part.Ref != "" {
			part = a.Components.Schemas[part.Ref[strings.LastIndexByte(part.Ref, '/')+1:]]
		}
		for name, property := range part.Properties {
			a.collect(to, property, pointer+"/"+name, depth+1)
		}
	}
	if s.Items != nil {
		a.collect(to, *s.Items, pointer+"/*", depth+1)
	}
}
