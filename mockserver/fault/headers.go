package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Headers adds headers to the answer and removes others.
type Headers struct {
	Set    map[string]string `json:"set,omitempty" yaml:"set,omitempty"`
	Remove []string          `json:"remove,omitempty" yaml:"remove,omitempty"`
}

// apply changes the headers of the answer.
func (h *Headers) apply(a *Answer) {
	for _, name := range h.Remove {
		a.Header.Del(name)
	}
	for name, value := range h.Set {
		a.Header.Set(name, value)
	}
}

// check says what is wrong with the headers.
func (h *Headers) check() error {
	if len(h.Set) == 0 && len(h.Remove) == 0 {
		return errors.New("headers needs set or remove")
	}
	for name, value := range h.Set {
		if name == "" || strings.ContainsAny(name, " :\r\n") || strings.ContainsAny(value, "\r\n") {
			return fmt.Errorf("header %q: %q cannot be sent", name, value)
		}
	}
	return nil
}
