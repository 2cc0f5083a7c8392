package marketplace

import (
	"context"
	"slices"

	"weir/graph"
	"weir/marketplace/flow"
	"weir/marketplace/template"
)

// Way is what would come of asking for the same in one kind of access.
type Way struct {
	Access    template.Access
	Outcome   template.Outcome
	Approvals int    // how many approvals it takes; 0 if it takes none or can't be had
	Stuck     bool   // nobody can decide
	Reason    string // why it can't be had: the first reason
}

// OfferedField is a column on offer.
type OfferedField struct {
	ID        graph.ID
	Dataset   graph.ID
	Path      string
	Classes   []string // declared or flowing in in clear text
	Declared  []string // declared on the column itself
	Inherited []string // flowing in in clear text
	Masked    []string // flowing in, masked on every way
	Asked     bool     // it is among those asked for
	// What would come of asking for it, in a preview.
	Outcome   template.Outcome
	Approvals int    // steps that it takes by itself
	Masking   string // it comes masked so; "": as it is
	Reason    string
}

// ways says it of each kind of access, from the same flow and templates; asked is what was worked out of the one that c names.
func (s *Service) ways(ctx context.Context, who asker, asked assessment, c conditions, all bool, f flow.Snapshot, versions []template.Version) ([]Way, error) {
	out := make([]Way, len(template.Accesses))
	for i, access := range template.Accesses {
		got := asked
		if string(access) != c.Access {
			of := c
			of.Access = string(access)
			var err error
			if got, err = s.weigh(ctx, s.store, who, asked.Target, of, all, f, versions); err != nil {
				return nil, err
			}
		}
		out[i] = Way{Access: access, Outcome: got.outcome(), Approvals: needed(got.Steps), Stuck: got.Stuck}
		if len(got.Verdict.Refusals) > 0 {
			out[i].Reason = got.Verdict.Refusals[0].Message
		}
	}
	return out, nil
}

// needed is how many approvals steps take at least.
func needed(steps []Step) int {
	n := 0
	for _, st := range steps {
		switch template.Mode(st.Mode) {
		case template.AtLeast:
			n += max(st.N, len(st.Parties))
		case template.All:
			for _, p := range st.Parties {
				n += max(len(p.Keys), 1)
			}
		default:
			n += len(st.Parties)
		}
	}
	return n
}

// everything is what flows into all columns of a target, whichever are asked for.
func (s *Service) everything(ctx context.Context, t target) (flow.Snapshot, error) {
	t.Asked = nil
	if err := t.narrow(ctx, s.store, nil, ""); err != nil {
		return flow.Snapshot{}, err
	}
	return flow.Read(ctx, s.store, t.Asked, s.now())
}

// offered are all columns of a target, each with what would come of it, and with those marked that are asked for. f is what
// flows into all of them.
func offered(who asker, t target, c conditions, f flow.Snapshot, asked []graph.ID, versions []template.Version) []OfferedField {
	of := caseOf(who, t, c, f)
	verdict := template.Evaluate(versions, of)
	each := map[graph.ID]template.ColumnVerdict{}
	for _, v := range verdict.Columns {
		each[v.Column] = v
	}
	foreign := foreignClasses(f, of.Datasets)
	out := make([]OfferedField, len(of.Columns))
	for i, col := range of.Columns {
		out[i] = offeredField(col, slices.Contains(asked, col.ID))
		v := each[col.ID]
		out[i].Outcome, out[i].Approvals, out[i].Masking, out[i].Reason = v.Outcome, len(v.Steps), v.Masking, v.Reason
		if v.Outcome != template.Impossible && slices.ContainsFunc(v.Clear, func(class string) bool { return foreign[col.ID][class] }) {
			out[i].Outcome = template.NeedsSteps
			out[i].Approvals++
		}
	}
	return out
}

func offeredField(c template.Column, asked bool) OfferedField {
	classes := slices.Concat(c.Declared, c.Inherited)
	slices.Sort(classes)
	return OfferedField{ID: c.ID, Dataset: c.Dataset, Path: c.Path, Classes: slices.Compact(classes), Declared: c.Declared,
		Inherited: c.Inherited, Masked: c.Masked, Asked: asked}
}

// foreignClasses are the classes of each column that come in clear text from other datasets than those asked for.
func foreignClasses(f flow.Snapshot, datasets []graph.ID) map[graph.ID]map[string]bool {
	out := map[graph.ID]map[string]bool{}
	for _, in := range f.Unmasked() {
		if slices.Contains(datasets, in.OriginDataset) {
			continue
		}
		if out[in.Column] == nil {
			out[in.Column] = map[string]bool{}
		}
		out[in.Column][in.Class] = true
	}
	return out
}
