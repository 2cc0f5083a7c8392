package catalog

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

func missingAsset() error { return errs.E(errs.NotFound, "There is no such asset.") }

// asset is what is to be under an id, of what was read; its Value is nil if there is nothing.
func (j *join) asset(id graph.ID) Asset {
	if d := j.datasets.find(id); d != nil {
		return Asset{id, DatasetType.Kind, *d}
	}
	if t := j.transforms.find(id); t != nil {
		return Asset{id, TransformType.Kind, *t}
	}
	if c := j.consumers.find(id); c != nil {
		return Asset{id, ConsumerKind.Kind, *c}
	}
	if d := j.domains.find(id); d != nil {
		return Asset{id, DomainType.Kind, *d}
	}
	return Asset{ID: id}
}

// maySee answers with missing for what the actor may not see.
func (j *join) maySee(missing error, ids ...graph.ID) error {
	if j.policy == nil {
		return nil
	}
	if !authz.From(j.ctx).Known() {
		return j.policy.Require(j.ctx, authz.Asset, authz.Everywhere, authz.View) // to be told to sign in
	}
	v := j.policy.Visible(j.ctx)
	for _, id := range ids {
		if key, _ := j.asset(id).audience(); !sees(v, key) {
			return missing
		}
	}
	return nil
}

// require notes a refusal, so that the attempt is written down.
func (j *join) require(kind authz.Kind, domain graph.ID, action authz.Action) error {
	err := j.policy.Require(j.ctx, kind, string(domain), action)
	if errs.Is(err, errs.Forbidden) {
		j.refused = err
	}
	return err
}

// mayEdit refuses to change what people say of an asset. A column is asked about as its dataset; subject is the head of
// what was named.
func (j *join) mayEdit(named, subject graph.ID) error {
	if err := j.maySee(missingAsset(), named, subject); err != nil {
		return err
	}
	if j.domains.find(subject) != nil {
		return j.require(authz.Domain, subject, authz.Edit)
	}
	return j.require(authz.Asset, j.asset(subject).DomainID(), authz.Edit)
}

// mayMove refuses to bring an asset into a domain in which the actor may not change any.
func (j *join) mayMove(from, to graph.ID) error {
	if from == to {
		return nil
	}
	return j.require(authz.Asset, to, authz.Edit)
}

// mayLink refuses to correct lineage. It is for the domains of the datasets concerned to say: a job follows its data.
func (j *join) mayLink(missing error, ids ...graph.ID) error {
	for _, id := range ids {
		if j.asset(id).Value == nil {
			return missing
		}
	}
	if err := j.maySee(missing, ids...); err != nil {
		return err
	}
	for _, id := range ids {
		if d := j.datasets.find(j.head(id)); d != nil {
			if err := j.require(authz.Asset, d.Domain, authz.Link); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuse writes down an attempt that was not allowed, and returns why. That somebody tried is kept only of what he may
// see; else the entry would tell him, by being there, that there is something.
func (s *Service) refuse(ctx context.Context, action string, target graph.ID, why error) error {
	return s.policy.Refused(ctx, s.store, s.now(), action, target, why)
}
