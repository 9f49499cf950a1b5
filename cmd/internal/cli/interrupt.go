package cli

import (
	"context"
	"os"
	"os/signal"
)

// Interruptible returns a Context that ends with the first signal to terminate;
// the second one ends the process at once.
func Interruptible() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, endings()...)
	go func() {
		select {
		case <-caught:
		case <-ctx.Done():
		}
		signal.Stop(caught) // before anybody learns of the first one
		cancel()
	}()
	return ctx, cancel
}
