package catalog

import (
	"context"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// maxPlaced is how many assets of one domain are given another audience at once.
const maxPlaced = 100_000

// placeDomains gives the assets of the domains whose visibility changed the audience that follows. It comes after
// everything else was written, since it reads what it needs again: these may be very many.
func (j *join) placeDomains() error {
	for _, id := range sortedKeys(j.domains.cells) {
		c := j.domains.cells[id]
		if c.was.Visibility == c.now.Visibility {
			continue
		}
		p := placer{ctx: j.ctx, tx: j.tx, unassigned: j.unassigned}
		if err := p.domain(id, c.now.Visibility); err != nil {
			return err
		}
	}
	return nil
}

// placer writes audiences anew, of what stands in the store.
type placer struct {
	ctx        context.Context
	tx         graph.Tx
	unassigned authz.Visibility
	placed     int // assets looked at
}

// domain brings all assets of a domain in line with its visibility.
func (p *placer) domain(id graph.ID, v authz.Visibility) error {
	in := is("domain", string(id))
	known := graph.Filter{Prop: "inferred", Values: []any{true}}
	for _, q := range []graph.Query{
		{Kind: DatasetType.Kind, Where: []graph.Filter{noAlias, notInferred, in}, Sort: "name"},
		{Kind: DatasetType.Kind, Where: []graph.Filter{noAlias, known, in}, Sort: "name"},
		{Kind: ConsumerKind.Kind, Where: []graph.Filter{in}, Sort: "name"},
		{Kind: TransformType.Kind, Where: []graph.Filter{in}, Sort: "name"},
	} {
		if err := p.list(q, func(nodes []graph.Node) error { return p.nodes(nodes, map[graph.ID]authz.Visibility{id: v}) }); err != nil {
			return err
		}
	}
	return nil
}

// list calls do with all nodes of a list, page by page.
func (p *placer) list(q graph.Query, do func([]graph.Node) error) error {
	q.Limit = graph.MaxPage
	for {
		page, err := p.tx.List(p.ctx, q)
		if err != nil {
			return err
		}
		if p.placed += len(page.Nodes); p.placed > maxPlaced {
			return errs.Ef(errs.TooLarge, "More than %d assets would change who may see them at once. Move some of them into a domain of their own first.", maxPlaced)
		}
		if err := do(page.Nodes); err != nil {
			return err
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// nodes gives a page of assets of one kind their audience. defaults are the visibilities of their domains.
func (p *placer) nodes(nodes []graph.Node, defaults map[graph.ID]authz.Visibility) error {
	keys := map[graph.ID]string{}
	var ids []graph.ID
	for _, n := range nodes {
		domain, _ := n.Props["domain"].(string)
		v, _ := n.Props["visibility"].(string)
		keys[n.ID] = audienceKey(authz.Visibility(v), graph.ID(domain), defaults[graph.ID(domain)], p.unassigned)
		ids = append(ids, n.ID)
	}
	switch {
	case len(nodes) == 0:
		return nil
	case nodes[0].Kind == TransformType.Kind:
		return p.jobs(ids, keys)
	case nodes[0].Kind == ConsumerKind.Kind:
		return p.put(ConsumerKind.Kind, keys)
	}
	return p.datasets(ids, keys)
}

// datasets writes the audiences of heads and of their other names, and then those of the transforms around them.
func (p *placer) datasets(heads []graph.ID, keys map[graph.ID]string) error {
	want := make([]graph.ID, len(heads))
	for i, id := range heads {
		want[i] = factsID(id)
	}
	nodes, err := fetch(p.ctx, p.tx, want)
	if err != nil {
		return err
	}
	for _, n := range nodes {
		f, err := factsType.Read(n)
		if err != nil {
			return unreadable(err)
		}
		for _, m := range f.Members {
			keys[graph.ID(m)] = keys[f.Subject]
		}
	}
	if err := p.put(DatasetType.Kind, keys); err != nil {
		return err
	}
	jobs, err := p.around(sortedKeys(keys))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(jobs, graph.MaxPage) {
		found, err := fetch(p.ctx, p.tx, slices.Clone(part))
		if err != nil {
			return err
		}
		if err := p.jobs(part, p.ownKeys(found)); err != nil {
			return err
		}
	}
	return nil
}

// ownKeys keep what transforms without any dataset have; it is worked out with their own domain.
func (p *placer) ownKeys(found map[graph.ID]graph.Node) map[graph.ID]string {
	out := map[graph.ID]string{}
	for id, n := range found {
		if n.Kind == TransformType.Kind {
			out[id], _ = n.Props[graph.PropAudience].(string)
		}
	}
	return out
}

// around are the transforms that read or write datasets, or did.
func (p *placer) around(datasets []graph.ID) ([]graph.ID, error) {
	reads, err := adjacent(p.ctx, p.tx, slices.Clone(datasets), graph.Out, RelInput)
	if err != nil {
		return nil, err
	}
	writes, err := adjacent(p.ctx, p.tx, slices.Clone(datasets), graph.In, RelOutput)
	if err != nil {
		return nil, err
	}
	jobs := map[graph.ID]bool{}
	for _, e := range append(reads, writes...) {
		job, _, _ := edgeKey{from: e.From, rel: e.Rel, to: e.To}.ends()
		jobs[job] = true
	}
	return sortedKeys(jobs), nil
}

// jobs writes the audiences of transforms: those of their datasets, or without any the given ones.
func (p *placer) jobs(ids []graph.ID, keys map[graph.ID]string) error {
	data, err := dataAround(p.ctx, p.tx, ids)
	if err != nil {
		return err
	}
	for id, of := range data {
		if _, ok := keys[id]; ok && len(of) > 0 {
			keys[id] = widest(of)
		}
	}
	return p.put(TransformType.Kind, keys)
}

// dataAround are the audiences of the datasets that transforms read or write, or, where all of that ended, did.
func dataAround(ctx context.Context, r graph.Reader, jobs []graph.ID) (map[graph.ID][]string, error) {
	in, err := adjacent(ctx, r, slices.Clone(jobs), graph.In, RelInput)
	if err != nil {
		return nil, err
	}
	out, err := adjacent(ctx, r, slices.Clone(jobs), graph.Out, RelOutput)
	if err != nil {
		return nil, err
	}
	edges := append(in, out...)
	var want []graph.ID
	for _, e := range edges {
		want = append(want, e.From, e.To)
	}
	nodes, err := fetch(ctx, r, want)
	if err != nil {
		return nil, err
	}
	now, ever := map[graph.ID][]string{}, map[graph.ID][]string{}
	for _, e := range edges {
		job, id, _ := edgeKey{from: e.From, rel: e.Rel, to: e.To}.ends()
		key, ok := nodes[id].Props[graph.PropAudience].(string)
		if !ok {
			continue
		}
		ever[job] = append(ever[job], key)
		if e.Valid.Until.IsZero() {
			now[job] = append(now[job], key)
		}
	}
	for id, keys := range ever {
		if len(now[id]) == 0 {
			now[id] = keys
		}
	}
	return now, nil
}

// put writes the audiences that differ from what stands, and nothing else.
func (p *placer) put(kind graph.Kind, keys map[graph.ID]string) error {
	have, err := fetch(p.ctx, p.tx, sortedKeys(keys))
	if err != nil {
		return err
	}
	ws := make([]graph.NodeWrite, 0, len(keys))
	for _, id := range sortedKeys(keys) {
		if n, ok := have[id]; !ok || n.Props[graph.PropAudience] == keys[id] {
			continue
		}
		ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: id, Kind: kind, Props: graph.Props{graph.PropAudience: keys[id]}}})
	}
	for part := range slices.Chunk(ws, graph.MaxBatch) {
		if _, err := p.tx.Put(p.ctx, part...); err != nil {
			return err
		}
	}
	return nil
}
