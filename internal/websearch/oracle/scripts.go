//go:build unix

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// compareScripts shows for each script how many random texts have PostgreSQL's vector.
func compareScripts(c *cluster, n int, seed uint64, out io.Writer) error {
	names := slices.Sorted(maps.Keys(unicode.Scripts))
	all, equal := 0, 0
	for i, name := range names {
		g := newGenerator(seed, uint64(i))
		texts := make([]string, n)
		for i := range texts {
			texts[i] = g.inScript(unicode.Scripts[name])
		}
		vectors, err := ask[string](c, n, "select to_json(to_tsvector('english', s)::text) from docs order by i", table{"docs", texts})
		if err != nil {
			return err
		}
		var differences []difference
		for i, text := range texts {
			if ours := search.NewVector(text).String(); ours != vectors[i] {
				differences = append(differences, difference{"tsvector", text, vectors[i], ours})
			}
		}
		all, equal = all+n, equal+n-len(differences)
		if len(differences) > 0 {
			fmt.Fprintf(out, "%s: %d of %d differ\n", name, len(differences), n)
			show(out, differences[:1])
		}
	}
	fmt.Fprintf(out, "%d of %d texts in %d scripts agree\n", equal, all, len(names))
	return nil
}

// inScript returns a text of a script's characters, mixed with ASCII.
func (g *generator) inScript(script *unicode.RangeTable) string {
	var text []rune
	for range 3 + g.IntN(30) {
		if g.IntN(4) == 0 {
			text = append(text, []rune(g.scramble(1))...)
			continue
		}
		n := g.IntN(len(script.R16) + len(script.R32))
		if n < len(script.R16) {
			r := script.R16[n]
			text = append(text, rune(r.Lo)+rune(r.Stride)*rune(g.IntN(int((r.Hi-r.Lo)/r.Stride)+1)))
		} else {
			r := script.R32[n-len(script.R16)]
			text = append(text, rune(r.Lo)+rune(r.Stride)*rune(g.IntN(int((r.Hi-r.Lo)/r.Stride)+1)))
		}
	}
	return strings.ReplaceAll(string(text), "\x00", "") // which PostgreSQL cannot store
}
