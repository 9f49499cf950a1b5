package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/conformance/scenario"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Output     string          `xml:"system-out,omitempty"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	Skipped *junitReason `xml:"skipped"`
	Error   *junitReason `xml:"error"`
	Failure *junitReason `xml:"failure"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit writes a test suite for each group of clauses and a test case for each
// clause. A run that could not judge, or not to its end, is an error of a suite
// of its own.
func JUnit(w io.Writer, r conformance.Report) error {
	r = plainly(r)
	all := junitSuites{Name: "mockdesk check", Time: seconds(r.Duration)}
	for _, s := range sections(r) {
		all.add(junitOf(s, r))
	}
	if unjudged := r.Unjudged(); unjudged != "" {
		all.add(junitSuite{
			Name: "run", Tests: 1, Errors: 1, Time: seconds(0), Timestamp: stamp(r), Hostname: "localhost",
			Cases: []junitCase{{Name: "judges the target to the end", Class: "mockdesk.run", Time: seconds(0), Error: &junitReason{Message: unjudged}}},
		})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (all *junitSuites) add(s junitSuite) {
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.Suites = append(all.Suites, s)
}

// junitOf is the suite of a section.
func junitOf(s section, r conformance.Report) junitSuite {
	suite := junitSuite{
		Name: s.Title, Tests: len(s.Results), Timestamp: stamp(r), Hostname: "localhost",
		Properties: []junitProperty{{"target", r.Target}, {"level", string(r.Level)}},
	}
	var took time.Duration
	for _, result := range s.Results {
		took += result.Duration
		c := junitCase{Name: result.Clause.ID + " " + result.Clause.Words, Class: "mockdesk." + s.Name, Time: seconds(result.Duration)}
		switch {
		case result.Unexpected():
			suite.Failures++
			c.Failure = &junitReason{Message: firstWords(result), Type: string(result.Outcome), Text: details(result)}
		case result.Missed():
			suite.Failures++
			c.Failure = &junitReason{Message: "required but not judged: " + why(result), Type: string(result.Outcome)}
		case result.Outcome == scenario.Error:
			suite.Errors++
			c.Error = &junitReason{Message: result.Reason, Type: "error", Text: details(result)}
		case result.Outcome == scenario.Fail:
			suite.Skipped++
			c.Skipped = &junitReason{Message: "known failure"}
		case result.Outcome != scenario.Pass:
			suite.Skipped++
			c.Skipped = &junitReason{Message: why(result)}
		}
		suite.Cases = append(suite.Cases, c)
	}
	for _, g := range r.Gaps() {
		if g.Group == s.Title {
			suite.Output = notJudged(g)
		}
	}
	suite.Time = seconds(took)
	return suite
}

// firstWords says a failure in one line.
func firstWords(r conformance.Result) string {
	if len(r.Failures) == 0 {
		return why(r)
	}
	var parts []string
	for _, l := range lines(r.Failures[0]) {
		parts = append(parts, l[0]+" "+l[1])
	}
	return strings.Join(parts, ", ")
}

// details says all of a failure in plain lines.
func details(r conformance.Result) string {
	var b strings.Builder
	for _, block := range blocks(r.Failures) {
		for _, l := range block {
			fmt.Fprintf(&b, "%-9s %s\n", l[0], l[1])
		}
	}
	fmt.Fprintf(&b, "%-9s %s\n", "source", r.Clause.Page)
	if r.Curl != "" {
		fmt.Fprintf(&b, "%-9s %s\n", "try", r.Curl)
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func stamp(r conformance.Report) string { return r.Started.UTC().Format("2006-01-02T15:04:05") }
