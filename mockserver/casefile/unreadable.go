package casefile

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/document"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// rewritten is an error in other words.
type rewritten struct {
	text string
	err  error
}

// Error returns the words.
func (r rewritten) Error() string { return r.text }

// Unwrap returns the error, which may have a hint.
func (r rewritten) Unwrap() error { return r.err }

// yamlPlace is how the YAML library says where something is.
var yamlPlace = regexp.MustCompile(`(?s)^(?:yaml: )?(?:\w+ error: |load errors?:\s+)?(?:(?:at )?line (\d+)(?:, column (\d+))?: )?(.*)$`)

// unreadable says why a text is not a document.
func unreadable(name string, err error, text []byte) error {
	var flaw *document.Flaw
	if errors.As(err, &flaw) {
		return rewritten{fmt.Sprintf("%s: %v", name, flaw), err}
	}
	if errors.Is(err, document.ErrExpanded) {
		return hint.Errorf("write them out", "%s: line 1, column 1: %w", name, err)
	}
	if strings.Contains(err.Error(), "no documents") {
		return hint.Errorf("{} is a case that says nothing", "%s: line 1, column 1: there is nothing in it", name)
	}
	const instead = "a case is YAML or JSON, such as inboxops: {tickets: [{name: stuck}]}"
	line, column, words := 1, 1, err.Error()
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	if errors.As(err, &several) && len(several.Errors) > 0 {
		one = several.Errors[0]
	}
	if one != nil || errors.As(err, &one) {
		line, column, words = max(1, one.Mark.Line), max(1, one.Mark.Column), one.Message
	} else if found := yamlPlace.FindStringSubmatch(words); found[1] != "" {
		line, _ = strconv.Atoi(found[1])
		words = found[3]
	}
	words = strings.TrimPrefix(words, "yaml: ")
	lines := 1 + strings.Count(strings.TrimRight(string(text), "\r\n"), "\n")
	return hint.Errorf(instead, "%s: line %d, column %d: %s", name, min(line, lines), column, words)
}
