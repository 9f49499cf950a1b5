//go:build unix

package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/search"
	"github.com/mockdesk/mockdesk/internal/fake/search/parser"
)

// answers are what one side says about documents and queries.
type answers struct {
	tokens  []string // of each document: kind and text, without blanks
	vectors []string // of each document
	queries []string // of each query
	matches [][]int  // of each query: the documents
}

// postgresTexts asks the server about documents and queries that are not matched.
func postgresTexts(c *cluster, documents, queries []string) (a answers, err error) {
	docs := table{"docs", documents}
	if a.tokens, err = ask[string](c, len(documents), `
		select to_json(coalesce((select string_agg(tokid || ':' || token, ' ')
			from ts_parse('default', s) where tokid <> 12), '')) from docs order by i`, docs); err != nil {
		return a, err
	}
	if a.vectors, err = ask[string](c, len(documents), `
		select to_json(to_tsvector('english', s)::text) from docs order by i`, docs); err != nil {
		return a, err
	}
	a.queries, err = ask[string](c, len(queries), `
		select to_json(websearch_to_tsquery('english', s)::text) from queries order by i`, table{"queries", queries})
	return a, err
}

// postgresAnswers asks the server.
func postgresAnswers(c *cluster, documents, queries []string) (answers, error) {
	a, err := postgresTexts(c, documents, queries)
	if err != nil {
		return a, err
	}
	a.matches, err = ask[[]int](c, len(queries), `
		create temp table vectors as select i, to_tsvector('english', s) v from docs;
		create temp table parsed as select i, websearch_to_tsquery('english', s) q from queries;
		select coalesce((select json_agg(i order by i) from vectors where v @@ q), '[]') from parsed order by i`, table{"docs", documents}, table{"queries", queries})
	return a, err
}

// ourTexts asks package search about documents and queries that are not matched.
func ourTexts(documents, queries []string) answers {
	var a answers
	for _, text := range documents {
		a.vectors = append(a.vectors, search.NewVector(text).String())
		a.tokens = append(a.tokens, tokens(text))
	}
	for _, s := range queries {
		a.queries = append(a.queries, search.ParseQuery(s).String())
	}
	return a
}

// ourAnswers asks package search, and its index too.
func ourAnswers(documents, queries []string) (answers, error) {
	a := ourTexts(documents, queries)
	vectors := make([]search.Vector, len(documents))
	for i, text := range documents {
		vectors[i] = search.NewVector(text)
	}
	text := func(doc uint32) string { return documents[doc] }
	index := search.Build(len(documents), 2, text)
	for _, s := range queries {
		q := search.ParseQuery(s)
		matches := []int{}
		for i, v := range vectors {
			if q.Match(v) {
				matches = append(matches, i)
			}
		}
		if found := index.Search(q, text); fmt.Sprint(found) != fmt.Sprint(matches) {
			return a, fmt.Errorf("query %q: Index.Search finds %d, Query.Match %d", s, found, matches)
		}
		a.matches = append(a.matches, matches)
	}
	return a, nil
}

func tokens(text string) string {
	var list []string
	s := parser.NewScanner(text)
	for t, ok := s.Next(); ok; t, ok = s.Next() {
		if t.Kind != parser.Blank {
			list = append(list, strconv.Itoa(int(t.Kind))+":"+text[t.Start:t.End])
		}
	}
	return strings.Join(list, " ")
}

// difference is something about which the two sides disagree.
type difference struct {
	what, input, postgres, ours string
}

// compare returns all differences, and the number of answers compared.
func compare(documents, queries []string, postgres, ours answers) (differences []difference, compared int) {
	add := func(what, input string, p, o any) {
		compared++
		if ps, os := fmt.Sprint(p), fmt.Sprint(o); ps != os {
			differences = append(differences, difference{what, input, ps, os})
		}
	}
	for i, d := range documents {
		add("tokens", d, postgres.tokens[i], ours.tokens[i])
		add("tsvector", d, postgres.vectors[i], ours.vectors[i])
	}
	for i, q := range queries {
		add("tsquery", q, postgres.queries[i], ours.queries[i])
	}
	for i, matches := range postgres.matches {
		add("matches", queries[i], matches, ours.matches[i])
		compared += len(documents) - 1
	}
	return differences, compared
}
