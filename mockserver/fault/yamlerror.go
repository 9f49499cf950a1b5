package fault

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/strict"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// plain returns an error of the YAML library in words for the author of the
// text: each flaw with its line, which is at most last, without the names of Go
// types. The prefix follows the line.
func plain(prefix string, err error, last int) error {
	var several *yaml.LoadErrors
	if errors.As(err, &several) {
		flaws := make([]error, len(several.Errors))
		for i, e := range several.Errors {
			flaws[i] = plainOne(prefix, e, last)
		}
		return first(flaws)
	}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		return plainOne(prefix, one, last)
	}
	return errors.New(prefix + strings.TrimPrefix(err.Error(), "yaml: "))
}

func plainOne(prefix string, e *yaml.LoadError, last int) error {
	if e.Mark.Line != 0 {
		prefix = fmt.Sprintf("line %d: %s", min(e.Mark.Line, last), prefix)
	}
	message := strings.TrimPrefix(e.Message, "yaml: ")
	if found := unknownMember.FindStringSubmatch(message); found != nil {
		known := members(found[2])
		return instead(fmt.Sprintf("%sthere is no member %q", prefix, found[1]), suggest.Word(found[1], known), "members", known)
	}
	if found := misfit.FindStringSubmatch(message); found != nil {
		message = fmt.Sprintf("%s is not %s", spellNode(found[1], found[2]), spellType(found[3]))
	} else if hint.In(e) {
		return fmt.Errorf("%s%w", prefix, e.Unwrap())
	}
	return errors.New(prefix + message)
}

// instead says which known word was meant by an unknown one, or else lists all.
func instead(text, meant, what string, known []string) error {
	if meant != "" {
		return hint.Errorf("did you mean "+meant+"?", "%s", text)
	}
	return fmt.Errorf("%s; the %s are %s", text, what, strings.Join(known, ", "))
}

// How the library words the two flaws that name a Go type.
var (
	unknownMember = regexp.MustCompile(`^field (.*) not found in type (.*)$`)
	misfit        = regexp.MustCompile("(?s)^cannot construct !!(\\S+)(?: `(.*)`)? into (\\S+)")
)

// spellNode names what stands in the text.
func spellNode(tag, value string) string {
	switch tag {
	case "seq":
		return "a list"
	case "map":
		return "a mapping"
	}
	return fmt.Sprintf("%q", value)
}

// spellType says what is wanted instead.
func spellType(name string) string {
	switch name {
	case "int":
		return "a whole number"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "string":
		return "a text"
	case "map[string]string":
		return "a mapping of names to texts"
	case "fault.Duration":
		return "a duration, such as 30s"
	}
	if strings.HasPrefix(name, "[]") {
		return "a list"
	}
	return "a mapping with " + strings.Join(members(name), ", ")
}

// members lists the members that a mapping of the Go type may have; the type
// of a whole file has no name.
func members(name string) []string {
	if of := inside(reflect.TypeFor[Rule](), name); of != nil {
		return strict.Members(of, "yaml")
	}
	return []string{"faults"}
}

// inside finds a struct by its name: the given one, or the type of a field in
// it.
func inside(of reflect.Type, name string) reflect.Type {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch {
	case of.Kind() != reflect.Struct:
		return nil
	case of.String() == name:
		return of
	}
	for field := range of.Fields() {
		if found := inside(field.Type, name); found != nil {
			return found
		}
	}
	return nil
}
