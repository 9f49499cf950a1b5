// Package junit turns test suites into the XML format of JUnit.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// Suite is a test suite. Write works out its counts and its time from the
// cases.
type Suite struct {
	Name       string
	Started    time.Time
	Properties []Property
	Cases      []Case
	Output     string // what is to be said of the whole suite
}

// Property is a fact about a suite.
type Property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Case is a test case: it passed, unless one of the reasons is there.
type Case struct {
	Name    string
	Class   string
	Took    time.Duration
	Skipped *Reason
	Error   *Reason
	Failure *Reason
}

// Reason says why a case did not pass.
type Reason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Write writes suites as one document.
func Write(w io.Writer, name string, took time.Duration, suites ...Suite) error {
	all := document{Name: name, Time: seconds(took)}
	for _, s := range suites {
		all.add(s)
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

type document struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Time     string   `xml:"time,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Timestamp  string     `xml:"timestamp,attr"`
	Hostname   string     `xml:"hostname,attr"`
	Properties []Property `xml:"properties>property"`
	Cases      []testcase `xml:"testcase"`
	Output     string     `xml:"system-out,omitempty"`
}

type testcase struct {
	Name    string  `xml:"name,attr"`
	Class   string  `xml:"classname,attr"`
	Time    string  `xml:"time,attr"`
	Skipped *Reason `xml:"skipped"`
	Error   *Reason `xml:"error"`
	Failure *Reason `xml:"failure"`
}

// add counts a suite.
func (all *document) add(s Suite) {
	out := suite{
		Name: s.Name, Tests: len(s.Cases), Timestamp: s.Started.UTC().Format("2006-01-02T15:04:05"), Hostname: "localhost",
		Properties: s.Properties, Output: s.Output,
	}
	var took time.Duration
	for _, c := range s.Cases {
		took += c.Took
		switch {
		case c.Failure != nil:
			out.Failures++
		case c.Error != nil:
			out.Errors++
		case c.Skipped != nil:
			out.Skipped++
		}
		out.Cases = append(out.Cases, testcase{c.Name, c.Class, seconds(c.Took), c.Skipped, c.Error, c.Failure})
	}
	out.Time = seconds(took)
	all.Tests += out.Tests
	all.Failures += out.Failures
	all.Errors += out.Errors
	all.Suites = append(all.Suites, out)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
