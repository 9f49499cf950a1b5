// Command mockdesk turns the contracts of InboxOps and AppHandoff into a fake
// that answers and a judge that checks.
package main

import (
	"io"
	"log"
	"os"

	"github.com/mockdesk/mockdesk/cmd/internal/cli"
)

func main() {
	log.SetOutput(io.Discard) // net/http logs there what a server sends unasked, which may hold a key
	ctx, stop := cli.Interruptible()
	code := cli.Run(ctx, cli.Terminal{
		Args: os.Args[1:], Env: os.LookupEnv, Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	stop()
	os.Exit(code)
}
