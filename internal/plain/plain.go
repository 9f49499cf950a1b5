// Package plain makes foreign text harmless: it cannot control the terminal
// that shows it, the order in which its letters are read, or the CI in whose
// log it ends up. It also breaks lines to a width.
package plain

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Text escapes every character that cannot be seen as JSON would, such as
// \u001b: control characters, those that change the direction of writing or
// take no room, and those without a meaning. It also escapes the first
// character of a command to a CI. Line breaks and tabs stay. JSON stays JSON
// with the same meaning.
func Text(s string) string { return harmless(escape(s, "\n\t")) }

// Line is Text on one line: line breaks and tabs are written out, too.
func Line(s string) string { return harmless(escape(s, "")) }

// commands matches what GitHub Actions, Azure Pipelines and TeamCity obey in a
// log.
var commands = regexp.MustCompile(`(?m)^[ \t]*::|##(\[|vso\[|teamcity\[)`)

var firsts = strings.NewReplacer("::", `\u003a:`, "##", `\u0023#`)

// harmless breaks commands to a CI.
func harmless(s string) string { return commands.ReplaceAllStringFunc(s, firsts.Replace) }

// escape escapes characters that cannot be seen and are not in keep.
func escape(s, keep string) string {
	var b strings.Builder
	for _, r := range s { // a byte that is not UTF-8 becomes U+FFFD
		switch {
		case unicode.IsGraphic(r) || strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
