package cli

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shells maps the name of each shell to the function that writes its
// completion.
var shells = map[string]func(*cobra.Command, io.Writer) error{
	"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	"zsh":        (*cobra.Command).GenZshCompletion,
	"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
	"powershell": (*cobra.Command).GenPowerShellCompletionWithDesc,
}

func completionCommand(t Terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print the completion of commands, flags and values for a shell.",
		Long: `bash, with its package bash-completion: source <(mockdesk completion bash)

zsh: mockdesk completion zsh > "${fpath[1]}/_mockdesk"

fish: mockdesk completion fish > ~/.config/fish/completions/mockdesk.fish

PowerShell: mockdesk completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) != 1 || shells[args[0]] == nil {
				return usage("mockdesk completion bash", "completion takes one shell, of %s", strings.Join(c.ValidArgs, ", "))
			}
			return shells[args[0]](c.Root(), t.Stdout)
		},
	}
}

// offerValues makes completion offer the values that the types of flags list.
func offerValues(c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		value, _ := pflag.UnquoteUsage(f)
		if chosen, ok := f.Value.(*choice); ok {
			offer(c, f.Name, cobra.FixedCompletions(chosen.allowed, cobra.ShellCompDirectiveNoFileComp))
		} else if value == "file" {
			offer(c, f.Name, cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault))
		}
	})
}

// offer makes completion offer something for the value of a flag.
func offer(c *cobra.Command, flag string, what cobra.CompletionFunc) {
	_ = c.RegisterFlagCompletionFunc(flag, what) // it was declared before
}

// unquote removes the quotes around the names of values, which completion would
// show.
func unquote(root *cobra.Command) {
	for _, c := range root.Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) { _, f.Usage = pflag.UnquoteUsage(f) })
	}
}

// offerCommands offers the names of commands for the first argument.
func offerCommands(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, other := range c.Root().Commands() {
		if len(args) == 0 && other.IsAvailableCommand() {
			names = append(names, cobra.CompletionWithDesc(other.Name(), other.Short))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// offerReports offers FORMAT=FILE.
func offerReports(formats []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		format, file, named := strings.Cut(typed, "=")
		if !named { // github has no file
			return strings.Split(strings.Join(formats, "= "), " "), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		files, _ := filepath.Glob(file + "*") // fails where the name is a wrong pattern
		for i, file := range files {
			if info, err := os.Stat(file); err == nil && info.IsDir() {
				file += "/"
			}
			files[i] = format + "=" + file
		}
		return files, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// offerPrograms offers what exec can run, then files.
func offerPrograms(t Terminal) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 || strings.ContainsRune(typed, filepath.Separator) {
			return nil, cobra.ShellCompDirectiveDefault
		}
		var names []string
		path, _ := t.Env("PATH")
		for _, folder := range filepath.SplitList(path) {
			found, _ := filepath.Glob(filepath.Join(folder, typed+"*"))
			for _, file := range found {
				if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
					names = append(names, filepath.Base(file))
				}
			}
		}
		slices.Sort(names)
		return slices.Compact(names), cobra.ShellCompDirectiveDefault
	}
}
