package marketplace_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/marketplace"
)

// desk is a shop with grants: mia has what omar owns. Messages go to a system outside that the test plays.
type desk struct {
	*shop
	out *outside
	n   int
}

// outside is a system that is told of grants.
type outside struct {
	mu   sync.Mutex
	got  []marketplace.Message
	fail error
	hold func() // called while a message is on its way
}

func (o *outside) Enforce(_ context.Context, m marketplace.Message) error {
	o.mu.Lock()
	o.got = append(o.got, m)
	fail, hold := o.fail, o.hold
	o.mu.Unlock()
	if hold != nil {
		hold()
	}
	return fail
}

func (o *outside) messages() []marketplace.Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]marketplace.Message(nil), o.got...)
}

func newDesk(t testing.TB, s graph.Store, channel marketplace.Channel) *desk {
	d := &desk{shop: newShop(t, s), out: &outside{}}
	d.Service = d.server(channel)
	return d
}

// server is another server on the same store.
func (d *desk) server(channel marketplace.Channel) *marketplace.Service {
	return marketplace.New(d.store, d.policy, marketplace.Options{
		Now: func() time.Time { return d.at }, Channel: channel,
		Enforcers: map[marketplace.Channel]marketplace.Enforcer{marketplace.Webhook: d.out},
	})
}

// eachDesk runs a test on the oracle, on SQLite, and on Neo4j where there is one.
func eachDesk(t *testing.T, channel marketplace.Channel, run func(t *testing.T, d *desk)) {
	t.Run("memory", func(t *testing.T) { run(t, newDesk(t, graphtest.Memory(shopSchema(t)), channel)) })
	t.Run("sqlite", func(t *testing.T) { run(t, newDesk(t, shopFile(t), channel)) })
	t.Run("neo4j", func(t *testing.T) { run(t, newDesk(t, neo4jtest.Open(t, shopSchema(t)), channel)) })
}

const month = 30 * 24 * time.Hour

// give opens a grant of the orders for mia, as omar would approve it.
func (d *desk) give(until time.Duration) marketplace.Grant {
	d.t.Helper()
	return d.giveTo("usr_mia", until)
}

func (d *desk) giveTo(holder graph.ID, until time.Duration) marketplace.Grant {
	d.t.Helper()
	d.n++
	item := marketplace.Item{
		ID: graph.ID(fmt.Sprintf("itm_%d", d.n)), Request: "req_1", Target: shopOrder, Title: "Orders", Domain: shopSales, Owner: "usr_omar",
		Sender: "usr_mia", Holder: holder, Purpose: "analytics", Access: "read", Days: 30,
	}
	body := marketplace.GrantBody{Parts: []marketplace.Part{{Dataset: shopOrder, Columns: []graph.ID{catalog.ColumnID(shopOrder, "day")}}}}
	g, err := d.OpenGrant(d.omar(), item, body, d.at.Add(until))
	if err != nil {
		d.t.Fatal(err)
	}
	return g
}

// grant reads a grant as whoever works at the machine sees it.
func (d *desk) grant(id graph.ID) marketplace.GrantView {
	d.t.Helper()
	v, err := d.Grant(authz.With(d.t.Context(), authz.Operator), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

func (d *desk) deliver() {
	d.t.Helper()
	d.later(time.Second)
	if err := d.Deliver(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) later(by time.Duration) { d.at = d.at.Add(by) }

// count is how many entries there are of an action.
func (d *desk) count(action string) int {
	d.t.Helper()
	found, err := audit.Find(d.t.Context(), d.store, audit.Filter{Action: action}, graph.MaxPage, "")
	if err != nil {
		d.t.Fatal(err)
	}
	return len(found.Entries)
}

// open is how many datasets a grant opens by its edges now. Edges hold by the clock of the store, so this tells only what
// was cut, and not what ran out by the test's clock.
func (d *desk) open(g graph.ID) int {
	d.t.Helper()
	page, err := d.store.Edges(d.t.Context(), graph.EdgeQuery{Of: []graph.ID{g}, Dir: graph.Out, Rels: []graph.Rel{marketplace.RelGrants}, At: d.at, Known: time.Time{}})
	if err != nil {
		d.t.Fatal(err)
	}
	return len(page.Edges)
}

func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
