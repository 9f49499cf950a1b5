// Command tested turns the logs of the last .ci/run into the README's table
// of what was tested, how, and with what result.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	logs := flag.String("logs", "bin/ci", "the folder with a log of each stage")
	readme := flag.String("readme", "README.md", "the file to write the table into")
	flag.Parse()
	if err := run(*logs, *readme); err != nil {
		fmt.Fprintln(os.Stderr, "tested:", err)
		os.Exit(1)
	}
}

// The lines of the README between which the table stands.
const (
	begin = "<!-- tested: written by make tested -->\n"
	end   = "<!-- /tested -->\n"
)

// run replaces the table of the README.
func run(logs, readme string) error {
	table := []byte("| what | how | result |\n|---|---|---|\n")
	for _, s := range stages {
		log, err := os.ReadFile(filepath.Join(logs, s.name+".log"))
		if err != nil {
			return fmt.Errorf("%w; .ci/run writes it", err)
		}
		result, err := s.result(string(log))
		if err != nil {
			return fmt.Errorf("stage %s: %w", s.name, err)
		}
		table = fmt.Appendf(table, "| %s | `make %s` | %s |\n", s.what, s.name, result)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	before, rest, found := bytes.Cut(text, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !found || !closed {
		return fmt.Errorf("%s has no place for the table: put %q and %q into it", readme, begin, end)
	}
	return os.WriteFile(readme, bytes.Join([][]byte{before, []byte(begin), table, []byte(end), after}, nil), 0o644)
}
