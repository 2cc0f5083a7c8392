package marketplace

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace/flow"
	"weir/marketplace/template"
)

// HiddenName is what a dataset, column or transform is called that the viewer may not see.
const HiddenName = "hidden from you"

// veilKey makes pseudonyms of hidden things that tell nothing, not even whether two viewers look at the same.
var veilKey = func() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it ends the program instead of returning an error
	return key
}()

// pseudonym is the id of something hidden, for the viewer in ctx.
func pseudonym(ctx context.Context, id graph.ID) graph.ID {
	mac := hmac.New(sha256.New, veilKey)
	mac.Write([]byte(authz.Actor(ctx) + "\x00" + string(id)))
	return graph.ID("hid_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)))[:26])
}

// redacted is a snapshot as the viewer in ctx may see it: what is hidden from him keeps its place on the way and its class, and
// loses its name, owners and id. What is on offer is shown: whoever offers it said so.
func (s *Service) redacted(ctx context.Context, f flow.Snapshot, t target) flow.Snapshot {
	hidden := func(id graph.ID) bool {
		thing, known := f.Names[id]
		if !known {
			return false
		}
		home := id
		if thing.Dataset != "" {
			home = thing.Dataset
		}
		if _, offered := t.Datasets[home]; offered {
			return false
		}
		return !s.policy.Sees(ctx, f.Names[home].Audience)
	}
	name := func(id graph.ID) graph.ID {
		if hidden(id) {
			return pseudonym(ctx, id)
		}
		return id
	}
	steps := func(in []flow.Step) []flow.Step {
		out := slices.Clone(in)
		for i, st := range out {
			out[i].From, out[i].To, out[i].Via = name(st.From), name(st.To), nil
			for _, via := range st.Via {
				out[i].Via = append(out[i].Via, name(via))
			}
		}
		return out
	}
	out := flow.Snapshot{Columns: f.Columns, Missing: f.Missing, Partial: f.Partial, Names: map[graph.ID]flow.Thing{}}
	for _, in := range f.Inflows {
		in.Origin, in.OriginDataset, in.Steps = name(in.Origin), name(in.OriginDataset), steps(in.Steps)
		out.Inflows = append(out.Inflows, in)
	}
	for _, c := range f.Coarse {
		c.Origin, c.Steps = name(c.Origin), steps(c.Steps)
		out.Coarse = append(out.Coarse, c)
	}
	for id, thing := range f.Names {
		if hidden(id) {
			thing = flow.Thing{Kind: thing.Kind, Name: HiddenName}
		} else if thing.Dataset != "" {
			thing.Dataset = name(thing.Dataset)
		}
		out.Names[name(id)] = thing
	}
	return out
}

// sensitive counts the columns that would be had with something sensitive in clear text.
func sensitive(v template.Verdict) int {
	n := 0
	for _, c := range v.Columns {
		if len(c.Clear) > 0 {
			n++
		}
	}
	return n
}

// isDataset tells whether an id is one of a dataset.
func isDataset(id graph.ID) bool { return isA(id, catalog.DatasetType) }
