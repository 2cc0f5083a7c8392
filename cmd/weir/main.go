// Command weir is a data catalog and a private data marketplace in one program.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"weir/errs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	tameHeap()
	if err := root().ExecuteContext(ctx); err != nil {
		var code exitCode
		if errors.As(err, &code) {
			stop()
			os.Exit(int(code))
		}
		fmt.Fprintln(os.Stderr, "weir: "+explain(err))
		stop()
		os.Exit(1)
	}
}

// explain is what an operator reads: he is told causes, which users of the site are not.
func explain(err error) string {
	e, ok := errs.As(err)
	if !ok {
		return err.Error()
	}
	if cause := e.Unwrap(); cause != nil && e.Kind == errs.Internal {
		return e.Message + " (" + cause.Error() + ")"
	}
	return e.Message
}
