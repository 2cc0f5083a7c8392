package web

import (
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
)

// around is an answer about lineage with its nodes as assets, and its edges by their ends.
type around struct {
	lineage.Answer
	nodes   map[graph.ID]lineage.Node
	assets  map[graph.ID]catalog.Asset // hidden ones are absent
	in, out map[graph.ID][]lineage.Edge
}

func newAround(a lineage.Answer) (*around, error) {
	out := &around{
		Answer: a, nodes: map[graph.ID]lineage.Node{}, assets: map[graph.ID]catalog.Asset{},
		in: map[graph.ID][]lineage.Edge{}, out: map[graph.ID][]lineage.Edge{},
	}
	for _, n := range a.Nodes {
		if err := out.add(n); err != nil {
			return nil, err
		}
	}
	for _, e := range a.Edges {
		out.link(e)
	}
	return out, nil
}

func (a *around) add(n lineage.Node) error {
	a.nodes[n.ID] = n
	if n.Hidden {
		return nil
	}
	asset, err := readAsset(n.Node)
	a.assets[n.ID] = asset
	return err
}

func (a *around) link(e lineage.Edge) {
	a.in[e.To] = append(a.in[e.To], e)
	a.out[e.From] = append(a.out[e.From], e)
}

// root is the asset that was asked about.
func (a *around) root() catalog.Asset { return a.assets[a.Root] }

// isJob tells whether a node stands between others: a transform.
func (a *around) isJob(id graph.ID) bool { return a.assets[id].Kind == catalog.TransformType.Kind }

// readAsset makes an asset of a node of an answer, which may lack properties that its question left out.
func readAsset(n graph.Node) (catalog.Asset, error) {
	var v any
	var err error
	switch n.Kind {
	case catalog.DatasetType.Kind:
		v, err = catalog.DatasetType.Read(n)
	case catalog.TransformType.Kind:
		v, err = catalog.TransformType.Read(n)
	case catalog.ConsumerKind.Kind:
		v, err = catalog.ConsumerKind.Read(n)
	case catalog.ColumnType.Kind:
		v, err = catalog.ColumnType.Read(n)
	case catalog.DomainType.Kind:
		v, err = catalog.DomainType.Read(n)
	case catalog.OwnerType.Kind:
		v, err = catalog.OwnerType.Read(n)
	case catalog.ClassType.Kind:
		v, err = catalog.ClassType.Read(n)
	}
	return catalog.Asset{ID: n.ID, Kind: n.Kind, Value: v}, errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
}
