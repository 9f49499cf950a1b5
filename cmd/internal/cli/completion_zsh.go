package cli

import (
	"fmt"
	"io"
	"strings"
)

// zshText escapes what stands in a specification of _arguments or _describe,
// between single quotes.
var zshText = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`, "'", `'\''`)

// twiceRead escapes a word that a shell reads twice.
var twiceRead = strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`)

// writeZsh writes the completion of zsh.
func writeZsh(w io.Writer, commands []command) {
	fmt.Fprint(w, "#compdef mockdesk\n# Completion of mockdesk for zsh.\n_mockdesk() {\n\tlocal -a subcommands\n\tsubcommands=(\n")
	for _, c := range commands {
		fmt.Fprintf(w, "\t\t'%s:%s'\n", c.name, zshText.Replace(c.summary))
	}
	fmt.Fprint(w, `		'help:Describe the commands.'
	)
	if ((CURRENT == 2)); then
		_describe command subcommands
		return
	fi
	local name=$words[2]
	shift words
	((CURRENT--))
	case $name in
`)
	for _, c := range commands {
		fmt.Fprintf(w, "\t%s)\n\t\t_arguments -S", c.name)
		for _, o := range c.options() {
			fmt.Fprintf(w, " \\\n\t\t\t'%s'", o.zsh())
		}
		if len(c.offers) > 0 {
			fmt.Fprintf(w, " \\\n\t\t\t'1:%s:(%s)'", zshText.Replace(c.args), strings.Join(c.offers, " "))
		}
		if c.name == "exec" {
			fmt.Fprint(w, " \\\n\t\t\t'(-)1:command: _command_names -e' '*::argument: _normal'")
		}
		fmt.Fprint(w, "\n\t\t;;\n")
	}
	fmt.Fprint(w, `	esac
}
if [[ $funcstack[1] == _mockdesk ]]; then
	_mockdesk "$@"
else
	compdef _mockdesk mockdesk
fi
`)
}

// zsh returns the specification of a flag for _arguments.
func (o option) zsh() string {
	spec := "--" + o.Name
	if o.repeat {
		spec = "*" + spec
	}
	if o.value == "" {
		return spec + "[" + zshText.Replace(o.about) + "]"
	}
	var words []string
	for _, word := range o.words {
		words = append(words, twiceRead.Replace(word))
	}
	action := "(" + strings.Join(words, " ") + ")"
	switch {
	case len(words) == 0 && o.files:
		action = "_files"
	case len(words) == 0:
		action = ""
	case strings.HasSuffix(words[0], "="):
		action = `{if compset -P "*="; then _files; else compadd -S "" -- ` + strings.Join(words, " ") + "; fi}"
	case o.files:
		action = "{compadd -- " + strings.Join(words, " ") + "; _files}"
	}
	return spec + "=[" + zshText.Replace(o.about) + "]:" + zshText.Replace(o.value) + ":" + action
}
