package cli

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// largeWorld is the number of tickets above which making them takes long
// enough to show how far it is.
const largeWorld = 50_000

// progress returns a function that shows on a terminal how many of most tickets
// or bytes are done. When all are, it shows then, unless that is empty. It
// returns nil where nothing is to be shown.
func progress(t Terminal, what string, most int, then string) func(made int) {
	file, ok := t.Stderr.(*os.File)
	if !ok || most <= largeWorld || !term.IsTerminal(int(file.Fd())) {
		return nil
	}
	bar := progressbar.NewOptions(most,
		progressbar.OptionSetWriter(file),
		progressbar.OptionSetDescription(what),
		progressbar.OptionClearOnFinish(),
	)
	return func(made int) {
		if made > int(bar.State().CurrentNum) { // the goroutines report out of order
			_ = bar.Set(made) // a terminal that has gone needs no progress
		}
		if made >= most && then != "" {
			fmt.Fprint(file, "\r", then, "\r") // overwritten by the next line
		}
	}
}
