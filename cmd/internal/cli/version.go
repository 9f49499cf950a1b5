package cli

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/spf13/pflag"
)

var versionCommand = command{
	name:    "version",
	summary: "Print the version.",
	setup: func(*pflag.FlagSet) func(context.Context, Terminal, []string) error {
		return func(_ context.Context, t Terminal, _ []string) error {
			_, err := fmt.Fprintln(t.Stdout, "mockdesk "+version())
			return err
		}
	},
}

// version returns what the build knows of its origin.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
