package gqlschema

import (
	"context"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The limits of a document, checked before anything is read. Fields that come in through fragments count where they are
// spread, as often as they are.
const (
	mostTokens     = 5_000
	mostDepth      = 10
	mostAliases    = 15
	mostDirectives = 20
	mostFields     = 2_000 // once fragments are spread
)

// limits refuses documents that are built to be expensive, and opens introspection.
type limits struct {
	schema        costed
	introspection bool
}

func (limits) ExtensionName() string { return "Limits" }

func (limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext looks at the operation that is to be run. Its shape is measured first: only then is its cost
// sure to be computed soon.
func (l limits) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = !l.introspection
	m := &measure{fragments: op.Doc.Fragments, directives: len(op.Operation.Directives)}
	m.walk(op.Operation.SelectionSet, place{depth: 1})
	if m.refusal != nil {
		return m.refusal
	}
	if cost := complexity.Calculate(ctx, l.schema, op.Operation, op.Variables); cost > mostCost {
		m.refuse(op.Operation.Position, "The query may answer with about %d objects, more than %d. Ask for shorter pages.", cost, mostCost)
	}
	return m.refusal
}

// measure counts through an operation and stops at the first limit that it is over, so that fragments that spread each
// other twice cost nothing.
type measure struct {
	fragments                   ast.FragmentDefinitionList
	fields, aliases, directives int
	refusal                     *gqlerror.Error
}

// place is where in an operation a selection stands.
type place struct {
	depth         int
	introspection bool
	list          bool // below a list
	walked        bool // below a node that a walk returned
}

func (m *measure) walk(in ast.SelectionSet, at place) {
	for _, s := range in {
		if m.refusal != nil {
			return
		}
		switch s := s.(type) {
		case *ast.Field:
			m.field(s, at)
		case *ast.InlineFragment:
			m.spread(s.Directives, s.SelectionSet, at, s.Position)
		case *ast.FragmentSpread:
			m.spread(s.Directives, m.fragments.ForName(s.Name).SelectionSet, at, s.Position)
		}
	}
}

// spread counts like a field: a chain of fragments without fields in it would go on for ever.
func (m *measure) spread(directives ast.DirectiveList, in ast.SelectionSet, at place, where *ast.Position) {
	m.fields++
	m.directives += len(directives)
	m.check(at, where)
	m.walk(in, at)
}

func (m *measure) field(f *ast.Field, at place) {
	m.fields++
	m.directives += len(f.Directives)
	if f.Alias != f.Name {
		m.aliases++
	}
	if f.Name == "__schema" || f.Name == "__type" {
		at.introspection = true // the validator bounds its depth
	}
	m.check(at, f.Position)
	m.fits(f, at)
	below := at
	below.depth++
	below.list = at.list || f.Definition.Type.Elem != nil
	below.walked = at.walked || f.Name == "node" && (f.ObjectDefinition.Name == "LineageNode" || f.ObjectDefinition.Name == "ImpactRow")
	m.walk(f.SelectionSet, below)
}

// check holds what was counted so far to the limits.
func (m *measure) check(at place, where *ast.Position) {
	switch {
	case at.depth > mostDepth && !at.introspection:
		m.refuse(where, "The query is deeper than %d levels.", mostDepth)
	case m.aliases > mostAliases:
		m.refuse(where, "The query has more than %d aliases.", mostAliases)
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
	m.refusal = gqlerror.ErrorPosf(where, message, args...)
	errcode.Set(m.refusal, codeLimit)
}
