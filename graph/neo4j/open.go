package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"weir/errs"
	"weir/graph"
)

// Options say where the server is.
type Options struct {
	URI      string // neo4j://, bolt:// and their +s and +ssc forms
	User     string // "": without authentication
	Password string
	Database string // "": the server's default

	// Connections is the size of the pool; 0: 100.
	Connections int
	// Patience is how long a call tries again after transient faults before it fails with errs.Unavailable; 0: 10 s.
	Patience time.Duration
}

const (
	defaultConnections = 100
	defaultPatience    = 10 * time.Second
	connectTime        = 5 * time.Second
	acquireTime        = 30 * time.Second
	livenessTime       = 30 * time.Second // a connection idle for longer is tried before it is used
)

// Open connects to a server and makes its constraints, indexes and derived properties those of the schema. The errors
// are Unavailable, with a message for the operator, when the server is missing, refuses the credentials, or is of a
// version that the engine doesn't know.
func Open(ctx context.Context, o Options, schema graph.Schema) (graph.Store, error) {
	if err := schema.Validate(); err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "The schema is not right.")
	}
	e, err := connect(o, schema)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, fmt.Sprintf("%q is not the address of a Neo4j server, such as neo4j://localhost:7687.", o.URI))
	}
	if err := e.start(ctx, o.URI); err != nil {
		if closeErr := e.driver.Close(context.WithoutCancel(ctx)); closeErr != nil {
			err = errors.Join(err, closeErr)
		}
		return nil, err
	}
	return graph.Checked(e, schema), nil
}

func connect(o Options, schema graph.Schema) (*engine, error) {
	auth := driver.NoAuth()
	if o.User != "" {
		auth = driver.BasicAuth(o.User, o.Password, "")
	}
	if o.Connections == 0 {
		o.Connections = defaultConnections
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	d, err := driver.NewDriverWithContext(o.URI, auth, func(c *config.Config) {
		c.MaxConnectionPoolSize = o.Connections
		c.SocketConnectTimeout = connectTime
		c.ConnectionAcquisitionTimeout = acquireTime
		c.ConnectionLivenessCheckTimeout = livenessTime
		c.NotificationsMinSeverity = notifications.DisabledLevel
		c.TelemetryDisabled = true
	})
	if err != nil {
		return nil, err
	}
	e := &engine{
		driver: d, database: o.Database, patience: o.Patience, gates: newGates(),
		bookmarks: driver.NewBookmarkManager(driver.BookmarkManagerConfig{}),
	}
	e.reader = reader{runner: e, layout: newLayout(schema)}
	return e, nil
}

func (e *engine) start(ctx context.Context, uri string) error {
	if err := e.greet(ctx, uri); err != nil {
		return err
	}
	return exit(ctx, e.prepare(ctx))
}

// greet makes sure that the server is one that the engine knows.
func (e *engine) greet(ctx context.Context, uri string) error {
	info, err := e.driver.GetServerInfo(ctx)
	var auth *driver.InvalidAuthenticationError
	switch {
	case err == nil:
		return known(info.Agent(), uri)
	case ctx.Err() != nil:
		return exit(ctx, err)
	case errors.As(err, &auth) || strings.HasPrefix(codeOf(err), prefixSecurity):
		return errs.Wrap(err, errs.Unavailable, "The Neo4j server at "+uri+" refuses the user name or the password.")
	case strings.Contains(err.Error(), "feature not supported"): // the driver keeps its type to itself
		return errs.Wrap(err, errs.Unavailable, fmt.Sprintf("The Neo4j server at %s is too old; this program needs 5.%d or a later 5.", uri, minMinor))
	case foreign(err):
		return errs.Wrap(err, errs.Unavailable, "What answers at "+uri+" is no Neo4j server of version 5: it speaks no protocol that this program knows.")
	}
	return errs.Wrap(err, errs.Unavailable, "No Neo4j server can be reached at "+uri+".")
}

// foreign tells whether the server answered, but not in a version of the protocol that the driver speaks.
func foreign(err error) bool {
	return strings.Contains(err.Error(), "did not accept any of the requested") || strings.Contains(err.Error(), "unsupported")
}

// The minor versions of Neo4j 5 that have what the statements use.
const minMinor = 13

// known tells whether the engine knows a server that calls itself such as "Neo4j/5.26.12".
func known(agent, uri string) error {
	version := strings.TrimPrefix(agent, "Neo4j/")
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	x, err1 := strconv.Atoi(major)
	y, err2 := strconv.Atoi(minor)
	switch {
	case err1 != nil || err2 != nil:
		return errs.Ef(errs.Unavailable, "What answers at %s is no Neo4j server: it calls itself %q.", uri, agent)
	case x < 5 || x == 5 && y < minMinor:
		return errs.Ef(errs.Unavailable, "The Neo4j server at %s is of version %s; this program needs 5.%d or a later 5.", uri, version, minMinor)
	case x > 5:
		return errs.Ef(errs.Unavailable, "The Neo4j server at %s is of version %s, which is newer than this program knows; it needs a 5.", uri, version)
	}
	return nil
}

// Ready writes nothing, but takes the lock of a gate, which only a server that can write gives.
func (e *engine) Ready(ctx context.Context) error {
	s := e.driver.NewSession(ctx, e.session(driver.AccessModeWrite, driver.FetchAll))
	defer func() { _ = closed(ctx, s, nil) }() // the answer is known by then
	gate, err := e.gates.take(ctx)
	if err != nil {
		return exit(ctx, err)
	}
	defer e.gates.give(gate)
	result, err := s.Run(ctx, "MATCH (g:_Gate {_n: $gate}) USING INDEX SEEK g:_Gate(_n) SET g._lock = true RETURN 1", map[string]any{"gate": gate}, timeout(ctx))
	if err != nil {
		return exit(ctx, err)
	}
	rows, err := collect(ctx, result)
	if err == nil && len(rows) == 0 {
		err = emptied()
	}
	return exit(ctx, err)
}

func emptied() error {
	return errs.E(errs.Unavailable, "The store was emptied while this program was running; start it again.")
}

// Close waits for transactions and closes all connections.
func (e *engine) Close() error {
	e.gates.drain()
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	return exit(ctx, e.driver.Close(ctx))
}
