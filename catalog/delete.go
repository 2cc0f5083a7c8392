package catalog

import (
	"context"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Dropped is the lifecycle of a dataset that was deleted.
const Dropped = "DROP"

// DeleteInput names a dataset that is to be marked as deleted.
type DeleteInput struct {
	ID graph.ID
	// Despite tells that it is read by others, and that somebody has weighed that.
	Despite bool
}

// DeleteDataset marks a dataset as deleted, under all of its names: all lineage to and from it ends now, its history stays, and
// an event from later that states it again brings it back.
// Errors: NotFound, Forbidden, Conflict if it is deleted already, or if something reads it and Despite isn't set.
func (s *Service) DeleteDataset(ctx context.Context, in DeleteInput) error {
	return s.correct(ctx, "catalog.delete", in.ID, func(j *join) error { return j.drop(in) })
}

func (j *join) drop(in DeleteInput) error {
	named := []graph.ID{in.ID, factsID(in.ID)}
	if err := j.read(named); err != nil {
		return err
	}
	missing := errs.E(errs.NotFound, "There is no such dataset.")
	if j.datasets.find(in.ID) == nil {
		return missing
	}
	if err := j.readClasses(named); err != nil {
		return err
	}
	head := j.head(in.ID)
	if err := j.maySee(missing, in.ID, head); err != nil {
		return err
	}
	d := j.datasets.find(head)
	if err := j.require(authz.Asset, d.Domain, authz.Edit); err != nil {
		return err
	}
	if strings.EqualFold(d.Lifecycle, Dropped) {
		return errs.E(errs.Conflict, "This dataset is deleted already.")
	}
	if !in.Despite {
		read, err := HasReaders(j.ctx, j.tx, head)
		if err != nil {
			return err
		}
		if read {
			return errs.E(errs.Conflict, "Something reads this dataset. Propose to delete it, so that a second person weighs that.")
		}
	}
	rs, err := j.edit(head, nil)
	if err != nil {
		return err
	}
	// As an event of this moment would say it, and not as a person's word, which would outrank the event that makes it anew.
	by := j.person()
	rs.set(keyDrop, by, Dropped)
	rs.set(keyEvent+string(FieldLifecycle), by, Dropped)
	delete(rs, keyPerson+string(FieldLifecycle))
	j.closed[head], j.reshow[head] = true, true
	return j.settle()
}

// HasReaders tells whether any job or use that is known here reads a dataset, named by its head.
func HasReaders(ctx context.Context, r graph.Reader, head graph.ID) (bool, error) {
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{head}, Dir: graph.Out, Rels: []graph.Rel{RelInput, RelDelivers}, Limit: 1})
	return len(page.Edges) > 0, err
}
