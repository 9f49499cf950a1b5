package cli

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mockdesk/mockdesk/mockserver/auth"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/workspace"
)

// outcome is what came of exec.
type outcome struct {
	Command []string        `json:"command"`
	Code    int             `json:"exit_code"`
	Summary journal.Summary `json:"summary"`
	Faults  []fault.InForce `json:"faults"`
}

// newOutcome gathers what came of a command.
func newOutcome(args []string, code int, w *workspace.Workspace) outcome {
	return outcome{Command: args, Code: code, Summary: w.Journal.Summary(), Faults: w.Faults.List()}
}

// print tells a person.
func (o outcome) print(w io.Writer) {
	plural := "s"
	if o.Summary.Requests == 1 {
		plural = ""
	}
	fmt.Fprintf(w, "\nmockdesk: %d request%s\n", o.Summary.Requests, plural)
	for _, count := range o.Summary.Operations {
		operation := strings.TrimSpace(count.Service + " " + count.Operation)
		if operation == "" {
			operation = "(an address of neither service)"
		}
		fmt.Fprintf(w, "  %5d  %-32s %d\n", count.Count, operation, count.Status)
	}
	for _, f := range o.Faults {
		missed := ""
		if f.Missed > 0 {
			missed = ", and found nothing to break " + times(f.Missed)
		}
		fmt.Fprintf(w, "  fault %s (%s) fired %s%s\n", f.ID, f.Name, times(f.Fired), missed)
	}
	if len(o.Summary.Violations) == 0 {
		fmt.Fprintln(w, "No request broke the contract.")
		return
	}
	fmt.Fprintln(w, "Requests that broke the contract:")
	for _, group := range o.Summary.Violations {
		fmt.Fprintf(w, "  %s: %s\n    first by: %s %s\n    %s\n", times(int(group.Count)), group.Violation, group.First.Method, printable(group.First.URL), elsewhere(group.First))
	}
	if o.Summary.More > 0 {
		fmt.Fprintf(w, "  and %d violations of further kinds\n", o.Summary.More)
	}
}

// elsewhere returns the curl line of a request, to the address at which serve
// answers: the fake of exec is gone by then.
func elsewhere(e journal.Entry) string {
	return strings.Replace(e.Curl(), "//"+e.Host, "//"+defaultAddress, 1)
}

// printable returns an address without what would command a terminal.
func printable(address string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, address)
}

// times spells a count.
func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// keyVariables name the environment variables of the keys.
var keyVariables = map[string]map[auth.Kind]string{
	auth.InboxOps: {
		auth.ReadWrite: "MOCKDESK_KEY", auth.ReadOnly: "MOCKDESK_READONLY_KEY",
		auth.Revoked: "MOCKDESK_REVOKED_KEY", auth.Unentitled: "MOCKDESK_UNENTITLED_KEY",
	},
	auth.AppHandoff: {
		auth.Member: "MOCKDESK_APPHANDOFF_KEY", auth.Outsider: "MOCKDESK_OUTSIDER_KEY",
	},
}

// keyVariable returns the environment variable of a key, empty when it has
// none.
func keyVariable(key *auth.Key) string {
	return keyVariables[key.Service][key.Kind]
}

// reportWriter writes an outcome somewhere.
type reportWriter func(outcome) error

// parseReports reads --report json=FILE and junit=FILE.
func parseReports(specs []string) ([]reportWriter, error) {
	formats := map[string]func(outcome) ([]byte, error){
		"json":  func(o outcome) ([]byte, error) { return json.MarshalIndent(o, "", "  ") },
		"junit": outcome.junit,
	}
	var writers []reportWriter
	for _, spec := range specs {
		name, file, found := strings.Cut(spec, "=")
		format := formats[name]
		if !found || format == nil || file == "" {
			return nil, usage("--report junit=report.xml", "--report %q is not json=FILE or junit=FILE", spec)
		}
		if err := writable(name, file); err != nil {
			return nil, err
		}
		writers = append(writers, func(o outcome) error {
			text, err := format(o)
			if err != nil {
				return err
			}
			return os.WriteFile(file, append(text, '\n'), 0o644)
		})
	}
	return writers, nil
}

// junitSuite is a test suite in the common JUnit form.
type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

// junitCase is a test case; without a failure it passed.
type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure,omitempty"`
}

// junitFailure says why a case failed.
type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junit writes the outcome as a suite: the command is one case, each kind of
// violation another that failed.
func (o outcome) junit() ([]byte, error) {
	command := junitCase{Class: "mockdesk.exec", Name: strings.Join(o.Command, " ")}
	if o.Code != 0 {
		command.Failure = &junitFailure{Message: fmt.Sprintf("exit code %d", o.Code)}
	}
	suite := junitSuite{Name: "mockdesk exec", Cases: []junitCase{command}}
	for _, group := range o.Summary.Violations {
		suite.Cases = append(suite.Cases, junitCase{
			Class: "mockdesk.contract", Name: group.Rule + " " + group.Where,
			Failure: &junitFailure{Message: group.Violation.String(), Text: group.First.Curl()},
		})
	}
	for _, c := range suite.Cases {
		suite.Tests++
		if c.Failure != nil {
			suite.Failures++
		}
	}
	text, err := xml.MarshalIndent(suite, "", "  ")
	return append([]byte(xml.Header), text...), err
}
