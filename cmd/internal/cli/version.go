package cli

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func versionCommand(t Terminal) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version.",
		RunE:  func(_ *cobra.Command, args []string) error { return printVersion(t, args) },
	}
}

// printVersion prints the version; the command takes no arguments.
func printVersion(t Terminal, args []string) error {
	if len(args) > 0 {
		return usage("mockdesk version", "version takes no arguments, got %q", args[0])
	}
	_, err := fmt.Fprintln(t.Stdout, "mockdesk "+version())
	return err
}

// version returns the version that the build recorded.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// built returns the day of the commit that was built, empty when unknown.
func built() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return ""
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.time" {
			day, _, _ := strings.Cut(setting.Value, "T")
			return day
		}
	}
	return ""
}
