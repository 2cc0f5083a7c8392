package neo4j

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"weir/errs"
)

// storeVersion counts how the database is laid out. A program refuses a database of a later version than its own.
const storeVersion = 1

// furniture begins the names of the constraints and indexes that are the engine's.
const furniture = "weir_"

const indexWait = 600 // seconds that building indexes over existing data may take

// prepare makes the database what the schema asks. It may run in several programs at once.
func (e *engine) prepare(ctx context.Context) error {
	before, err := e.state(ctx)
	if err != nil {
		return err
	}
	if err := e.furnish(ctx); err != nil {
		return err
	}
	if err := e.command(ctx, "UNWIND range(0, $gates - 1) AS n MERGE (g:_Gate {_n: n}) SET g._lock = true", map[string]any{"gates": allGates}); err != nil {
		return err
	}
	stamps := e.layout.stamps()
	for _, k := range e.layout.sorted() {
		if before[string(k.kind)] == stamps[k.kind] {
			continue
		}
		if err := e.derive(ctx, k); err != nil {
			return err
		}
	}
	b, err := json.Marshal(stamps)
	if err != nil {
		return err
	}
	return e.command(ctx, "MERGE (s:_Store {_id: 'store'}) SET s._version = $version, s._kinds = $kinds",
		map[string]any{"version": storeVersion, "kinds": string(b)})
}

// state reads how the derived properties of each kind were made last; nothing in a fresh database.
func (e *engine) state(ctx context.Context) (map[string]string, error) {
	rows, err := e.run(ctx, "MATCH (s:_Store {_id: 'store'}) RETURN s._version, s._kinds", nil)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if version := number(rows[0][0]); version > storeVersion {
		return nil, errs.Ef(errs.Unavailable, "The database is laid out by a newer program (version %d; this one knows %d).", version, storeVersion)
	}
	var kinds map[string]string
	if err := json.Unmarshal([]byte(text(rows[0][1])), &kinds); err != nil {
		return nil, err
	}
	return kinds, nil
}

// furnish makes the constraints and indexes that are missing, drops those that nobody asks any more, and waits until
// all can be used.
func (e *engine) furnish(ctx context.Context) error {
	there, err := e.furnitureThere(ctx)
	if err != nil {
		return err
	}
	wanted := e.layout.furniture()
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if _, ok := wanted[name]; ok {
			continue
		}
		if err := e.command(ctx, "DROP "+there[name]+" "+quoted(name)+" IF EXISTS", nil); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if _, ok := there[name]; ok {
			continue
		}
		// IF NOT EXISTS is decided before the lock is had: of two servers that begin at one time one may still be refused.
		if err := e.command(ctx, wanted[name], nil); err != nil && codeOf(err) != codeThere {
			return err
		}
	}
	return e.command(ctx, "CALL db.awaitIndexes($seconds)", map[string]any{"seconds": indexWait})
}

// furnitureThere are the names of what is the engine's, with INDEX or CONSTRAINT for each.
func (e *engine) furnitureThere(ctx context.Context) (map[string]string, error) {
	rows, err := e.run(ctx, "SHOW INDEXES YIELD name, owningConstraint", nil)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, row := range rows {
		if name := text(row[0]); strings.HasPrefix(name, furniture) {
			out[name] = "INDEX"
			if row[1] != nil {
				out[name] = "CONSTRAINT"
			}
		}
	}
	return out, nil
}

// furniture are the statements that make each constraint and index, by name.
func (l *layout) furniture() map[string]string {
	out := map[string]string{
		wordsIndex: "CREATE FULLTEXT INDEX " + wordsIndex + " IF NOT EXISTS FOR (n:_Node) ON EACH [n." + propWords + "]" +
			" OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: false}}",
	}
	unique := func(label, prop string) {
		name := furniture + "unique_" + unquoted(label) + "_" + unquoted(prop)
		out[name] = "CREATE CONSTRAINT " + quoted(name) + " IF NOT EXISTS FOR (n:" + label + ") REQUIRE n." + prop + " IS UNIQUE"
	}
	index := func(label, prop string) {
		name := furniture + "range_" + unquoted(label) + "_" + unquoted(prop)
		out[name] = "CREATE RANGE INDEX " + quoted(name) + " IF NOT EXISTS FOR (n:" + label + ") ON (n." + prop + ")"
	}
	unique("_Node", propID)
	unique("_Store", "_id")
	unique("_Gate", "_n")
	unique("_Sequence", "_name")
	unique("_Update", "_id")
	index("_Update", "_at")
	unique("_Lock", "_key")
	index("_Lock", "_at")
	for _, k := range l.sorted() {
		for _, p := range k.spec.Unique {
			unique(label(k.kind), prop(p))
		}
		for _, list := range k.lists {
			index(label(k.kind), list.all)
			index(label(k.kind), list.visible)
		}
	}
	return out
}

func unquoted(name string) string { return strings.Trim(name, "`") }
