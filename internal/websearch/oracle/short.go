//go:build unix

package main

import (
	"fmt"
	"io"
	"strings"
)

// alphabets are sets of pieces. All short texts made of one set are compared,
// which covers cases that random texts hardly meet.
var alphabets = [][]string{
	strings.Split("a e 1 é . - _ / : @ + ~ < & \u0301", " "),
	{"a", "1", "bc", ".", "-", "_", "/", "@", ":", " ", "é"},
	{"1", "e", ".", "-", "+", "bc", "@", "_", "/", "x"},
	{"..", "/", "~", "a", ".", " ", "_", "\u3000", "\u00a0", "é"},
	{"<", ">", "a", "!", "-", "\"", "'", "/", " ", "?", "=", "!d", "?x", "1"},
	{"<a ", "\"", "'", "a", "\\", "<", ">", "é"},
	{"<", "a", ":", "_", "é", "\u0301", "\u3000", ">", " ", "#", "\\", "-", "/"},
	{"<script>", "</script>", "<style>", "a", " ", "<", "<b>", "&amp;", "-1", "<script/>", "<script ", "<!--", "-->"},
	{"&", "#", "x", "a", "g", "1", ";", "_", "-", ".", ":", "é"},
	{"ab.cd", "a", "1", "/", ":", "-", ".", "_", "é", " ", "?", "\"", "@", "<"},
	{"1e2", "a", "@", ".bc", "-", ".", "_", "1", "+3", "/x", ":80", "b@c.de", "1.5e3"},
	{"http://", "1e2", ".bc", "a.bc", "/d", "//", "1.2.3", "~", "-1", "<b>", "&lt;", ":", "é1", "@"},
	{"x-y", "-", "1", ".bc", "@", "/", "_", "é", "1e2", "://", "z", "+", "~/"},
	{"1", "é", "bc", "@", ".", "-", "_", "ab.cd", "e", "\u0301"},
	{"http", "://", "a", ":", "/", "é", ".", "1", "-", "ab.cd", "\u0301"},
	{"cat", "or", "-", "\"", " ", "the", ":", "!", "wi-fi", "'"},
	{"a", "or", "OR", "-", " ", "(", "|", "<", ")", "&", "*", ">", "\\", "é", "\u0301", "\u00a0"},
	{"a or", "b", "\t", "\u2028", "\u0301", "_", ".", "\"", "-", ":", "Ⓐ"},
}

// compareShort compares all texts of up to n pieces of one alphabet, as documents and as queries.
func compareShort(c *cluster, n int, out io.Writer) error {
	differ := 0
	for _, alphabet := range alphabets {
		texts := allTexts(alphabet, n)
		postgres, err := postgresTexts(c, texts, texts)
		if err != nil {
			return err
		}
		differences, compared := compare(texts, texts, postgres, ourTexts(texts, texts))
		fmt.Fprintf(out, "%q: %d answers compared, %d differ\n", alphabet, compared, len(differences))
		show(out, differences)
		differ += len(differences)
	}
	if differ > 0 {
		return fmt.Errorf("%d answers differ", differ)
	}
	return nil
}

// allTexts returns all texts of one to n pieces.
func allTexts(alphabet []string, n int) []string {
	var all []string
	longest := []string{""}
	for range n {
		var longer []string
		for _, text := range longest {
			for _, piece := range alphabet {
				longer = append(longer, text+piece)
			}
		}
		all = append(all, longer...)
		longest = longer
	}
	return all
}
