package cli

import (
	"fmt"
	"io"
	"strings"
)

// fishText escapes what stands between single quotes.
var fishText = strings.NewReplacer(`\`, `\\`, "'", `\'`)

// writeFish writes the completion of fish.
func writeFish(w io.Writer, commands []command) {
	fmt.Fprint(w, "# Completion of mockdesk for fish.\ncomplete -c mockdesk -f\n")
	for _, c := range commands {
		fmt.Fprintf(w, "complete -c mockdesk -n __fish_use_subcommand -a %s -d '%s'\n", c.name, fishText.Replace(c.summary))
	}
	fmt.Fprint(w, "complete -c mockdesk -n __fish_use_subcommand -a help -d 'Describe the commands.'\n")
	for _, c := range commands {
		when := "complete -c mockdesk -n '__fish_seen_subcommand_from " + c.name + "'"
		for _, o := range c.options() {
			fmt.Fprintf(w, "%s -l %s -d '%s'%s\n", when, o.Name, fishText.Replace(o.about), o.fish())
		}
		if len(c.offers) > 0 {
			fmt.Fprintf(w, "%s -a '%s'\n", when, strings.Join(c.offers, " "))
		}
		if c.name == "exec" {
			fmt.Fprintf(w, "%s -a '(__fish_complete_subcommand --fcs-skip=3)'\n", when)
		}
	}
}

// fish returns what complete has to know of the value of a flag.
func (o option) fish() string {
	var how string
	switch {
	case o.value == "":
		return ""
	case o.files, len(o.words) > 0 && strings.HasSuffix(o.words[0], "="):
		how = " -r -F"
	default:
		how = " -x"
	}
	if len(o.words) > 0 {
		how += " -a '" + twiceRead.Replace(strings.Join(o.words, " ")) + "'"
	}
	return how
}
