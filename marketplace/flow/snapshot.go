package flow

import (
	"maps"
	"slices"

	"weir/graph"
)

// Unmasked are the inflows that reach their column in clear.
func (s Snapshot) Unmasked() []Inflow {
	var out []Inflow
	for _, in := range s.Inflows {
		if !in.Masked {
			out = append(out, in)
		}
	}
	return out
}

// Origins are the datasets that unmasked classes come from, sorted, without the asked datasets themselves.
func (s Snapshot) Origins() []graph.ID {
	asked := map[graph.ID]bool{}
	for _, c := range s.Columns {
		asked[c.Dataset] = true
	}
	found := map[graph.ID]bool{}
	for _, in := range s.Unmasked() {
		if !asked[in.OriginDataset] {
			found[in.OriginDataset] = true
		}
	}
	return sortedKeys(found)
}

// Of is the snapshot of fewer asked columns: what Read would have told of them, but that it stays Partial.
func (s Snapshot) Of(columns ...graph.ID) Snapshot {
	want := setOf(columns)
	out := Snapshot{Partial: s.Partial}
	for _, c := range s.Columns {
		if want[c.ID] {
			out.Columns = append(out.Columns, c)
		}
	}
	for _, in := range s.Inflows {
		if want[in.Column] {
			out.Inflows = append(out.Inflows, in)
		}
	}
	for _, c := range s.Coarse {
		c.Columns = slices.DeleteFunc(slices.Clone(c.Columns), func(id graph.ID) bool { return !want[id] })
		if len(c.Columns) > 0 {
			out.Coarse = append(out.Coarse, c)
		}
	}
	for _, id := range s.Missing {
		if want[id] {
			out.Missing = append(out.Missing, id)
		}
	}
	out.Names = s.namesOf(out.named())
	return out
}

// named are the ids that the snapshot names, but for datasets of columns.
func (s Snapshot) named() map[graph.ID]bool {
	out := map[graph.ID]bool{}
	walk := func(steps []Step) {
		for _, st := range steps {
			out[st.From], out[st.To] = true, true
			for _, id := range st.Via {
				out[id] = true
			}
		}
	}
	for _, c := range s.Columns {
		out[c.ID], out[c.Dataset] = true, true
	}
	for _, in := range s.Inflows {
		out[in.Origin], out[in.OriginDataset] = true, true
		walk(in.Steps)
	}
	for _, c := range s.Coarse {
		out[c.Origin] = true
		walk(c.Steps)
	}
	return out
}

// namesOf are the names of these ids and of the datasets of columns among them.
func (s Snapshot) namesOf(want map[graph.ID]bool) map[graph.ID]Thing {
	out := map[graph.ID]Thing{}
	for id := range want {
		t, ok := s.Names[id]
		if !ok {
			continue
		}
		out[id] = t
		if home, ok := s.Names[t.Dataset]; ok {
			out[t.Dataset] = home
		}
	}
	return out
}

func setOf(ids []graph.ID) map[graph.ID]bool {
	out := make(map[graph.ID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out
}

func sortedKeys[V any](m map[graph.ID]V) []graph.ID { return slices.Sorted(maps.Keys(m)) }
