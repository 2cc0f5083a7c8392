package catalog

import (
	"context"
	"slices"
	"strconv"

	"weir/audit"
	"weir/authz"
	"weir/graph"
)

// Misplaced is an asset whose audience isn't what it has to be.
type Misplaced struct {
	Asset        graph.ID
	Want, Stored string
}

// CheckAudiences works out all audiences anew, trusting none that is stored, and returns where the store differs, in the
// order of ids. It reads the whole store.
func (s *Service) CheckAudiences(ctx context.Context) ([]Misplaced, error) {
	var c census
	for rec, err := range s.store.Dump(ctx) {
		if err != nil {
			return nil, err
		}
		if err := c.take(rec); err != nil {
			return nil, err
		}
	}
	want := c.audiences(s.unassigned)
	var out []Misplaced
	for _, id := range sortedKeys(want) {
		if stored := c.stored[id]; stored != want[id] {
			out = append(out, Misplaced{id, want[id], stored})
		}
	}
	return out, nil
}

// census is what audiences are derived from.
type census struct {
	datasets   map[graph.ID]Dataset
	transforms map[graph.ID]graph.ID // their domains
	consumers  map[graph.ID]Consumer
	domains    map[graph.ID]authz.Visibility
	stored     map[graph.ID]string
	flows      []graph.Edge
}

func (c *census) take(rec graph.Record) error {
	if c.stored == nil {
		c.datasets, c.consumers = map[graph.ID]Dataset{}, map[graph.ID]Consumer{}
		c.transforms, c.domains, c.stored = map[graph.ID]graph.ID{}, map[graph.ID]authz.Visibility{}, map[graph.ID]string{}
	}
	if e := rec.Edge; e != nil && (e.Rel == RelInput || e.Rel == RelOutput) && e.Known.Until.IsZero() {
		c.flows = append(c.flows, graph.Edge{From: e.From, Rel: e.Rel, To: e.To, Valid: e.Valid})
	}
	if rec.Node == nil {
		return nil
	}
	a, ok, err := readAsset(*rec.Node)
	if err != nil || !ok {
		return err
	}
	key, has := a.audience()
	switch v := a.Value.(type) {
	case Dataset:
		c.datasets[a.ID] = Dataset{Domain: v.Domain, Visibility: v.Visibility, Head: v.Head}
	case Transform:
		c.transforms[a.ID] = v.Domain
	case Consumer:
		c.consumers[a.ID] = Consumer{Domain: v.Domain, Visibility: v.Visibility}
	case Domain:
		c.domains[a.ID] = v.Visibility
	default:
		has = false
	}
	if has {
		c.stored[a.ID] = key
	}
	return nil
}

// audiences are what all assets have to carry.
func (c *census) audiences(unassigned authz.Visibility) map[graph.ID]string {
	out := map[graph.ID]string{}
	key := func(v authz.Visibility, domain graph.ID) string {
		return audienceKey(v, domain, c.domains[domain], unassigned)
	}
	for id, v := range c.domains {
		out[id] = audienceKey(v, id, "", authz.Open)
	}
	for id, v := range c.consumers {
		out[id] = key(v.Visibility, v.Domain)
	}
	for id, d := range c.datasets {
		if head, ok := c.datasets[d.Head]; ok {
			d = head
		}
		out[id] = key(d.Visibility, d.Domain)
	}
	now, ever := map[graph.ID][]string{}, map[graph.ID][]string{}
	for _, e := range c.flows {
		job, data, _ := edgeKey{from: e.From, rel: e.Rel, to: e.To}.ends()
		ever[job] = append(ever[job], out[data])
		if e.Valid.Until.IsZero() {
			now[job] = append(now[job], out[data])
		}
	}
	for id, domain := range c.transforms {
		keys := now[id]
		if len(keys) == 0 {
			keys = ever[id]
		}
		if len(keys) == 0 {
			keys = []string{key("", domain)}
		}
		out[id] = widest(keys)
	}
	return out
}

// Reassign writes the audiences that are not what they have to be, in transactions of graph.MaxPage assets, and returns
// how many those were. It is for a store that was written under another setting of Unassigned, before anything else writes
// into it.
func (s *Service) Reassign(ctx context.Context) (int, error) {
	wrong, err := s.CheckAudiences(ctx)
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(wrong, graph.MaxPage) {
		if err := s.reassign(ctx, part); err != nil {
			return 0, err
		}
	}
	return len(wrong), nil
}

func (s *Service) reassign(ctx context.Context, wrong []Misplaced) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, lockKey); err != nil {
			return err
		}
		want := make([]graph.ID, len(wrong))
		for i, m := range wrong {
			want[i] = m.Asset
		}
		nodes, err := fetch(ctx, tx, want)
		if err != nil {
			return err
		}
		var ws []graph.NodeWrite
		for _, m := range wrong {
			if n, ok := nodes[m.Asset]; ok {
				ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: n.ID, Kind: n.Kind, Props: graph.Props{graph.PropAudience: m.Want}}})
			}
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return audit.Append(ctx, tx, s.now(), audit.Entry{Actor: authz.Actor(ctx), Action: "catalog.reassign", Decision: audit.Allowed,
			Facts: map[string]string{"assets": strconv.Itoa(len(ws))}})
	})
}
