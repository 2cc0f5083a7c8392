package gqlschema

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// wants tells whether the field that is being answered is asked for a field below it, along a path of response fields.
func wants(ctx context.Context, path ...string) bool {
	field := graphql.GetFieldContext(ctx).Field
	return asked(graphql.GetOperationContext(ctx), field.Selections, path)
}

// asked looks into fragments of any type: what a union may turn out to be is not known yet.
func asked(op *graphql.OperationContext, in ast.SelectionSet, path []string) bool {
	for _, s := range in {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == path[0] && (len(path) == 1 || asked(op, s.SelectionSet, path[1:])) {
				return true
			}
		case *ast.InlineFragment:
			if asked(op, s.SelectionSet, path) {
				return true
			}
		case *ast.FragmentSpread:
			if asked(op, op.Doc.Fragments.ForName(s.Name).SelectionSet, path) {
				return true
			}
		}
	}
	return false
}
