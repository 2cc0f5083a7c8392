package catalog

import (
	"context"
	"slices"

	"weir/graph"
)

// Code is the source text of a transform. Text is empty if none was ever stated.
type Code struct {
	Language string
	Text     string
}

// Code looks the code of a transform up. It is empty for those who may not see all data that the transform handles.
func (s *Service) Code(ctx context.Context, transform graph.ID) (Code, error) {
	t, err := one[Transform](ctx, s, transform, "job")
	if err != nil || t.Code == "" {
		return Code{}, err
	}
	open, err := s.readable(ctx, []graph.ID{t.ID})
	if err != nil || !open[t.ID] {
		return Code{}, err
	}
	texts, err := s.documents(ctx, []graph.ID{t.Code})
	return Code{t.Language, texts[t.Code]}, err
}

// readable tells which jobs' code the viewer may read, and writes down that he reads about what is restricted.
func (s *Service) readable(ctx context.Context, jobs []graph.ID) (map[graph.ID]bool, error) {
	out := map[graph.ID]bool{}
	for _, id := range jobs {
		out[id] = true
	}
	if s.policy == nil || len(jobs) == 0 {
		return out, nil
	}
	data, err := s.dataOfJobs(ctx, jobs)
	if err != nil {
		return nil, err
	}
	v := s.visible(ctx)
	var read []Dataset
	for job, of := range data {
		if slices.ContainsFunc(of, func(d Dataset) bool { return !sees(v, d.Audience) }) {
			delete(out, job)
			continue
		}
		read = append(read, of...)
	}
	return out, s.recordReads(ctx, read...)
}

// documents reads texts, decompressed; missing ones are absent.
func (s *Service) documents(ctx context.Context, ids []graph.ID) (map[graph.ID]string, error) {
	nodes, err := fetch(ctx, s.store, ids)
	if err != nil {
		return nil, err
	}
	return texts(nodes)
}

// texts are the bodies of those nodes that are documents.
func texts(nodes map[graph.ID]graph.Node) (map[graph.ID]string, error) {
	out := make(map[graph.ID]string, len(nodes))
	for id, n := range nodes {
		if n.Kind != DocType.Kind {
			continue
		}
		d, err := DocType.Read(n)
		if err != nil {
			return nil, unreadable(err)
		}
		b, err := d.Text()
		if err != nil {
			return nil, err
		}
		out[id] = string(b)
	}
	return out, nil
}
