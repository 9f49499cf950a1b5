package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// document is the part of an OpenAPI document that the list of operations needs.
type document struct {
	Servers []struct {
		URL string `yaml:"url"`
	} `yaml:"servers"`
	Paths      yaml.Node `yaml:"paths"`
	Components struct {
		Parameters map[string]docParameter `yaml:"parameters"`
		Responses  map[string]docResponse  `yaml:"responses"`
		Schemas    map[string]docSchema    `yaml:"schemas"`
	} `yaml:"components"`
}

type docOperation struct {
	ID           string                 `yaml:"operationId"`
	Summary      string                 `yaml:"summary"`
	Source       string                 `yaml:"x-source"`
	ExternalDocs struct{ URL string }   `yaml:"externalDocs"`
	Parameters   []docParameter         `yaml:"parameters"`
	Responses    map[string]docResponse `yaml:"responses"`
	RequestBody  struct {
		Content map[string]struct{ Schema docSchema }
	} `yaml:"requestBody"`
}

type docParameter struct {
	Ref         string      `yaml:"$ref"`
	Name        string      `yaml:"name"`
	In          string      `yaml:"in"`
	Description string      `yaml:"description"`
	Required    bool        `yaml:"required"`
	Schema      docSchema   `yaml:"schema"`
	Pattern     *docPattern `yaml:"x-parameter-pattern"` // of the members of an exploded object
}

type docSchema struct {
	Ref     string     `yaml:"$ref"`
	Type    any        `yaml:"type"` // a word or a list of words
	Format  string     `yaml:"format"`
	Enum    []any      `yaml:"enum"`
	Default any        `yaml:"default"`
	Items   *docSchema `yaml:"items"`
	Pattern string     `yaml:"pattern"`
	Minimum int64      `yaml:"minimum"`
	Maximum int64      `yaml:"maximum"`

	Required   []string             `yaml:"required"` // of an object
	Properties map[string]docSchema `yaml:"properties"`
}

type docResponse struct {
	Ref         string   `yaml:"$ref"`
	Description string   `yaml:"description"`
	Documented  *bool    `yaml:"x-documented"` // absent means true
	Codes       []string `yaml:"x-problem-codes"`
}

type docPattern struct {
	Name    string `yaml:"name"`
	Prefix  string `yaml:"prefix"`
	Key     string `yaml:"key"`
	Maximum int    `yaml:"maximum"`
}

func parse(name string) (*Contract, error) {
	text, err := Document(name)
	if err != nil {
		return nil, err
	}
	var doc document
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("openapi: %s.yaml: %w", name, err)
	}
	if len(doc.Servers) != 1 || !strings.HasPrefix(doc.Servers[0].URL, "/") {
		return nil, fmt.Errorf("openapi: %s.yaml: want one server with a path as its address", name)
	}
	c := &Contract{name: name, base: strings.TrimSuffix(doc.Servers[0].URL, "/")}
	for path, item := range pairs(&doc.Paths) {
		for method, node := range pairs(item) {
			if err := c.add(&doc, strings.ToUpper(method), path, node); err != nil {
				return nil, fmt.Errorf("openapi: %s.yaml: %s %s: %w", name, method, path, err)
			}
		}
	}
	return c, nil
}

// pairs ranges over a YAML mapping in the order it is written.
func pairs(node *yaml.Node) func(yield func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, node.Content[i+1]) {
				return
			}
		}
	}
}

func (c *Contract) add(doc *document, method, path string, node *yaml.Node) error {
	var d docOperation
	if err := node.Decode(&d); err != nil {
		return err
	}
	op := Operation{
		ID: d.ID, Method: method, Path: c.base + path,
		Summary: d.Summary, Page: d.ExternalDocs.URL, Source: d.Source,
	}
	for _, p := range d.Parameters {
		if p.Ref != "" {
			p = doc.Components.Parameters[refName(p.Ref)]
		}
		if made := p.Pattern; made != nil {
			keys, err := regexp.Compile(made.Key)
			if err != nil {
				return err
			}
			op.Pattern = &Pattern{made.Prefix, made.Maximum, keys}
			p.Name, p.Schema = made.Name, docSchema{Type: "string"}
		}
		op.Parameters = append(op.Parameters, doc.parameter(p))
	}
	body := doc.schema(d.RequestBody.Content["application/json"].Schema)
	for _, name := range slices.Sorted(maps.Keys(body.Properties)) {
		op.Body = append(op.Body, doc.parameter(docParameter{
			Name: name, In: "body", Required: slices.Contains(body.Required, name), Schema: body.Properties[name],
		}))
	}
	for status, r := range d.Responses {
		response, err := doc.response(status, r)
		if err != nil {
			return err
		}
		op.Responses = append(op.Responses, response)
	}
	slices.SortFunc(op.Responses, func(a, b Response) int { return cmp.Compare(a.Status, b.Status) })
	c.operations = append(c.operations, op)
	c.routes = append(c.routes, newRoute(op))
	return nil
}

func (d *document) parameter(p docParameter) Parameter {
	s := d.schema(p.Schema)
	out := Parameter{Name: p.Name, In: p.In, Format: s.Format, Description: strings.TrimSpace(p.Description), Required: p.Required}
	out.Type, _ = s.Type.(string)
	out.Default, out.Pattern, out.Minimum, out.Maximum = join(s.Default), s.Pattern, s.Minimum, s.Maximum
	enum := s.Enum
	if s.Items != nil {
		items := d.schema(*s.Items)
		enum, out.Format = items.Enum, items.Format
	}
	for _, value := range enum {
		out.Enum = append(out.Enum, fmt.Sprint(value))
	}
	return out
}

func (d *document) schema(s docSchema) docSchema {
	if s.Ref != "" {
		return d.Components.Schemas[refName(s.Ref)]
	}
	return s
}

// response resolves a reference; a description next to the reference wins over
// the component's.
func (d *document) response(status string, r docResponse) (Response, error) {
	number, err := strconv.Atoi(status)
	if err != nil {
		return Response{}, fmt.Errorf("status %q is not a number", status)
	}
	text := r.Description
	if r.Ref != "" {
		r = d.Components.Responses[refName(r.Ref)]
	}
	return Response{
		Status: number, Description: cmp.Or(text, r.Description),
		Documented: r.Documented == nil || *r.Documented, Codes: r.Codes,
	}, nil
}

func refName(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

// join writes a default as it stands in a query string.
func join(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		words := make([]string, len(v))
		for i, item := range v {
			words[i] = fmt.Sprint(item)
		}
		return strings.Join(words, ",")
	}
	return fmt.Sprint(value)
}
