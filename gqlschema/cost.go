package gqlschema

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"weir/catalog/lineage"
)

// What fields cost. A cost is about the number of objects that an answer may hold, so simple values are free.
const (
	lineageCost  = 10  // of a walk
	nodesPerCost = 200 // nodes of a walk that cost one more
	aloneCost    = 10  // of what takes several calls to the store for one asset
	mostCost     = 1_000
	overflow     = 1 << 30 // more than this is not added up
)

// costed is the schema with our own rule of what a field costs in place of a function for each field.
type costed struct {
	graphql.ExecutableSchema
}

// Complexity tells what a field costs, given the cost of what is asked for below it.
func (c costed) Complexity(_ context.Context, typ, field string, below int, args map[string]any) (int, bool) {
	def := c.Schema().Types[typ].Fields.ForName(field)
	if def == nil {
		return 0, true // __typename and introspection
	}
	target := c.Schema().Types[def.Type.Name()]
	own := 0
	if def.Directives.ForName("alone") != nil {
		own = aloneCost
	}
	switch {
	case isWalk(def):
		return lineageCost + min(number(args, "maxNodes", lineage.DefaultNodes), lineage.MostNodes)/nodesPerCost + below, true
	case def.Arguments.ForName("first") != nil:
		return own + 1 + min(max(number(args, "first", defaultFirst), 0), mostFirst)*below, true
	case target.IsLeafType() || target.Name == "PageInfo":
		return own, true
	case strings.HasSuffix(typ, "Connection") && field == "edges":
		return below, true
	}
	return own + 1 + below, true
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
func number(args map[string]any, name string, other int) int {
	n, err := graphql.UnmarshalInt(args[name])
	if err != nil || args[name] == nil {
		return other
	}
	return n
}
