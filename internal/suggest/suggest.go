// Package suggest turns an unknown word into the known one that its writer most
// likely meant.
package suggest

import "strings"

// Word returns the known word that is nearest, empty when none is near: one
// that differs in case or separators only, or else by one or two edits, or else
// the only one that begins with the word.
func Word(word string, known []string) string {
	best, least := "", far
	for _, candidate := range known {
		if plain(word) == plain(candidate) {
			return candidate
		}
		if max(len(word)-len(candidate), len(candidate)-len(word)) >= far {
			continue // a client may send a word of any length
		}
		if d := Distance(word, candidate); d < least && d < len(candidate) {
			best, least = candidate, d
		}
	}
	if best == "" {
		return begun(word, known)
	}
	return best
}

// begun returns the only known word that begins with the word, which has three
// letters or more.
func begun(word string, known []string) string {
	found := ""
	for _, candidate := range known {
		if len(word) >= 3 && strings.HasPrefix(candidate, word) {
			if found != "" {
				return ""
			}
			found = candidate
		}
	}
	return found
}

// Hint asks whether the nearest known word was meant, or returns the other text
// when none is near.
func Hint(word string, known []string, otherwise string) string {
	if meant := Word(word, known); meant != "" {
		return "did you mean " + meant + "?"
	}
	return otherwise
}

// plain drops what naming conventions differ in: case, separators, brackets.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.[] ", r) {
			return -1
		}
		return r
	}, strings.ToLower(word))
}

// far is a distance at which a word cannot have been meant.
const far = 3

// Distance is the number of edits of single bytes between two words.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			substitute := diagonal
			if a[i-1] != b[j-1] {
				substitute++
			}
			diagonal = row[j]
			row[j] = min(substitute, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
