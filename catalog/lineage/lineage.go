// Package lineage answers what data was made from and what depends on it: upstream, downstream and both, impact, paths,
// columns, as of a time, and what changed between two. It also carries data classes along column lineage (Propagator).
//
// Edges point downstream. A depth counts edges: from a dataset over the transform that reads it to the dataset that the
// transform writes is 2. Every question costs a fixed number of store calls, however much it finds, but for lists beyond
// graph.MaxBatch, which are read in parts of that size.
package lineage

import (
	"context"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// The bounds of a question.
const (
	DefaultNodes = 1_000          // nodes returned unless a query says otherwise
	MostNodes    = graph.MaxNodes // nodes that a query may ask for
	EdgesPerStep = 2              // a step on a page leads from a dataset to a dataset, over a transform
)

// Service answers questions about lineage. It keeps no state between them and may be used by many goroutines.
type Service struct {
	store  graph.Reader
	now    func() time.Time
	budget time.Duration
	viewer Viewer
}

// New makes a service that sees everything. The clock decides what "now" is where a query leaves its time out.
func New(store graph.Reader, now func() time.Time) *Service {
	return &Service{store: store, now: now}
}

// For returns the service as it answers one viewer: what he may not see is hidden in every answer.
func (s *Service) For(v Viewer) *Service {
	out := *s
	out.viewer = v
	return &out
}

// Within returns the service with a time budget for a walk. A walk that takes longer is answered for its first step alone,
// as a partial answer; 0 means no budget but the context's.
func (s *Service) Within(budget time.Duration) *Service {
	out := *s
	out.budget = budget
	return &out
}

// Depth returns how many edges a number of steps on a page are.
func Depth(steps int) int { return min(steps*EdgesPerStep, graph.MaxDepth) }

// asset reads a node that lineage can be asked of. A dataset that is another one's alias answers with its head.
func (s *Service) asset(ctx context.Context, field string, id graph.ID) (graph.Node, error) {
	n, err := s.one(ctx, id)
	if err != nil {
		return graph.Node{}, err
	}
	switch n.Kind {
	case catalog.TransformType.Kind, catalog.ConsumerKind.Kind, catalog.ColumnType.Kind:
		return n, nil
	case catalog.DatasetType.Kind:
	default:
		return graph.Node{}, errs.Badf(field, "is a %s; lineage has datasets, columns, transforms and consumers.", n.Kind)
	}
	d, err := read(catalog.DatasetType, n)
	if err != nil || d.Head == "" {
		return n, err
	}
	return s.one(ctx, d.Head)
}

// one reads a node; a hidden one answers like a missing one.
func (s *Service) one(ctx context.Context, id graph.ID) (graph.Node, error) {
	n, err := graph.One(ctx, s.store, id)
	if err != nil {
		return graph.Node{}, err
	}
	v, err := s.veil(ctx, n)
	if err != nil {
		return graph.Node{}, err
	}
	if v.hides(id) {
		return graph.Node{}, errs.E(errs.NotFound, "There is no such thing.")
	}
	return n, nil
}

// read decodes a node of the catalog; one that can't be decoded is a fault of ours.
func read[T any](typ *graph.Type[T], n graph.Node) (T, error) {
	v, err := typ.Read(n)
	return v, errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
}

func isColumn(n graph.Node) bool { return n.Kind == catalog.ColumnType.Kind }
