package neo4j

import (
	"context"
	"errors"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"weir/graph"
)

// tx is a transaction. Its methods remember the engine's first error, whatever fn makes of it.
type tx struct {
	reader
	driver driver.ExplicitTransaction
	layout *layout
	time   int64             // of everything that the transaction does, in microseconds
	tidy   bool              // this transaction is one that also removes what is old
	born   map[rowName]bool  // rows that this transaction made
	linked map[rowName]bool  // edges (without since) that it made rows of
	nodes  map[graph.ID]bool // nodes that are there under its lock; true if it made them
	fault  error
}

func (e *engine) newTx(d driver.ExplicitTransaction) *tx {
	t := &tx{
		driver: d, layout: e.layout, time: e.tick(), born: map[rowName]bool{}, linked: map[rowName]bool{}, nodes: map[graph.ID]bool{},
		tidy: e.updates.Add(1)%tidyEvery == 0,
	}
	t.reader = reader{runner: t, layout: e.layout}
	return t
}

// run runs a statement in the transaction.
func (t *tx) run(ctx context.Context, statement string, params map[string]any) ([][]any, error) {
	rows, err := t.send(ctx, statement, params)
	if err != nil && t.fault == nil {
		t.fault = err
	}
	return rows, exit(ctx, err)
}

func (t *tx) send(ctx context.Context, statement string, params map[string]any) ([][]any, error) {
	result, err := t.driver.Run(ctx, statement, params)
	if err != nil {
		return nil, err
	}
	return collect(ctx, result)
}

// fail notes an error that the engine found itself.
func (t *tx) fail(err error) error {
	if t.fault == nil {
		t.fault = err
	}
	return err
}

const (
	beginStatement = `MATCH (g:_Gate {_n: $gate}) USING INDEX SEEK g:_Gate(_n)
		SET g._lock = true
		CREATE (:_Update {_id: $id, _at: $at})
		RETURN 1`

	// tidyEvery transactions, one removes up to tidyMany ids and locks older than keepIDs.
	tidyEvery = 256
	tidyMany  = 2048
	keepIDs   = 25 * time.Hour

	tidyUpdates = `MATCH (u:_Update) USING INDEX SEEK u:_Update(_at) WHERE u._at < $old WITH u LIMIT $many DELETE u`
	tidyLocks   = `MATCH (l:_Lock) USING INDEX SEEK l:_Lock(_at) WHERE l._at < $old WITH l LIMIT $many DELETE l`
)

// begin passes a gate and takes the id; there tells that the id was used before.
func (t *tx) begin(ctx context.Context, id string, gate int) (there bool, err error) {
	rows, err := t.send(ctx, beginStatement, map[string]any{"gate": gate, "id": id, "at": t.time})
	if codeOf(err) == codeConstraint {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if len(rows) == 0 {
		return false, emptied()
	}
	if !t.tidy {
		return false, nil
	}
	for _, statement := range []string{tidyUpdates, tidyLocks} {
		if _, err := t.send(ctx, statement, map[string]any{"old": t.time - keepIDs.Microseconds(), "many": tidyMany}); err != nil {
			return false, err
		}
	}
	return false, nil
}

const lockStatement = `UNWIND $keys AS key
	MERGE (l:_Lock {_key: key})
	SET l._at = $at`

// Lock writes a node for each key, which holds the node's lock. The keys come sorted.
func (t *tx) Lock(ctx context.Context, keys ...string) error {
	_, err := t.run(ctx, lockStatement, map[string]any{"keys": keys, "at": t.time})
	return err
}

// errForeignTx says that Update handed out a transaction that isn't this engine's, which can't be.
var errForeignTx = errors.New("the transaction is not of this engine")
