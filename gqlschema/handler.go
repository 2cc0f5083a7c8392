// Package gqlschema is the GraphQL door: the schema, thin resolvers over the services of the catalog, loaders that read
// in batches, and the limits that keep a query from costing more than a page.
package gqlschema

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
	"weir/marketplace"
	"weir/notify"
)

// Options is what the door stands on.
type Options struct {
	Catalog *catalog.Service
	Lineage *lineage.Service
	// Log is where the feed of changes is read.
	Log graph.Reader
	// Audit proves what is in the log, and opens what is sealed in it; nil: there are no proofs.
	Audit *audit.Log
	// Policy decides who may ask for what; nil lets everybody ask for everything.
	Policy *authz.Policy
	// People, Roles and Sessions are nil where nobody signs in; what needs them is not answered then.
	People   *identity.Service
	Roles    *authz.Service
	Sessions *session.Manager
	// Market and Notify are nil where there is no marketplace; what needs them is not answered then.
	Market *marketplace.Service
	Notify *notify.Service
	// Recheck tells who stands behind a stream by now, some times a second. Errors end the stream: Unauthenticated if the
	// session or token is no longer good. nil: nobody is asked again.
	Recheck func(ctx context.Context, was authz.Principal) (authz.Principal, error)
	// Stopping is closed when the program is about to stop: streams end, and clients go on elsewhere. nil: never.
	Stopping <-chan struct{}
	// Timeout is how long a request may take; 0 is 10 s. A walk that takes most of it is answered as far as it came.
	Timeout time.Duration
	// NoIntrospection hides the schema, and suggestions that would tell about it.
	NoIntrospection bool
}

const defaultTimeout = 10 * time.Second

// handler answers POST with a document in JSON.
type handler struct {
	Options
	exec    *executor.Executor
	streams streams
	beat    time.Duration // between signs of life of a stream
}

// Handler makes the door.
func Handler(o Options) http.Handler {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	r := &resolver{
		catalog: o.Catalog, lineage: o.Lineage.Within(o.Timeout * 4 / 5), log: o.Log, policy: o.Policy, audit: o.Audit,
		people: o.People, roles: o.Roles, sessions: o.Sessions, market: o.Market, notify: o.Notify,
	}
	return newHandler(o, gen.NewExecutableSchema(gen.Config{Resolvers: r}))
}

func newHandler(o Options, schema graphql.ExecutableSchema) *handler {
	h := &handler{Options: o, exec: executor.New(schema), beat: streamBeat}
	h.exec.SetParserTokenLimit(mostTokens)
	h.exec.SetErrorPresenter(present)
	h.exec.SetRecoverFunc(recovered)
	h.exec.SetDisableSuggestion(o.NoIntrospection)
	h.exec.Use(limits{schema: schema.Schema(), introspection: !o.NoIntrospection})
	h.exec.Use(guard{
		policy: o.Policy, people: o.People != nil && o.Roles != nil && o.Sessions != nil, market: o.Market != nil, notify: o.Notify != nil,
		now: time.Now,
	})
	return h
}

type addressKey struct{}

// addressOf is the address that the request came from; tries with a wrong password are counted by it, too.
func addressOf(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}

type requestKey struct{}

// requestID is the number of the request, under which the log has more; "" if nobody numbered it. The middleware in
// front sets it in the answer's header, which is how the two doors share it without knowing each other.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

func withRequestID(ctx context.Context, w http.ResponseWriter) context.Context {
	return context.WithValue(ctx, requestKey{}, w.Header().Get("Request-Id"))
}
