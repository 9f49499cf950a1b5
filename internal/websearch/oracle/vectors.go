//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// document and query are the lines of the vectors' two files.
type document struct {
	Text   string `json:"text"`
	Vector string `json:"vector"`
}

// query lists the documents that match, or those that do not when they are fewer.
type query struct {
	Text    string `json:"text"`
	Query   string `json:"query"`
	Matches []int  `json:"matches,omitzero"`
	Others  []int  `json:"others,omitzero"`
}

// writeVectors writes documents.jsonl and queries.jsonl with PostgreSQL's answers, and version.txt with its version and locale.
func writeVectors(c *cluster, dir string, out io.Writer) error {
	g := newGenerator(1, 0)
	documents := append(pickedDocuments(), g.documents(3000)...)
	queries := append(pickedQueries(), g.queries(2000)...)
	a, err := postgresAnswers(c, documents, queries)
	if err != nil {
		return err
	}
	var docs, qs bytes.Buffer
	for i, text := range documents {
		if err := appendLine(&docs, document{text, a.vectors[i]}); err != nil {
			return err
		}
	}
	for i, text := range queries {
		q := query{Text: text, Query: a.queries[i], Matches: a.matches[i]}
		if len(q.Matches) > len(documents)/2 {
			q.Matches, q.Others = nil, others(q.Matches, len(documents))
		}
		if err := appendLine(&qs, q); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	version, err := c.psql("select version();\nshow lc_ctype;\n")
	if err != nil {
		return err
	}
	for name, b := range map[string][]byte{"documents.jsonl": docs.Bytes(), "queries.jsonl": qs.Bytes(), "version.txt": version} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s: %d documents, %d queries, %d bytes\n", dir, len(documents), len(queries), docs.Len()+qs.Len())
	return nil
}

func appendLine(b *bytes.Buffer, line any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(line)
}

// others returns the numbers below n that are not in the ascending list.
func others(list []int, n int) []int {
	rest := []int{}
	for i := range n {
		if len(list) > 0 && list[0] == i {
			list = list[1:]
			continue
		}
		rest = append(rest, i)
	}
	return rest
}
