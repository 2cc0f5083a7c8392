// Command boltready waits until a Neo4j server answers a query.
//
//	boltready bolt://127.0.0.1:7687 120s
//
// An open port is not enough: Neo4j accepts connections some seconds before
// the default database takes queries, and tests that start in between fail.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const pause = 250 * time.Millisecond

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: boltready URI TIMEOUT")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "boltready:", err)
		os.Exit(1)
	}
}

func run(uri, timeout string) error {
	limit, err := time.ParseDuration(timeout)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for {
		err := ask(ctx, uri)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no answer from %s within %s: %w", uri, limit, err)
		case <-time.After(pause):
		}
	}
}

// ask opens a driver of its own for each attempt, so that no state of a failed
// attempt (routing, pooled connections) outlives it.
func ask(ctx context.Context, uri string) (err error) {
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.NoAuth())
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := driver.Close(ctx); err == nil {
			err = closeErr
		}
	}()
	_, err = neo4j.ExecuteQuery(ctx, driver, "RETURN 1", nil, neo4j.EagerResultTransformer)
	return err
}
