package verdict

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// compiled is a contract with all its schemas compiled. Once made, it is only
// read.
//
// libopenapi-validator compiles the schemas. Requests and responses are taken
// apart here, because the library's own check of requests does not notice what
// the author of a client wants to know: repeated and undecodable parameters,
// formats inside comma-separated lists, empty bodies, duplicate members.
type compiled struct {
	operations map[string]*operation // by operationId
	unrouted   map[int]*response     // answers that belong to no operation
}

type operation struct {
	id         string
	line       int
	parameters []*parameter
	body       *body // nil when the operation takes none
	responses  map[int]*response
}

// compiler compiles each schema once, though most are used in many places.
type compiler struct {
	options *config.ValidationOptions
	done    map[uint64]*jsonschema.Schema
}

func compile(text []byte) (*compiled, error) {
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, err
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		return nil, err
	}
	m := &model.Model
	c := compiler{config.NewValidationOptions(config.WithFormatAssertions()), map[uint64]*jsonschema.Schema{}}
	all := &compiled{operations: map[string]*operation{}, unrouted: map[int]*response{}}
	for path, item := range m.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			o, err := c.operation(op)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			all.operations[o.id] = o
		}
	}
	for status, name := range map[int]string{404: "NotFound", 405: "MethodNotAllowed"} {
		if r, ok := m.Components.Responses.Get(name); ok {
			if all.unrouted[status], err = c.response(r); err != nil {
				return nil, fmt.Errorf("response %s: %w", name, err)
			}
		}
	}
	return all, nil
}

func (c compiler) operation(op *v3.Operation) (*operation, error) {
	o := &operation{id: op.OperationId, line: op.GoLow().RootNode.Line, responses: map[int]*response{}}
	for _, p := range op.Parameters {
		if _, made := p.Extensions.Get("x-parameter-pattern"); made {
			continue // checkQuery checks its members by openapi.Pattern
		}
		s, err := c.schema(p.Schema)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		required := p.Required != nil && *p.Required
		o.parameters = append(o.parameters,
			newParameter(s, p.Name, p.In, p.Description, required, p.Example, p.GoLow().RootNode.Line))
	}
	if b := op.RequestBody; b != nil {
		content, err := c.content(b.Content)
		if err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
		o.body = &body{content: content, required: b.Required != nil && *b.Required, line: b.GoLow().RootNode.Line}
	}
	for code, r := range op.Responses.Codes.FromOldest() {
		status, err := strconv.Atoi(code)
		if err != nil {
			return nil, err
		}
		if o.responses[status], err = c.response(r); err != nil {
			return nil, fmt.Errorf("response %s: %w", code, err)
		}
	}
	return o, nil
}

func (c compiler) response(r *v3.Response) (*response, error) {
	content, err := c.content(r.Content)
	if err != nil {
		return nil, err
	}
	out := &response{content: content, line: r.GoLow().RootNode.Line}
	if node, ok := r.Extensions.Get("x-undeclared-body"); ok {
		out.open = node.Value == "true"
	}
	for name, h := range r.Headers.FromOldest() {
		s, err := c.schema(h.Schema)
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", name, err)
		}
		out.headers = append(out.headers, newParameter(s, name, "header", h.Description, false, h.Example, s.line()))
	}
	return out, nil
}

func (c compiler) content(media *orderedmap.Map[string, *v3.MediaType]) (map[string]*schema, error) {
	out := map[string]*schema{}
	for kind, m := range media.FromOldest() {
		s, err := c.schema(m.Schema)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind, err)
		}
		out[kind] = s
	}
	return out, nil
}

func (c compiler) schema(proxy *base.SchemaProxy) (*schema, error) {
	model := proxy.Schema()
	if model == nil {
		return nil, errors.Join(errors.New("the schema cannot be read"), proxy.GetBuildError())
	}
	hash := model.GoLow().Hash()
	if c.done[hash] == nil {
		const version = 3.1
		done, err := schema_validation.CompileSchemaForValidation(
			model, schema_validation.SchemaValidationPurposeGeneric, c.options, version)
		if err != nil {
			return nil, err
		}
		c.done[hash] = done.CompiledSchema
	}
	return &schema{model, shapeOf(model), c.done[hash]}, nil
}

func newParameter(s *schema, name, in, text string, required bool, example *yaml.Node, line int) *parameter {
	p := &parameter{
		name: name, in: in, description: strings.TrimSpace(text), required: required, line: line,
		schema: s, format: s.model.Format,
	}
	if len(s.model.Type) > 0 {
		p.kind = s.model.Type[0]
	}
	values := s.model.Enum
	if items := s.items(); items != nil {
		p.format, values = items.Format, items.Enum
	}
	for _, node := range values {
		p.enum = append(p.enum, node.Value)
	}
	if example != nil {
		words := []string{example.Value}
		if example.Kind == yaml.SequenceNode {
			words = nil
			for _, node := range example.Content {
				words = append(words, node.Value)
			}
		}
		p.example = strings.Join(words, ",")
	}
	return p
}
