package marketplace

import (
	"cmp"
	"context"
	"slices"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// ExportGrants gives all grants of a view to each, one after another, for a file. It needs the right to take lists of grants
// out, of GrantsAll wherever that is; that somebody did so is written to the log before the first one.
// Errors: Unauthenticated, Forbidden, Invalid; those of each.
func (s *Service) ExportGrants(ctx context.Context, in GrantList, each func(GrantRow) error) error {
	const action = "marketplace.grant-export"
	v, err := s.viewerOf(ctx, s.store)
	if err != nil {
		return err
	}
	domains, err := s.everywhere(ctx, v, authz.Export)
	if err != nil {
		return s.refused(ctx, action, "", err)
	}
	if in.View != GrantsAll {
		return errs.Bad("view", "has to be all, for a file.")
	}
	states, err := statesOf(in.State)
	if err != nil {
		return err
	}
	err = s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, s.now(), audit.Entry{Actor: authz.Actor(ctx), Action: action, Decision: audit.Allowed,
			Facts: map[string]string{"state": cmp.Or(in.State, GrantsLive), "domains": decimal(len(domains))}})
	})
	if err != nil {
		return err
	}
	for _, w := range domains {
		for _, state := range states {
			q := graph.Query{Where: append(slices.Clone(w), where("state", string(state))), Sort: "until", Limit: graph.MaxPage}
			if err := s.exportList(ctx, q, each); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) exportList(ctx context.Context, q graph.Query, each func(GrantRow) error) error {
	for {
		page, err := list(ctx, s.store, grantType, q)
		if err != nil {
			return err
		}
		rows, err := s.grantRows(ctx, page.Items)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}
