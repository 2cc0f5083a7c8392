package marketplace

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/flow"
)

// SignalState says how something speaks for a product.
type SignalState string

// The states of a signal.
const (
	SignalGood    SignalState = "good"
	SignalBad     SignalState = "bad"
	SignalUnknown SignalState = "unknown"
)

// The aspects of a product that signals are about, in the order of the page.
const (
	TrustFresh   = "freshness"
	TrustChecks  = "checks"
	TrustFailing = "incidents"
	TrustLineage = "lineage"
	TrustOwner   = "owner"
	TrustRun     = "last run"
)

// Signal says of one aspect whether a product can be trusted, in a sentence.
type Signal struct {
	Aspect string
	State  SignalState
	Text   string
	At     time.Time // of what the text tells; zero if there is no time to it
}

// addParts adds the datasets of a product, and what the catalog knows that speaks for or against it. What the viewer may not
// see is neither told of nor counted in.
func (s *Service) addParts(ctx context.Context, parts []Part, v *ProductView) error {
	shelf := newShelf()
	if err := shelf.addDatasets(ctx, s.store, datasetsOf(parts)); err != nil {
		return err
	}
	seen := trusted{now: s.now()}
	for _, p := range parts {
		d, there := shelf.datasets[p.Dataset]
		view := PartView{ID: p.Dataset, Gone: !there, Name: d.Name, Title: titleOf(d), Level: d.Classification, Total: len(shelf.columns[p.Dataset])}
		view.Visible = there && s.policy.Sees(ctx, d.Audience)
		view.addColumns(shelf, p)
		if view.Visible {
			view.Written = d.Written
			seen.datasets = append(seen.datasets, d)
		}
		v.Parts = append(v.Parts, view)
	}
	if err := s.addJobs(ctx, &seen); err != nil {
		return err
	}
	if err := s.addChecks(ctx, &seen); err != nil {
		return err
	}
	people, err := identity.People(ctx, s.store, v.Product.Owner)
	if err != nil {
		return err
	}
	v.Trust = []Signal{seen.fresh(v.Promises), seen.checked(), seen.running(), seen.traced(), ownerSignal(v.OwnerName, v.OwnerTeam, len(people[v.Product.Owner])), seen.lastRun()}
	return nil
}

// addColumns adds the columns on offer, with the classes that they carry.
func (v *PartView) addColumns(s *shelf, p Part) {
	add := func(to []string, classes []string) []string {
		for _, class := range classes {
			if !slices.Contains(to, class) {
				to = append(to, class)
			}
		}
		return to
	}
	columns := slices.Clone(s.columns[p.Dataset])
	slices.SortFunc(columns, func(a, b flow.Column) int { return a.Position - b.Position })
	for _, c := range columns {
		if len(p.Columns) > 0 && !slices.Contains(p.Columns, c.ID) {
			continue
		}
		v.Columns = append(v.Columns, c.Path)
		v.Declared = add(v.Declared, c.Declared)
		v.Inherited = add(v.Inherited, s.inherits[c.ID])
	}
	v.Inherited = slices.DeleteFunc(add(v.Inherited, s.coarse[p.Dataset]), func(class string) bool { return slices.Contains(v.Declared, class) })
	slices.Sort(v.Declared)
	slices.Sort(v.Inherited)
}

// trusted is what the catalog knows of the datasets of a product that the viewer may see.
type trusted struct {
	now      time.Time
	datasets []catalog.Dataset
	jobs     []catalog.Transform // that write them
	written  map[graph.ID]bool   // datasets that a job writes
	checks   []check
}

// addJobs reads the jobs that write the datasets.
func (s *Service) addJobs(ctx context.Context, t *trusted) error {
	t.written = map[graph.ID]bool{}
	var ids []graph.ID
	for _, d := range t.datasets {
		ids = append(ids, d.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	edges, err := allEdges(ctx, s.store, ids, graph.In, catalog.RelOutput)
	if err != nil {
		return err
	}
	by := map[graph.ID]bool{}
	for _, e := range edges {
		t.written[e.To], by[e.From] = true, true
	}
	jobs, err := getAll(ctx, s.store, catalog.TransformType, sortedIDs(by))
	if err != nil {
		return err
	}
	for _, id := range sortedIDs(by) {
		if j, ok := jobs[id]; ok && s.policy.Sees(ctx, j.Audience) {
			t.jobs = append(t.jobs, j)
		}
	}
	return nil
}

// fresh compares when the oldest of the data was written with what is promised.
func (t trusted) fresh(promises []Promise) Signal {
	out := Signal{Aspect: TrustFresh, State: SignalUnknown, Text: "No run that wrote this data has been reported, so nobody can say how old it is."}
	var oldest catalog.Dataset
	for _, d := range t.datasets {
		if d.Written.IsZero() {
			if len(t.datasets) > 1 {
				out.Text = "No run that wrote " + titleOf(d) + " has been reported, so nobody can say how old it is."
			}
			return out
		}
		if oldest.Written.IsZero() || d.Written.Before(oldest.Written) {
			oldest = d
		}
	}
	if oldest.Written.IsZero() {
		return out
	}
	out.At = oldest.Written
	hours := 0
	for _, p := range promises {
		if p.Kind == TrustFresh && p.Hours > 0 && (hours == 0 || p.Hours < hours) {
			hours = p.Hours
		}
	}
	age := int(t.now.Sub(oldest.Written).Hours())
	which := ""
	if len(t.datasets) > 1 {
		which = ", " + titleOf(oldest) + ","
	}
	switch {
	case hours == 0:
		out.State, out.Text = SignalUnknown, fmt.Sprintf("The oldest of it%s was written %s. The owner promises no time.", which, hoursAgo(age))
	case age <= hours:
		out.State, out.Text = SignalGood, fmt.Sprintf("The oldest of it%s was written %s; at most %s are promised.", which, hoursAgo(age), hoursLong(hours))
	default:
		out.State, out.Text = SignalBad, fmt.Sprintf("Late: the oldest of it%s was written %s; at most %s are promised.", which, hoursAgo(age), hoursLong(hours))
	}
	return out
}

// hoursLong words hours, from two days on in days.
func hoursLong(n int) string {
	switch {
	case n >= 48:
		return fmt.Sprintf("%d days", n/24)
	case n == 1:
		return "1 hour"
	}
	return fmt.Sprintf("%d hours", n)
}

func hoursAgo(n int) string {
	if n < 1 {
		return "less than an hour ago"
	}
	return hoursLong(n) + " ago"
}

// running tells of jobs whose last run went wrong.
func (t trusted) running() Signal {
	out := Signal{Aspect: TrustFailing, State: SignalUnknown, Text: "No job that writes it is known, so nobody would hear of one that fails."}
	if len(t.jobs) == 0 {
		return out
	}
	var bad []string
	for _, j := range t.jobs {
		if j.LastState == catalog.Failed || j.LastState == catalog.Aborted {
			bad = append(bad, j.Name)
			if j.RanAt.After(out.At) {
				out.At = j.RanAt
			}
		}
	}
	if len(bad) == 0 {
		out.State, out.Text = SignalGood, "None is open: no job that writes it failed on its last run."
		return out
	}
	out.State = SignalBad
	out.Text = "The last run of " + strings.Join(bad[:min(len(bad), 3)], ", ") + " failed."
	if len(bad) > 3 {
		out.Text = fmt.Sprintf("The last runs of %s and %d more failed.", strings.Join(bad[:3], ", "), len(bad)-3)
	}
	return out
}

// traced tells of how much it is known what it is made from.
func (t trusted) traced() Signal {
	known := 0
	var open []string
	for _, d := range t.datasets {
		if t.written[d.ID] {
			known++
		} else {
			open = append(open, titleOf(d))
		}
	}
	out := Signal{Aspect: TrustLineage, State: SignalGood, Text: "It is known what all of it is made from."}
	switch {
	case len(t.datasets) == 0:
		out.State, out.Text = SignalUnknown, "You may not see the data itself, so its lineage is hidden from you."
	case known == 0:
		out.State, out.Text = SignalUnknown, "Nobody has reported what it is made from."
	case len(open) > 0:
		out.State, out.Text = SignalUnknown, "Nobody has reported what "+strings.Join(open[:min(len(open), 3)], ", ")+" is made from; of the rest it is known."
	}
	return out
}

// lastRun tells when a job wrote any of it last.
func (t trusted) lastRun() Signal {
	out := Signal{Aspect: TrustRun, State: SignalUnknown, Text: "No run has been reported."}
	for _, j := range t.jobs {
		if j.LastRun == "" || j.RanAt.Before(out.At) {
			continue
		}
		out.At, out.State = j.RanAt, SignalGood
		out.Text = j.Name + " ran last, and " + runWord(j.LastState) + "."
		if j.LastState == catalog.Failed || j.LastState == catalog.Aborted {
			out.State = SignalBad
		}
	}
	return out
}

func runWord(s catalog.RunState) string {
	switch s {
	case catalog.Completed:
		return "came to its end"
	case catalog.Failed:
		return "failed"
	case catalog.Aborted:
		return "was stopped"
	case catalog.Running:
		return "is running"
	}
	return "said no more than that"
}

// ownerSignal tells whether there is anybody to turn to.
func ownerSignal(name string, team bool, people int) Signal {
	out := Signal{Aspect: TrustOwner, State: SignalGood, Text: name + " owns it and decides."}
	switch {
	case people == 0:
		out.State, out.Text = SignalBad, "Nobody who owns it can sign in; others of its domain decide."
	case team && people == 1:
		out.Text = name + " owns it; one person there can decide."
	case team:
		out.Text = fmt.Sprintf("%s owns it; %d people there can decide.", name, people)
	}
	return out
}
