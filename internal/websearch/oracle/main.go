//go:build unix

// Command oracle compares package search with a PostgreSQL server and turns the server's answers into test vectors.
//
// It starts a server of its own in a temporary directory and stops it again.
//
//	oracle -write testdata/websearch     write the vectors that package search's tests read
//	oracle -live 10 -seed 1              compare 10 rounds of random documents and queries
//	oracle -short 4                      compare all texts of up to 4 pieces of some small alphabets
//	oracle -scripts 1000                 show how far texts in other scripts agree
//	oracle -classes ranges.go            write the parser's table of characters
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// An interrupt ends the questions, so that the server is stopped like after an error.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("oracle", flag.ContinueOnError)
	write := flags.String("write", "", "write the vectors to `directory`")
	classes := flags.String("classes", "", "write the parser's table of characters to `file`")
	live := flags.Int("live", 0, "compare `rounds` of random documents and queries")
	short := flags.Int("short", 0, "compare all texts of up to `n` pieces")
	scripts := flags.Int("scripts", 0, "compare this `number` of random texts for each script")
	seed := flags.Uint64("seed", 1, "`seed` of what is random")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *write == "" && *classes == "" && *live <= 0 && *short <= 0 && *scripts <= 0 {
		return errors.New("nothing to do\nhint: oracle -live 10, or oracle -write testdata/websearch")
	}
	c, err := startCluster(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	if *classes != "" {
		if err := writeClasses(c, *classes); err != nil {
			return err
		}
	}
	if *write != "" {
		if err := writeVectors(c, *write, out); err != nil {
			return err
		}
	}
	if *short > 0 {
		if err := compareShort(c, *short, out); err != nil {
			return err
		}
	}
	if *scripts > 0 {
		if err := compareScripts(c, *scripts, *seed, out); err != nil {
			return err
		}
	}
	return compareLive(c, *live, *seed, out)
}

// compareLive compares rounds of random documents and queries.
func compareLive(c *cluster, rounds int, seed uint64, out io.Writer) error {
	differ := 0
	for round := range rounds {
		g := newGenerator(seed, uint64(round))
		documents, queries := g.documents(2000), g.queries(500)
		postgres, err := postgresAnswers(c, documents, queries)
		if err != nil {
			return err
		}
		ours, err := ourAnswers(documents, queries)
		if err != nil {
			return err
		}
		differences, compared := compare(documents, queries, postgres, ours)
		fmt.Fprintf(out, "seed %d round %d: %d answers compared, %d differ\n", seed, round, compared, len(differences))
		show(out, differences)
		differ += len(differences)
	}
	if differ > 0 {
		return fmt.Errorf("%d answers differ", differ)
	}
	return nil
}

// show prints the first differences.
func show(out io.Writer, differences []difference) {
	for _, d := range differences[:min(len(differences), 10)] {
		fmt.Fprintf(out, "%s of %q\n\tPostgreSQL %.1000s\n\tours       %.1000s\n", d.what, d.input, d.postgres, d.ours)
	}
}
