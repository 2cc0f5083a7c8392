package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/neo4j"
	"weir/graph/sqlite"
	"weir/marketplace"
	"weir/notify"
	"weir/web"
)

// Server is the whole program, wired: what main serves and what the end-to-end tests start.
type Server struct {
	Config  Config
	Store   graph.Store
	Catalog *catalog.Service
	Intake  *catalog.Intake
	Market  *marketplace.Service
	Notify  *notify.Service
	*guard

	lock     *os.File // of the directory
	tune     func(*web.Options)
	people   []web.Somebody // of the demo
	http     *http.Server
	listener net.Listener
	stop     context.CancelFunc // of what runs beside the requests
	beside   sync.WaitGroup
	stopping chan struct{} // closed when the program is about to stop
}

// the times within which a client has to have sent its request, and running requests are answered after a stop.
const (
	headerTime   = 5 * time.Second
	requestTime  = 30 * time.Second
	shutdownTime = 20 * time.Second
	maxHeader    = 16 << 10
)

// heapGrowth is by how many per cent the heap may grow before it is collected again. A burst of large events leaves much
// behind that the runtime would otherwise keep until the heap has doubled; a fixed limit would make it collect without
// end as soon as a large answer needs more than that. GOGC says otherwise.
const heapGrowth = 30

func tameHeap() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}

// open opens the store. serve takes the directory for this process alone.
func (c *Config) open(ctx context.Context, serve bool) (graph.Store, error) {
	schema, err := schema()
	if err != nil {
		return nil, err
	}
	name, where, err := c.engine()
	if err != nil {
		return nil, errs.Bad("store", err.Error())
	}
	if name == "neo4j" {
		return neo4j.Open(ctx, neo4j.Options{
			URI: where, User: c.Neo4jUser, Password: c.Neo4jPassword, Database: c.Neo4jDatabase,
		}, schema)
	}
	return sqlite.Open(ctx, where, schema, sqlite.Options{Serve: serve})
}

// Open wires a server over its store. It serves nothing yet; tune may change what the site is given when it does.
func Open(ctx context.Context, c Config, tune func(*web.Options)) (*Server, error) {
	lock, err := takeDir(c.Dir)
	if err != nil {
		return nil, err
	}
	store, err := c.open(ctx, true)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s := &Server{Config: c, lock: lock, tune: tune, Store: store, stopping: make(chan struct{})}
	if s.guard, err = c.newGuard(ctx, store); err != nil {
		return nil, errors.Join(err, store.Close(), lock.Close())
	}
	s.Catalog = catalog.New(web.Remember(store), time.Now).Guarded(s.Policy)
	s.Intake = catalog.NewIntake(s.Catalog)
	if err := s.newMarket(ctx); err != nil {
		return nil, errors.Join(err, store.Close(), lock.Close())
	}
	s.follow()
	return s, nil
}

// Listen begins to accept connections, so that the address is known, and tells operator's commands where.
func (s *Server) Listen(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", s.Config.Addr)
	if err != nil {
		return errs.Badf("addr", "can't listen on %s: %v.", s.Config.Addr, err)
	}
	s.listener = l
	s.http = &http.Server{
		Handler: s.newSite().Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: maxHeader,
		BaseContext:    func(net.Listener) context.Context { return audit.Sealing(context.Background(), s.Log.Keys()) },
		ErrorLog:       slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	return os.WriteFile(s.addressFile(), []byte("http://"+l.Addr().String()+"\n"), 0o600)
}

// addressFile holds the address while the server runs.
func (s *Server) addressFile() string { return filepath.Join(s.Config.Dir, addressName) }

// URL is where the server answers.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Serve answers requests until ctx ends, then finishes those that run.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping")
	close(s.stopping)
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := s.http.Shutdown(shutdown); err != nil {
		return errors.Join(err, s.http.Close())
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close applies what waits, ends the followers and closes the store.
func (s *Server) Close() error {
	s.Intake.Close()
	s.stop()
	s.beside.Wait()
	err := s.Store.Close()
	if s.listener != nil {
		if e := os.Remove(s.addressFile()); e != nil && !errors.Is(e, os.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, s.lock.Close())
}
