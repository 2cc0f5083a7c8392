package catalog

import (
	"context"
	"slices"
)

// Help is what to try where nothing was found.
type Help struct {
	Spelling string // the same search with words that are known; "" if there is none better
	Drops    []Drop // terms that stand in the way, those that bring most first
}

// Drop is a term that could go.
type Drop struct {
	Term   Term
	Query  string // the search without it
	Total  int    // what that finds
	Capped bool   // Total is "at least"
}

const (
	maxSpelling = 2 // words corrected
	stemLen     = 2 // characters of a word that are taken to be right
)

// help looks for a search that finds something, as far as the calls reach.
func (s *Service) help(ctx context.Context, p *plan) (Help, error) {
	var out Help
	var err error
	if p.typed.Words != nil {
		if out.Spelling, err = s.spelling(ctx, p); err != nil {
			return out, err
		}
	}
	for _, t := range p.typed.Terms {
		if t.Not || !slices.Contains(droppable, t.Field) || p.calls+hitCalls >= maxCalls {
			continue
		}
		p.calls++
		q := p.search(t.Field)
		res, err := s.find(ctx, q)
		if err != nil {
			return out, err
		}
		if res.Total > 0 {
			out.Drops = append(out.Drops, Drop{t, p.typed.withoutField(t.Field).String(), res.Total, res.Capped})
		}
	}
	slices.SortStableFunc(out.Drops, func(a, b Drop) int { return b.Total - a.Total })
	return out, nil
}

// droppable are the fields whose conditions the store answers by themselves.
var droppable = []string{byKind, byDomain, byOwner, byTag, byClass, byClassification, byPlatform, byType, byState, byNamespace, byHas, byIs}

func (t Typed) withoutField(field string) Typed {
	t.Terms = slices.DeleteFunc(slices.Clone(t.Terms), func(have Term) bool { return have.Field == field && !have.Not })
	return t
}
