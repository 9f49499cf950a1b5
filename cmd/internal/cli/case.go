package cli

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// largeCase is the size of files above which reading them takes long enough to say
// so, in bytes.
const largeCase = 5_000_000

// loadCases reads the files that say what a world has.
func loadCases(t Terminal, names []string) (casefile.Case, error) {
	size := 0
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			size += int(info.Size())
		}
	}
	if size > largeCase {
		if show := progress(t, "reading "+strings.Join(names, ", "), size, ""); show != nil {
			show(1)
			defer show(size)
		}
	}
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
