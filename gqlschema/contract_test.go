package gqlschema

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"weir/gqlschema/gen"
)

// contract is what others build on: names, types, arguments and defaults as they were promised.
const contract = `
enum LineageDirection { UPSTREAM DOWNSTREAM BOTH }
type Query {
  dataset(namespace: String!, name: String!): Dataset
  lineage(id: ID!, direction: LineageDirection!, depth: Int = 1, asOf: DateTime, filter: LineageFilter, maxNodes: Int): Lineage!
}
type Lineage { root: ID!  nodes: [LineageNode!]!  edges: [LineageEdge!]!  totals: [KindCount!]!  isPartial: Boolean!  partialReason: String }
type LineageNode { id: ID!  depth: Int!  side: LineageSide!  hidden: Boolean!  node: Node }
type LineageEdge { from: ID!  to: ID!  kind: EdgeKind!  producer: String!  sources: [String!]!  since: DateTime!  until: DateTime  confirmedAt: DateTime }
`

func schema() *ast.Schema {
	return gen.NewExecutableSchema(gen.Config{Resolvers: &resolver{}}).Schema()
}

func TestSchemaKeepsTheContract(t *testing.T) {
	doc, err := parser.ParseSchema(&ast.Source{Input: contract})
	if err != nil {
		t.Fatal(err)
	}
	ours := schema()
	for _, want := range doc.Definitions {
		got := ours.Types[want.Name]
		if got == nil || got.Kind != want.Kind {
			t.Fatalf("%s is missing or of another kind", want.Name)
		}
		for _, v := range want.EnumValues {
			if got.EnumValues.ForName(v.Name) == nil {
				t.Errorf("%s has no %s", want.Name, v.Name)
			}
		}
		for _, f := range want.Fields {
			keepsField(t, want.Name, f, got.Fields.ForName(f.Name))
		}
	}
}

func keepsField(t *testing.T, typ string, want, got *ast.FieldDefinition) {
	t.Helper()
	if got == nil || got.Type.String() != want.Type.String() {
		t.Errorf("%s.%s is not a %s", typ, want.Name, want.Type)
		return
	}
	for _, a := range want.Arguments {
		g := got.Arguments.ForName(a.Name)
		if g == nil || g.Type.String() != a.Type.String() || g.DefaultValue.String() != a.DefaultValue.String() {
			t.Errorf("%s.%s(%s) is not as promised", typ, want.Name, a.Name)
		}
	}
	for _, a := range got.Arguments {
		if want.Arguments.ForName(a.Name) == nil && a.Type.NonNull && a.DefaultValue == nil {
			t.Errorf("%s.%s(%s) is required, which breaks clients", typ, want.Name, a.Name)
		}
	}
}

// Relay wants the same of every list, and so do our limits.
func TestConnectionsAreAlike(t *testing.T) {
	for name, typ := range schema().Types {
		for _, f := range typ.Fields {
			target := schema().Types[f.Type.Name()]
			if !isConnection(target) {
				continue
			}
			first := f.Arguments.ForName("first")
			if first == nil || first.Type.Name() != "Int" || first.DefaultValue == nil || first.DefaultValue.Raw != "25" || f.Arguments.ForName("after") == nil {
				t.Errorf("%s.%s has no first with 25 as its default, or no after", name, f.Name)
			}
			if got := target.Fields.ForName("pageInfo"); got == nil || got.Type.String() != "PageInfo!" {
				t.Errorf("%s has no pageInfo", target.Name)
			}
			edge := schema().Types[target.Fields.ForName("edges").Type.Name()]
			if edge.Fields.ForName("cursor").Type.String() != "String!" || edge.Fields.ForName("node") == nil {
				t.Errorf("%s lacks cursor or node", edge.Name)
			}
		}
	}
}

func isConnection(d *ast.Definition) bool {
	const suffix = "Connection"
	return len(d.Name) > len(suffix) && d.Name[len(d.Name)-len(suffix):] == suffix
}

func TestEverythingIsExplainedOrObvious(t *testing.T) {
	for _, f := range schema().Query.Fields {
		if f.Type.Name() == "Lineage" && f.Description == "" {
			t.Errorf("Query.%s tells nothing about itself", f.Name)
		}
	}
}
