package cli

import (
	"errors"
	"io/fs"

	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// loadCases reads the files that say what a world has.
func loadCases(names []string) (casefile.Case, error) {
	arranged, err := casefile.Load(names...)
	var missing *fs.PathError
	if errors.As(err, &missing) {
		return arranged, usage("--case FILE names a file such as docs/case.md shows", "cannot read the case: %w", err)
	}
	if err != nil {
		return arranged, usage("", "%w", err)
	}
	return arranged, nil
}
