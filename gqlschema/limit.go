package gqlschema

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"weir/authz"
)

// The limits of a document, checked before anything is read. What comes in through fragments counts where it is spread,
// as often as it is.
const (
	mostTokens     = 5_000
	mostSelections = 500 // as written: the validator compares fields of one name pair by pair
	mostDepth      = 10
	mostAliases    = 15
	mostDirectives = 20
	mostFields     = 2_000 // once fragments are spread
)

// limits refuses documents that are built to be expensive, and opens introspection.
type limits struct {
	schema        *ast.Schema
	introspection bool
}

func (limits) ExtensionName() string { return "Limits" }

func (limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters looks at the document before it is validated. What doesn't parse is left to who parses it
// again and tells why.
func (limits) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, mostTokens)
	if err != nil {
		return nil
	}
	n := 0
	for _, op := range doc.Operations {
		n += selections(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		n += selections(f.SelectionSet)
	}
	if n > mostSelections {
		return refusal(nil, "The query has more than %d fields and fragments.", mostSelections)
	}
	return nil
}

// selections counts the fields and spreads of a set, with those below.
func selections(in ast.SelectionSet) int {
	n := len(in)
	for _, s := range in {
		switch s := s.(type) {
		case *ast.Field:
			n += selections(s.SelectionSet)
		case *ast.InlineFragment:
			n += selections(s.SelectionSet)
		}
	}
	return n
}

// MutateOperationContext looks at the operation that is to be run.
func (l limits) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = !l.introspection
	m := &measure{types: l.schema.Types, fragments: op.Doc.Fragments, variables: op.Variables, introspection: l.introspection}
	m.directives = len(op.Operation.Directives)
	cost := m.walk(op.Operation.SelectionSet, place{depth: 1})
	if most := allowance(authz.From(ctx)); m.refusal == nil && cost > most {
		m.refuse(op.Operation.Position, "The query may answer with about %d objects, more than %d. Ask for shorter pages.", cost, most)
	}
	return m.refusal
}

// measure counts through an operation and stops at the first limit that it is over, so that fragments that spread each
// other twice cost nothing.
type measure struct {
	types                       map[string]*ast.Definition
	fragments                   ast.FragmentDefinitionList
	variables                   map[string]any
	introspection               bool
	fields, aliases, directives int
	passwords                   int // tries
	refusal                     *gqlerror.Error
}

// place is where in an operation a selection stands.
type place struct {
	depth         int
	introspection bool
	list          bool // below a list
	walked        bool // below a node that a walk returned
}

// walk counts a set and returns what it costs.
func (m *measure) walk(in ast.SelectionSet, at place) int {
	cost := 0
	for _, s := range in {
		if m.refusal != nil {
			return cost
		}
		switch s := s.(type) {
		case *ast.Field:
			cost += m.field(s, at)
		case *ast.InlineFragment:
			cost += m.spread(s.Directives, s.SelectionSet, at, s.Position)
		case *ast.FragmentSpread:
			cost += m.spread(s.Directives, m.fragments.ForName(s.Name).SelectionSet, at, s.Position)
		}
	}
	return min(cost, overflow)
}

// spread counts like a field: a chain of fragments without fields in it would go on for ever.
func (m *measure) spread(directives ast.DirectiveList, in ast.SelectionSet, at place, where *ast.Position) int {
	m.fields++
	m.directives += len(directives)
	m.check(at, where)
	return m.walk(in, at)
}

func (m *measure) field(f *ast.Field, at place) int {
	m.fields++
	m.directives += len(f.Directives)
	if f.Alias != f.Name {
		m.aliases++
	}
	if f.Name == "__schema" || f.Name == "__type" {
		at.introspection = true // the validator bounds its depth
		if !m.introspection {
			m.refuse(f.Position, "The schema is not shown here.")
		}
	}
	if f.ObjectDefinition.Name == "Mutation" && f.Name == "changePassword" {
		m.passwords++
	}
	m.check(at, f.Position)
	m.fits(f, at)
	below := at
	below.depth++
	below.list = at.list || f.Definition.Type.Elem != nil
	below.walked = at.walked || f.Name == "node" && (f.ObjectDefinition.Name == "LineageNode" || f.ObjectDefinition.Name == "ImpactRow")
	cost := m.walk(f.SelectionSet, below)
	if at.introspection {
		return 0
	}
	return m.cost(f, cost)
}

// check holds what was counted so far to the limits.
func (m *measure) check(at place, where *ast.Position) {
	switch {
	case at.depth > mostDepth && !at.introspection:
		m.refuse(where, "The query is deeper than %d levels.", mostDepth)
	case m.aliases > mostAliases:
		m.refuse(where, "The query has more than %d aliases.", mostAliases)
	case m.passwords > 1:
		m.refuse(where, "The query tries more than one password.")
	case m.directives > mostDirectives:
		m.refuse(where, "The query has more than %d directives.", mostDirectives)
	case m.fields > mostFields:
		m.refuse(where, "The query has more than %d fields once its fragments are spread.", mostFields)
	}
}

// fits refuses fields where they would cost calls for each member of a list.
func (m *measure) fits(f *ast.Field, at place) {
	switch {
	case at.walked && f.Definition.Arguments.ForName("first") != nil:
		m.refuse(f.Position, "%s is a list of its own, which nodes of lineage don't answer. Ask for it with node(id).", f.Name)
	case at.list && f.Definition.Directives.ForName("alone") != nil:
		m.refuse(f.Position, "%s is answered for one asset at a time, not below a list. Ask for it with node(id).", f.Name)
	}
}

// codeLimit is the code of a refused document.
const codeLimit = "LIMIT_EXCEEDED"

func (m *measure) refuse(where *ast.Position, message string, args ...any) {
	m.refusal = refusal(where, message, args...)
}

func refusal(where *ast.Position, message string, args ...any) *gqlerror.Error {
	e := gqlerror.Errorf(message, args...)
	if where != nil {
		e = gqlerror.ErrorPosf(where, message, args...)
	}
	errcode.Set(e, codeLimit)
	return e
}
