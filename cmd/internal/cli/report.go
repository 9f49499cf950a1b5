package cli

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/conformance/report"
)

// reportFiles reads --report FORMAT=FILE, and FORMAT alone for standard
// output, which toStdout says. Each file can be written.
func reportFiles(specs []string, stdout io.Writer) (writers []func(conformance.Report) error, toStdout bool, err error) {
	for _, spec := range specs {
		name, path, toFile := strings.Cut(spec, "=")
		format, err := report.Format(name)
		if err != nil {
			return nil, false, usage("--report html=report.html", "--report %s: %w", spec, err)
		}
		if !toFile {
			toStdout = true
			writers = append(writers, func(r conformance.Report) error { return format(stdout, r) })
			continue
		}
		if err := writable(name, path); err != nil {
			return nil, false, err
		}
		writers = append(writers, func(r conformance.Report) error {
			file, err := os.Create(path)
			if err != nil {
				return err
			}
			return errors.Join(format(file, r), file.Close())
		})
	}
	return writers, toStdout, nil
}

// writable finds out before a run whether the file of a report can be written,
// and leaves it as it was.
func writable(format, path string) error {
	hint := "--report " + format + "=FILE, in a folder that exists"
	if path == "" {
		return usage(hint, "--report %s= names no file", format)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil // a pipe or a device, whose reader would take an open for a report
	}
	_, missing := os.Lstat(path)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return usage(hint, "cannot write a report: %w", err)
	}
	err = file.Close()
	if missing != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
