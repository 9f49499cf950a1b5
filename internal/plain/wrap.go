package plain

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks the lines of a text at blanks so that none has more columns than
// the width, where that is possible. Text after a break is indented by indent
// columns more than its line. A width of 0 leaves the text as it is.
func Wrap(text string, width, indent int) string {
	if width <= 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = wrapLine(line, width, indent)
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width, indent int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	body := strings.TrimLeft(line, " ")
	margin := line[:len(line)-len(body)]
	var b strings.Builder
	used := len(margin)
	b.WriteString(margin)
	for i, word := range strings.Split(body, " ") {
		switch size := utf8.RuneCountInString(word); {
		case i == 0:
			used += size
		case used+1+size <= width:
			b.WriteString(" ")
			used += 1 + size
		default:
			next := margin + strings.Repeat(" ", indent)
			b.WriteString("\n" + next)
			used = len(next) + size
		}
		b.WriteString(word)
	}
	return b.String()
}
