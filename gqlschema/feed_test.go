package gqlschema

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/authz"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
)

// sealing gives a world its proof.
func (w *world) sealing(t testing.TB) *audit.Log {
	t.Helper()
	l, err := audit.Open(t.Context(), w.store, audit.Options{Dir: t.TempDir(), Host: "weir.test"})
	if err != nil {
		t.Fatal(err)
	}
	w.options.Audit = l
	w.Handler = Handler(w.options)
	return l
}

func seal(t testing.TB, l *audit.Log) audit.Checkpoint {
	t.Helper()
	s := &audit.Sealer{Log: l}
	for {
		c, err := s.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if c.Size == 0 {
			c, err = l.Checkpoint(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
	}
}

func keyOf(t testing.TB, l *audit.Log) string {
	t.Helper()
	keys, err := l.Verifiers(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("%v %v", keys, err)
	}
	return keys[0].VKey
}

// change writes n entries with some changes each, the last of each field being what counts.
func (w *world) change(t testing.TB, random *rand.Rand, n int, want map[string]string) {
	t.Helper()
	err := w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var entries []audit.Entry
		for range n {
			e := audit.Entry{Actor: "usr_a", Action: "catalog.describe", Target: ds("crm.customers"), Decision: audit.Allowed}
			for range random.IntN(4) {
				c := audit.Change{Asset: ds(fmt.Sprintf("ops.t%02d", random.IntN(30))), Field: []string{"title", "purpose"}[random.IntN(2)],
					After: fmt.Sprint("value ", random.IntN(1_000_000), " <&>\u2028é")}
				e.Changes = append(e.Changes, c)
				want[string(c.Asset)+" "+c.Field] = c.After
			}
			entries = append(entries, e)
		}
		return audit.Append(ctx, tx, time.Now(), entries...)
	})
	if err != nil {
		t.Fatal(err)
	}
}

var errKilled = errors.New("killed")

// A client that is killed at random points ends equal to the source and has missed nothing, which it proves to itself by
// the checkpoint that its own tree has to lead to.
func TestFeedClientThatIsKilled(t *testing.T) {
	changes := 10_000
	if testing.Short() || raceEnabled { // which makes each several times as slow
		changes = 500
	}
	if text := os.Getenv("WEIR_TEST_FEED_CHANGES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		changes = n
	}
	w := newGuardedWorld(t)
	killedOften(t, w, changes)
}

// The same over the engine that scales, with fewer changes.
func TestFeedClientThatIsKilled_Neo4j(t *testing.T) {
	w := worldOver(t, neo4jtest.Open(t, worldSchema(t)), time.Now)
	w.fill()
	killedOften(t, w.guarded(t), 500)
}

func killedOften(t *testing.T, w *world, changes int) {
	t.Helper()
	log := w.sealing(t)
	random := rand.New(rand.NewPCG(1, 2))
	want := map[string]string{}
	first, err := audit.Since(t.Context(), w.store, 0, graph.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range first {
		for _, c := range e.Changes {
			want[string(c.Asset)+" "+c.Field] = c.After
		}
	}
	client := &follower{key: keyOf(t, log), kept: kept{fields: map[string]string{}}}
	die := func() error {
		if random.IntN(100) == 0 {
			return errKilled
		}
		return nil
	}
	auditors, kills, pages, written := w.as(auditor), 0, 0, 0
	for {
		if written < changes {
			n := min(1+random.IntN(200), changes-written)
			w.change(t, random, n, want)
			written += n
		}
		last := seal(t, log)
		if client.kept.size == last.Size && written == changes {
			break
		}
		for range 1 + random.IntN(4) {
			raw := auditors.raw(http.MethodPost, mediaJSON, mediaResponse,
				body(t, feedPageQuery, map[string]any{"after": client.kept.cursor, "first": 1 + random.IntN(100)}))
			err := client.take(raw.body, die)
			if errors.Is(err, errKilled) {
				kills++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			pages++
		}
	}
	t.Logf("%d entries in %d pages, killed %d times", client.kept.size, pages, kills)
	if !maps.Equal(client.kept.fields, want) {
		t.Errorf("the client has %d fields, the source %d, or their values differ", len(client.kept.fields), len(want))
	}
	if int(client.kept.size) != len(first)+changes || kills < changes/500 {
		t.Errorf("%d entries of %d, %d kills", client.kept.size, len(first)+changes, kills)
	}
	root, err := tlog.TreeHash(client.kept.size, &client.kept)
	if last := seal(t, log); err != nil || root != last.Root {
		t.Errorf("the client's tree is not the one that was signed: %v", err)
	}
}

// A page that somebody tampered with on the way is recognised, whatever he changed.
func TestFeedClientRecognisesTampering(t *testing.T) {
	w := newGuardedWorld(t)
	log := w.sealing(t)
	random := rand.New(rand.NewPCG(3, 4))
	w.change(t, random, 60, map[string]string{})
	seal(t, log)
	page := w.as(auditor).raw(http.MethodPost, mediaJSON, mediaResponse, body(t, feedPageQuery, map[string]any{"first": 50})).body
	alive := func() error { return nil }
	fresh := func() *follower { return &follower{key: keyOf(t, log), kept: kept{fields: map[string]string{}}} }
	if err := fresh().take(page, alive); err != nil {
		t.Fatal(err)
	}
	edges := strings.Split(page, `{"cursor":`)
	for name, tampered := range map[string]string{
		"a value":              strings.Replace(page, `"after":"value `, `"after":"valuE `, 1),
		"a value, everywhere":  strings.ReplaceAll(page, `value 1`, `value 2`),
		"a field":              strings.Replace(page, `"field":"title"`, `"field":"owner"`, 1),
		"an asset":             strings.ReplaceAll(page, string(ds("ops.t01")), string(ds("ops.t02"))),
		"an actor in the leaf": strings.Replace(page, `\"actor\":\"usr_a\"`, `\"actor\":\"usr_b\"`, 1),
		"an entry left out":    strings.Join(slices.Delete(slices.Clone(edges), 5, 6), `{"cursor":`),
		"two entries swapped":  strings.Join(append([]string{edges[0], edges[2], edges[1]}, edges[3:]...), `{"cursor":`),
		"an entry twice":       strings.Join(slices.Insert(slices.Clone(edges), 3, edges[3]), `{"cursor":`),
		"the size":             strings.ReplaceAll(page, fmt.Sprintf(`\n%d\n`, 64), `\n65\n`),
		"no payload":           strings.Replace(page, `"payload":{`, `"payload":null,"x":{`, 1),
		"no proof":             strings.Replace(page, `"proof":{`, `"proof":null,"x":{`, 1),
	} {
		if tampered == page {
			t.Errorf("%s: nothing was changed", name)
			continue
		}
		if err := fresh().take(tampered, alive); err == nil {
			t.Errorf("%s: not recognised", name)
		}
	}
	other := newGuardedWorld(t) // the same changes in a log of somebody else's
	stranger := &follower{key: keyOf(t, other.sealing(t)), kept: kept{fields: map[string]string{}}}
	if err := stranger.take(page, alive); err == nil {
		t.Error("the log of somebody else is taken")
	}
}

// Any byte of the proof and of what is committed to counts.
func TestFeedClientRecognisesAnyFlippedByte(t *testing.T) {
	w := newGuardedWorld(t)
	log := w.sealing(t)
	random := rand.New(rand.NewPCG(5, 6))
	w.change(t, random, 20, map[string]string{})
	seal(t, log)
	page := w.as(auditor).raw(http.MethodPost, mediaJSON, mediaResponse, body(t, feedPageQuery, map[string]any{"first": 30})).body
	honest := &follower{key: keyOf(t, log), kept: kept{fields: map[string]string{}}}
	if err := honest.take(page, func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	missed := 0
	for range 500 {
		b := []byte(page)
		b[random.IntN(len(b))] ^= 1 << random.IntN(5)
		c := &follower{key: honest.key, kept: kept{fields: map[string]string{}}}
		err := c.take(string(b), func() error { return nil })
		if err == nil && !(maps.Equal(c.kept.fields, honest.kept.fields) && c.kept.size == honest.kept.size) {
			missed++
			t.Errorf("taken as %d fields of %d entries", len(c.kept.fields), c.kept.size)
		}
	}
}

// Whoever may not read the log gets what he sees of it, without leaves, and learns nothing of the rest.
func TestFeedOfAMember(t *testing.T) {
	w := newGuardedWorld(t)
	seal(t, w.sealing(t))
	const query = `{ changes(first: 30) { nodes { seq action target changes { asset field } leaf payload { key } proof { index } } pageInfo { endCursor } checkpoint { size } } }`
	all := as[[]any](t, w.as(auditor).ask(query, nil), "changes", "nodes")
	if len(all) != 4 || dig(t, all[3], "action") != "policy.install" || dig(t, all[0], "leaf") == nil || dig(t, all[0], "proof", "index") != 0.0 {
		t.Fatalf("an auditor gets %v", all)
	}
	for name, who := range map[string]authz.Principal{"a member": member, "a steward": steward, "a token without audit:read": token(auditor, authz.ScopeRead)} {
		got := dig(t, w.as(who).ask(query, nil), "changes")
		nodes := as[[]any](t, got, "nodes")
		if len(nodes) != 3 || dig(t, got, "checkpoint") != nil {
			t.Errorf("%s gets %v", name, got)
		}
		for _, n := range nodes {
			if dig(t, n, "leaf") != nil || dig(t, n, "payload") != nil || dig(t, n, "proof") != nil || strings.HasPrefix(as[string](t, n, "action"), "policy") {
				t.Errorf("%s gets %v", name, n)
			}
		}
		end := as[string](t, got, "pageInfo", "endCursor")
		again := dig(t, w.as(who).ask(`query Q($after: String) { changes(after: $after) { nodes { seq } pageInfo { endCursor } } }`, map[string]any{"after": end}), "changes")
		if len(as[[]any](t, again, "nodes")) != 0 || dig(t, again, "pageInfo", "endCursor") != end {
			t.Errorf("%s goes on with %v", name, again)
		}
	}
}

// A token that reads the log alone sees no values; with catalog:read it sees those that its owner sees.
func TestFeedOfATokenForTheLog(t *testing.T) {
	w := newGuardedWorld(t)
	seal(t, w.sealing(t))
	const query = `{ changes(first: 1) { nodes { seq leaf changes { after } payload { text } proof { index } } } }`
	n := dig(t, w.as(token(auditor, authz.ScopeAudit)).ask(query, nil), "changes", "nodes", 0)
	if len(as[[]any](t, n, "changes")) != 0 || dig(t, n, "payload") != nil || dig(t, n, "leaf") == nil || dig(t, n, "proof") == nil {
		t.Errorf("audit:read alone gets %v", n)
	}
	n = dig(t, w.as(token(auditor, authz.ScopeAudit, authz.ScopeRead)).ask(query, nil), "changes", "nodes", 0)
	if len(as[[]any](t, n, "changes")) == 0 || dig(t, n, "payload") == nil {
		t.Errorf("with catalog:read it gets %v", n)
	}
}

// An entry with very many changes comes in parts, and its parts make the commitment.
func TestFeedOfALargeEntry(t *testing.T) {
	w := newGuardedWorld(t)
	log := w.sealing(t)
	e := audit.Entry{Actor: "usr_a", Action: "intake.apply", Decision: audit.Allowed}
	for i := range 2*feedChanges + 7 {
		e.Changes = append(e.Changes, audit.Change{Asset: ds("ops.t01"), Field: fmt.Sprint("f", i), After: "x"})
	}
	err := w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, time.Now(), e)
	})
	if err != nil {
		t.Fatal(err)
	}
	seal(t, log)
	c := &follower{key: keyOf(t, log), kept: kept{fields: map[string]string{}}}
	pages := 0
	for c.kept.size < 5 && pages < 10 {
		raw := w.as(auditor).raw(http.MethodPost, mediaJSON, mediaResponse, body(t, feedPageQuery, map[string]any{"after": c.kept.cursor, "first": 10})).body
		if err := c.take(raw, func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		pages++
	}
	if pages < 3 || c.kept.fields[string(ds("ops.t01"))+" f10006"] != "x" {
		t.Errorf("%d entries in %d pages", c.kept.size, pages)
	}
}

// sealed ends where the checkpoint does; a stream of it goes on when the next one is signed.
func TestFeedOfWhatIsSealed(t *testing.T) {
	w := newGuardedWorld(t)
	log := w.sealing(t)
	sealed := w.as(auditor)
	const query = `query Q($sealed: Boolean!) { changes(sealed: $sealed) { nodes { seq proof { index } } checkpoint { size } pageInfo { hasNextPage } } }`
	got := dig(t, sealed.ask(query, map[string]any{"sealed": true}), "changes")
	if len(as[[]any](t, got, "nodes")) != 0 || dig(t, got, "checkpoint") != nil {
		t.Errorf("before the first checkpoint: %v", got)
	}
	seal(t, log)
	w.describe(t, "One")
	got = dig(t, sealed.ask(query, map[string]any{"sealed": true}), "changes")
	if len(as[[]any](t, got, "nodes")) != 4 || dig(t, got, "checkpoint", "size") != 4.0 || dig(t, got, "pageInfo", "hasNextPage") != false {
		t.Errorf("%v", got)
	}
	got = dig(t, sealed.ask(query, map[string]any{"sealed": false}), "changes")
	if len(as[[]any](t, got, "nodes")) != 5 || dig(t, got, "nodes", 4, "proof") != nil {
		t.Errorf("%v", got)
	}
	l := sealed.listen(t, `subscription { changes(sealed: true) { cursor node { seq proof { index size } } } }`, nil)
	for i := range 4 {
		if _, n := l.item(); dig(t, n, "proof", "index") != float64(i) {
			t.Errorf("%v", n)
		}
	}
	seal(t, log)
	if _, n := l.item(); n["seq"] != 5.0 || dig(t, n, "proof", "size") != 5.0 {
		t.Errorf("%v", n)
	}
	without := newGuardedWorld(t).as(auditor)
	if r := without.post(query, map[string]any{"sealed": true}); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "UNAVAILABLE" {
		t.Errorf("without a log that is sealed: %s", r.body)
	}
}
