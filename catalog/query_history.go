package catalog

import (
	"context"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// History is what happened to an asset, newest first, from the audit log. An alias answers with its head. NotFound if
// there is no such asset.
func (s *Service) History(ctx context.Context, id graph.ID, first int, after string) (Page[audit.Entry], error) {
	if err := checkFirst(first); err != nil {
		return Page[audit.Entry]{}, err
	}
	found, err := s.Assets(ctx, id)
	if err != nil {
		return Page[audit.Entry]{}, err
	}
	a, ok := found[id]
	if !ok {
		return Page[audit.Entry]{}, errs.E(errs.NotFound, "There is no such thing.")
	}
	h, err := audit.Of(ctx, s.store, a.ID, first, after)
	if err != nil {
		return Page[audit.Entry]{}, err
	}
	shown, err := s.ShownEntries(ctx, h.Entries)
	return Page[audit.Entry]{shown, h.Next}, err
}

// ChangedAsset is something that changed lately: the entry of the log, with the changes of that asset alone.
type ChangedAsset struct {
	Asset Asset
	Entry audit.Entry
}

const (
	changedEntries = 100 // of the log that are looked through for what changed lately
	changedSpare   = 4   // assets looked up for each one shown: some are columns or gone
)

// Changed are the assets that changed last, each once with its latest change, newest first.
func (s *Service) Changed(ctx context.Context, first int) ([]ChangedAsset, error) {
	if err := checkFirst(first); err != nil {
		return nil, err
	}
	entries, err := audit.Latest(ctx, s.store, changedEntries)
	if err != nil {
		return nil, err
	}
	order, last := latestChanges(entries, changedSpare*first)
	found, err := s.Assets(ctx, order...)
	if err != nil {
		return nil, err
	}
	return s.shownChanges(ctx, changedAssets(order, last, found, first))
}

// shownChanges are changes of visible assets as the viewer may see them.
func (s *Service) shownChanges(ctx context.Context, changed []ChangedAsset) ([]ChangedAsset, error) {
	entries := make([]audit.Entry, len(changed))
	for i, c := range changed {
		entries[i] = c.Entry
	}
	entries, err := s.ShownEntries(ctx, entries)
	if err != nil {
		return nil, err
	}
	for i := range changed {
		changed[i].Entry = entries[i]
	}
	return changed, nil
}

func changedAssets(order []graph.ID, last map[graph.ID]audit.Entry, found map[graph.ID]Asset, first int) []ChangedAsset {
	var out []ChangedAsset
	seen := map[graph.ID]bool{}
	for _, id := range order {
		a, ok := found[id]
		if !ok || seen[a.ID] || len(out) == first {
			continue
		}
		seen[a.ID] = true
		out = append(out, ChangedAsset{a, last[id]})
	}
	return out
}

// latestChanges are up to most assets in the order of their latest entry, and that entry with their changes alone.
func latestChanges(entries []audit.Entry, most int) ([]graph.ID, map[graph.ID]audit.Entry) {
	var order []graph.ID
	last := map[graph.ID]audit.Entry{}
	for _, e := range entries {
		mine := map[graph.ID]bool{} // this entry is their latest
		for _, c := range e.Changes {
			_, known := last[c.Asset]
			if !known && len(order) < most {
				order = append(order, c.Asset)
				mine[c.Asset] = true
				own := e
				own.Changes = nil
				last[c.Asset] = own
			}
			if mine[c.Asset] {
				own := last[c.Asset]
				own.Changes = append(own.Changes, c)
				last[c.Asset] = own
			}
		}
	}
	return order, last
}
