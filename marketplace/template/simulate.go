package template

import (
	"iter"
	"slices"

	"weir/graph"
)

// Live is a grant in force, or something asked for that waits for a decision, with its facts as they are now.
type Live struct {
	ID      graph.ID
	Pending bool
	Case    Case
}

// FlipKind is one way in which a change of policies reaches something live.
type FlipKind string

// The ways, the ones that take something away first.
const (
	BecomesImpossible FlipKind = "impossible"    // could be had, could no longer be
	BecomesTooLong    FlipKind = "too long"      // could be had, but for a shorter time than it was given or asked for
	MoreSteps         FlipKind = "more steps"    // more or stricter decisions
	MoreMasking       FlipKind = "more masking"  // a column comes masked more strictly
	FewerSteps        FlipKind = "fewer steps"   // some decision is no longer needed
	LessMasking       FlipKind = "less masking"  // a column comes masked less strictly
	BecomesAtOnce     FlipKind = "at once"       // would be granted without a decision
	BecomesPossible   FlipKind = "possible"      // could not be had, could be now
	OtherRefusal      FlipKind = "other refusal" // impossible before and after, for other reasons
)

// Flip is what a change does to one live thing.
type Flip struct {
	ID            graph.ID
	Pending       bool
	Kinds         []FlipKind // at least one
	Before, After Outcome
	Refusals      []Refusal    // those after the change
	Steps         []NeededStep // those after the change
	MaxDays       int          // after the change
}

// Flips is what a change does to all that is live.
type Flips struct {
	Grants, Pending               int // looked at
	GrantsFlipped, PendingFlipped int
	GrantKinds, PendingKinds      map[FlipKind]int
	Items                         []Flip // in the order in which they came
}

// simulated is after how many cases progress is told.
const simulated = 200

// Simulate finds which of the cases come out otherwise under new than under old. It calls progress, which may be nil, with
// the number of cases done, now and then and at the end; a caller that wants to stop ends the cases.
func Simulate(old, new []Version, cases iter.Seq[Live], progress func(done int)) Flips {
	out := Flips{GrantKinds: map[FlipKind]int{}, PendingKinds: map[FlipKind]int{}}
	old, new = ordered(old), ordered(new)
	changed := slices.Concat(missing(old, new), missing(new, old))
	for live := range cases {
		out.add(live, flip(old, new, changed, live))
		if done := out.Grants + out.Pending; progress != nil && done%simulated == 0 {
			progress(done)
		}
	}
	if progress != nil {
		progress(out.Grants + out.Pending)
	}
	return out
}

func (f *Flips) add(live Live, flip Flip) {
	all, flipped, kinds := &f.Grants, &f.GrantsFlipped, f.GrantKinds
	if live.Pending {
		all, flipped, kinds = &f.Pending, &f.PendingFlipped, f.PendingKinds
	}
	*all++
	if len(flip.Kinds) == 0 {
		return
	}
	*flipped++
	for _, k := range flip.Kinds {
		kinds[k]++
	}
	f.Items = append(f.Items, flip)
}

// missing are the versions of a that b doesn't have with the same text.
func missing(a, b []Version) []Version {
	kept := map[string]bool{}
	for _, v := range b {
		kept[string(v.Template)+" "+v.Body.Hash()] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(v Version) bool { return kept[string(v.Template)+" "+v.Body.Hash()] })
}

// flip compares the verdicts before and after; most cases are spared that, since nothing that changed applies to them.
func flip(old, new, changed []Version, live Live) Flip {
	reached := func(v Version) bool { _, ok := applies(&v, &live.Case); return ok }
	if !slices.ContainsFunc(changed, reached) {
		return Flip{}
	}
	before, after := Evaluate(old, live.Case), Evaluate(new, live.Case)
	return Flip{
		ID: live.ID, Pending: live.Pending, Kinds: compare(before, after),
		Before: before.Outcome, After: after.Outcome, Refusals: after.Refusals, Steps: after.Steps, MaxDays: after.MaxDays,
	}
}

// compare names the ways in which two verdicts on one case differ.
func compare(before, after Verdict) []FlipKind {
	var out []FlipKind
	add := func(k FlipKind, holds bool) {
		if holds {
			out = append(out, k)
		}
	}
	was, is := before.Outcome == Impossible, after.Outcome == Impossible
	add(BecomesImpossible, !was && is && !onlyDuration(after.Refusals))
	add(BecomesTooLong, !was && is && onlyDuration(after.Refusals))
	if !is {
		add(MoreSteps, !was && !covers(before.Steps, after.Steps))
		add(MoreMasking, !was && !masks(before.Columns, after.Columns))
		add(FewerSteps, !was && !covers(after.Steps, before.Steps))
		add(LessMasking, !was && !masks(after.Columns, before.Columns))
		add(BecomesAtOnce, before.Outcome != AtOnce && after.Outcome == AtOnce)
		add(BecomesPossible, was)
	}
	add(OtherRefusal, was && is && !sameFields(before.Refusals, after.Refusals))
	return out
}
