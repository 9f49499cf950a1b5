package fault

import (
	"errors"
	"fmt"
	"slices"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/glob"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// Operation is an operation that rules may match.
type Operation struct {
	Service, ID, Method, Path string
}

// Scope is what the rules of a workspace can match.
type Scope struct {
	Operations []Operation
	// Most is how many rules a file may list; zero means any number.
	Most int
	// Key, when set, says why no request to the workspace can have the wanted
	// key.
	Key func(*Match) error
}

// Check says what is wrong with a rule: a bad value, no effect, or that no
// request can ever match it or make it fire.
func (s Scope) Check(r *Rule) error {
	return errors.Join(r.checkID(), s.reaches(&r.Match), r.When.check(), r.Then.check())
}

// reaches says what is wrong with a Match, or why no request can match.
func (s Scope) reaches(m *Match) error {
	if err := m.check(); err != nil {
		return err
	}
	if !slices.ContainsFunc(s.Operations, m.reaches) {
		meant, all := s.meant(m)
		return instead("match can never match: no operation has"+m.words(), meant, "operations", all)
	}
	if s.Key != nil {
		return s.Key(m)
	}
	return nil
}

// reaches reports whether some request to the operation can match.
func (m *Match) reaches(op Operation) bool {
	head := op.Method == "GET" && m.Method == "HEAD"
	kind := m.KeyKind == "" || slices.Contains(auth.Kinds(op.Service), m.KeyKind)
	body := m.Body == "" || op.Method == "POST"
	ticket := m.Ticket == "" || glob.Fits("/**/tickets/*/**", op.Path)
	return body && ticket && is(m.Service, op.Service) && is(m.Operation, op.ID) && (is(m.Method, op.Method) || head) && kind && (m.Path == "" || glob.Fits(m.Path, op.Path))
}

// meant guesses which word is wrong in a Match that no operation fits, and
// lists all operations.
func (s Scope) meant(m *Match) (word string, all []string) {
	var services, ids []string
	methods := []string{"HEAD"}
	for _, op := range s.Operations {
		services, ids, methods = append(services, op.Service), append(ids, op.ID), append(methods, op.Method)
		all = append(all, fmt.Sprintf("%s %s (%s %s)", op.Service, op.ID, op.Method, op.Path))
	}
	for _, part := range []struct {
		value string
		known []string
	}{{m.Operation, ids}, {m.Service, services}, {m.Method, methods}} {
		if part.value == "" || slices.Contains(part.known, part.value) {
			continue
		}
		if word = suggest.Word(part.value, part.known); word != "" {
			break
		}
	}
	return word, all
}
