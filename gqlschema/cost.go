package gqlschema

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"weir/authz"
	"weir/catalog/lineage"
)

// What fields cost. A cost is about the number of objects that an answer may hold, so simple values are free.
const (
	lineageCost  = 10  // of a walk
	nodesPerCost = 200 // nodes of a walk that cost one more
	aloneCost    = 10  // of what takes several calls to the store for one asset
	weighCost    = 10  // of working out what would come of asking for one thing, or of deciding it
	mostCost     = 1_000
	readerCost   = 200     // with a token that reads the catalog and no more, which is what gets handed around
	overflow     = 1 << 30 // more than this is not added up
)

// allowance is what a request of somebody may cost.
func allowance(who authz.Principal) int {
	if who.Token != "" && len(who.Scopes) == 1 && who.Scopes[0] == authz.ScopeRead {
		return readerCost
	}
	return mostCost
}

// cost tells what a field costs, given the cost of what is asked for below it.
func (m *measure) cost(f *ast.Field, below int) int {
	def, target := f.Definition, m.types[f.Definition.Type.Name()]
	own := weighCost * m.weighed(f)
	if def.Directives.ForName("alone") != nil {
		own = aloneCost
	}
	switch {
	case isWalk(def):
		nodes := m.number(f, "maxNodes", lineage.DefaultNodes)
		return lineageCost + min(nodes, lineage.MostNodes)/nodesPerCost + below
	case def.Arguments.ForName("first") != nil:
		return own + 1 + min(max(m.number(f, "first", defaultFirst), 0), mostFirst)*below
	case target == nil || target.IsLeafType() || target.Name == "PageInfo":
		return own
	case strings.HasSuffix(f.ObjectDefinition.Name, "Connection") && f.Name == "edges":
		return below
	}
	return own + 1 + below
}

// isWalk tells whether a field answers with the lineage of something, whatever the number of its nodes.
func isWalk(def *ast.FieldDefinition) bool {
	switch def.Type.Name() {
	case "Lineage", "LineagePaths", "ColumnOrigins":
		return true
	}
	return false
}

// number is an argument, from the document or from a variable.
func (m *measure) number(f *ast.Field, name string, other int) int {
	v := f.ArgumentMap(m.variables)[name]
	n, err := graphql.UnmarshalInt(v)
	if err != nil || v == nil {
		return other
	}
	return n
}

// weighed is how many things a field asks the marketplace to work out.
func (m *measure) weighed(f *ast.Field) int {
	in := f.ArgumentMap(m.variables)["input"]
	switch f.Name {
	case "requestPreview", "submitRequest", "saveDraft":
		fields, _ := in.(map[string]any)
		items, _ := fields["items"].([]any)
		return len(items)
	case "decideAll":
		all, _ := in.([]any)
		return len(all)
	case "decide":
		return 1
	}
	return 0
}
