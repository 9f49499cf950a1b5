//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
)

// table is a column of texts for the server: s, numbered from 0 in i.
type table struct {
	name  string
	texts []string
}

// ask copies tables to the server and returns the answers to a query whose
// only column is JSON, one answer a row. It is an error unless there are want rows,
// or any rows when want is negative.
func ask[T any](c *cluster, want int, query string, tables ...table) ([]T, error) {
	var script strings.Builder
	script.WriteString("set client_min_messages = error;\n")
	for _, t := range tables {
		writeTable(&script, t)
	}
	script.WriteString(query + ";\n")
	out, err := c.psql(script.String())
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n"))
	if len(lines) != want && (want >= 0 || len(out) == 0) {
		return nil, fmt.Errorf("want %d answers, got %d, to %s", want, len(lines), query)
	}
	answers := make([]T, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal(line, &answers[i]); err != nil {
			return nil, fmt.Errorf("answer %d to %s: %w: %s", i, query, err, line)
		}
	}
	return answers, nil
}

var copyEscapes = strings.NewReplacer("\\", `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func writeTable(script *strings.Builder, t table) {
	fmt.Fprintf(script, "create temp table %s (i int generated always as identity (start 0 minvalue 0), s text);\n", t.name)
	fmt.Fprintf(script, "copy %s (s) from stdin;\n", t.name)
	for _, s := range t.texts {
		copyEscapes.WriteString(script, s)
		script.WriteByte('\n')
	}
	script.WriteString("\\.\n")
}

// psql runs a script and returns what it printed.
func (c *cluster) psql(script string) ([]byte, error) {
	cmd := exec.CommandContext(c.ctx, "psql", "-h", c.dir, "-p", "5432", "-U", "postgres", "-X", "-qAt", "-v", "ON_ERROR_STOP=1")
	cmd.Stdin = strings.NewReader("\\encoding UTF8\n" + script)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("psql: %w\n%s", err, problems.Bytes())
	}
	return out.Bytes(), nil
}
