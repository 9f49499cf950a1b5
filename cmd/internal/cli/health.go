package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// healthPath is where a mockdesk server says that it is ready.
const healthPath = "/_mockdesk/healthz"

func healthCommand(t Terminal) *cobra.Command {
	client := &clientFlags{}
	c := &cobra.Command{
		Use:   "health [flags] URL",
		Short: "Ask a mockdesk server whether it answers.",
		Long: `It asks once. Exit code 0: it answers; 1: it does not; 2: a wrong call.
For images that have no curl.`,
	}
	timeout := c.Flags().Duration("timeout", 2*time.Second, "how long to wait for the answer")
	client.declare(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		client.warn(t)
		url, err := oneURL("health", args)
		if err == nil {
			err = mustTake("2s", *timeout)
		}
		if err != nil {
			return err
		}
		if err := client.healthy(c.Context(), url, *timeout); err != nil {
			return failAs(err, exitRun, target.Hint(err), url+" does not answer")
		}
		_, err = fmt.Fprintln(t.Stdout, "ok")
		return err
	}
	return c
}

// healthy asks once. It reads the body, because many servers answer any path
// with 200 and a page.
func (f *clientFlags) healthy(ctx context.Context, url string, within time.Duration) error {
	body, err := f.fetch(ctx, url+healthPath, within)
	if err != nil {
		return err
	}
	var health struct{ Status string }
	if json.Unmarshal(body, &health) != nil || health.Status != "ok" {
		return fmt.Errorf("%s does not answer as mockdesk does", url+healthPath)
	}
	return nil
}

// mustTake refuses a --timeout that leaves no time for an answer.
func mustTake(otherwise string, timeout time.Duration) error {
	if timeout <= 0 {
		return usage("without --timeout it is "+otherwise, "--timeout %v lets no answer come", timeout)
	}
	return nil
}

func waitCommand(t Terminal) *cobra.Command {
	client := &clientFlags{}
	c := &cobra.Command{
		Use:   "wait [flags] URL",
		Short: "Wait until a mockdesk server answers.",
		Long: `It asks again and again. Exit code 0: it answers; 1: it did not within the
time; 2: a wrong call. For images that have no curl.`,
	}
	timeout := c.Flags().Duration("timeout", 30*time.Second, "how long to go on asking")
	interval := c.Flags().Duration("interval", 100*time.Millisecond, "how long to pause between two questions")
	client.declare(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		client.warn(t)
		url, err := oneURL("wait", args)
		if err == nil {
			err = mustTake("30s", *timeout)
		}
		if err != nil {
			return err
		}
		if *interval <= 0 {
			return usage("--interval 100ms", "--interval %v is not a pause", *interval)
		}
		return client.wait(c.Context(), t, url, *timeout, *interval)
	}
	return c
}

// wait asks until the server answers or the time is over.
func (f *clientFlags) wait(ctx context.Context, t Terminal, url string, timeout, interval time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		err := f.healthy(ctx, url, timeout)
		if err == nil {
			_, err = fmt.Fprintln(t.Stdout, "ok")
			return err
		}
		if _, lasting := errors.AsType[*failure](err); lasting {
			return err // it would not help to ask again
		}
		if clock.Sleep(ctx, interval) != nil {
			return fail(exitRun, target.Hint(err), "%s did not answer within %v: %w", url, timeout, err)
		}
	}
}

// oneURL reads the only argument of a command.
func oneURL(command string, args []string) (string, error) {
	if len(args) != 1 {
		return "", usage("mockdesk "+command+" http://127.0.0.1:4010", "%s takes the address of one server", command)
	}
	return baseURL(args[0])
}
