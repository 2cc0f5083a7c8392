package neo4j

import (
	"context"
	"math/rand/v2"
	"sync"

	"weir/errs"
)

// Every transaction that writes passes one of a number of gates, whose lock it holds. Whoever holds all of them looks
// at the store as of one moment. Within a program no two transactions meet at a gate.

const (
	allGates = 256 // nodes in the database
	myGates  = 96  // how many transactions of one program write at the same time
)

type gates struct {
	free   chan int
	closed chan struct{}
	close  sync.Once
}

func newGates() *gates {
	g := &gates{free: make(chan int, myGates), closed: make(chan struct{})}
	start := rand.N(allGates)
	for i := range myGates {
		g.free <- (start + i) % allGates
	}
	return g
}

// take waits for a gate.
func (g *gates) take(ctx context.Context) (int, error) {
	select {
	case gate := <-g.free:
		return gate, nil
	case <-g.closed:
		return 0, errs.E(errs.Unavailable, "The store is closed.")
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (g *gates) give(gate int) { g.free <- gate }

// drain lets nobody in any more and waits until no transaction runs.
func (g *gates) drain() {
	g.close.Do(func() {
		close(g.closed)
		for range myGates {
			<-g.free
		}
	})
}
