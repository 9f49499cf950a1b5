package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// anyFile stands among the words that completion offers for names of files.
const anyFile = "FILE"

// offered is the annotation of a flag that lists the words for its value. A
// word that ends with = goes on with the name of a file.
const offered = "offered"

// shells write the completion of a shell.
var shells = map[string]func(io.Writer, []command){"bash": writeBash, "zsh": writeZsh, "fish": writeFish}

// completionCommand returns the command; it is no variable because it reads
// the list of commands that it stands in.
func completionCommand() command {
	return command{
		name:    "completion",
		args:    "bash|zsh|fish",
		summary: "Print the completion of commands, flags and values for a shell.",
		about: `bash: source <(mockdesk completion bash)

zsh: mockdesk completion zsh > "${fpath[1]}/_mockdesk"

fish: mockdesk completion fish > ~/.config/fish/completions/mockdesk.fish`,
		offers: []string{"bash", "zsh", "fish"},
		setup: func(*pflag.FlagSet) func(context.Context, Terminal, []string) error {
			return func(_ context.Context, t Terminal, args []string) error {
				if len(args) != 1 || shells[args[0]] == nil {
					return usage("mockdesk completion bash", "completion takes one shell, of bash, zsh, fish")
				}
				var script strings.Builder
				shells[args[0]](&script, commands())
				_, err := io.WriteString(t.Stdout, script.String())
				return err
			}
		},
	}
}

// offer makes completion offer words for the value of a flag.
func offer(flags *pflag.FlagSet, name string, words ...string) {
	_ = flags.SetAnnotation(name, offered, words) // it was declared before
}

// flagSet returns the flags of a command, and what runs once they are parsed.
func (c command) flagSet() (*pflag.FlagSet, func(context.Context, Terminal, []string) error) {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SortFlags = false
	flags.SetInterspersed(true)
	return flags, c.setup(flags)
}

// option is a flag as shells and manual pages see it.
type option struct {
	*pflag.Flag
	value  string // what help calls its value; empty when it takes none
	about  string
	words  []string // for its value
	files  bool     // its value may be the name of a file
	repeat bool
}

// options returns the flags of a command and --help.
func (c command) options() []option {
	flags, _ := c.flagSet()
	flags.Bool("help", false, "describe the command and its flags")
	var all []option
	flags.VisitAll(func(f *pflag.Flag) {
		o := option{Flag: f, words: slices.Clone(f.Annotations[offered])}
		o.value, o.about = pflag.UnquoteUsage(f)
		if chosen, ok := f.Value.(*choice); ok {
			o.words = chosen.allowed
		}
		if o.value == "file" || slices.Contains(o.words, anyFile) {
			o.files = true
			o.words = slices.DeleteFunc(o.words, func(w string) bool { return w == anyFile })
		}
		_, o.repeat = f.Value.(pflag.SliceValue)
		all = append(all, o)
	})
	return all
}

// names returns the names of commands.
func names(commands []command) []string {
	var all []string
	for _, c := range commands {
		all = append(all, c.name)
	}
	return all
}

// writeBash writes the completion of bash. bash takes = for a word of its own.
func writeBash(w io.Writer, commands []command) {
	fmt.Fprintf(w, `# Completion of mockdesk for bash 4.2 and newer.
_mockdesk() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words= files=
	COMPREPLY=()
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	case $COMP_CWORD:${COMP_WORDS[1]}:$prev in
	1:*) words='%s help' ;;
	*:exec:--) mapfile -t COMPREPLY < <(compgen -c -- "$cur"); return ;;
`, strings.Join(names(commands), " "))
	for _, c := range commands {
		c.writeBash(w)
	}
	fmt.Fprint(w, `	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	if [[ $files ]]; then
		compopt -o filenames
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$cur")
		return
	fi
	[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
	COMPREPLY=("${COMPREPLY[@]//\*/\\*}") # a pattern is not for the shell
}
complete -F _mockdesk mockdesk
`)
}

// writeBash writes the cases of a command.
func (c command) writeBash(w io.Writer) {
	var flags []string
	for _, o := range c.options() {
		flags = append(flags, "--"+o.Name)
		if o.value == "" {
			continue
		}
		files := "files="
		if o.files {
			files = "files=1"
		}
		fmt.Fprintf(w, "\t*:%s:--%s) words='%s' %s ;;\n", c.name, o.Name, strings.Join(o.words, " "), files)
		for _, word := range o.words {
			if before, ok := strings.CutSuffix(word, "="); ok {
				fmt.Fprintf(w, "\t*:%s:%s) files=1 ;;\n", c.name, before)
			}
		}
	}
	words := c.offers
	if len(words) == 0 {
		words = flags
	}
	fmt.Fprintf(w, "\t*:%s:*) words='%s'; [[ $cur == -* ]] && words='%s' ;;\n", c.name, strings.Join(words, " "), strings.Join(flags, " "))
}
