package template

import (
	"cmp"
	"slices"
	"strings"
)

// Clean is the body as it is kept: texts trimmed, lists without an order sorted, each entry once. Steps stand in the order in
// which they are asked.
func (b Body) Clean() Body {
	b.Title, b.Summary, b.Text = line(b.Title), line(b.Summary), text(b.Text)
	s := &b.Applies
	s.Products, s.Datasets, s.Domains = set(s.Products), set(s.Datasets), set(s.Domains)
	s.Levels, s.Classes = set(s.Levels), set(s.Classes)
	s.ForKinds, s.ForAccess = set(s.ForKinds), set(s.ForAccess)
	b.Who.Roles, b.Who.Teams = set(b.Who.Roles), set(b.Who.Teams)
	b.Purposes, b.Access, b.Environments = set(b.Purposes), set(b.Access), set(b.Environments)
	if b.PreApproved != nil {
		p := *b.PreApproved
		p.Access, p.Purposes, p.Kinds, p.Roles = set(p.Access), set(p.Purposes), set(p.Kinds), set(p.Roles)
		b.PreApproved = &p
	}
	if !b.Renewable {
		b.RenewBeforeDays = 0
	}
	b.Steps = slices.Clone(b.Steps)
	for i := range b.Steps {
		b.Steps[i].Name = line(b.Steps[i].Name)
	}
	slices.SortStableFunc(b.Steps, func(x, y Step) int { return x.compare(y) })
	if len(b.Masking) == 0 {
		b.Masking = nil
	}
	return b
}

func line(s string) string { return strings.Join(strings.Fields(s), " ") }

func text(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

func set[T cmp.Ordered](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// compare orders steps as they are asked.
func (s Step) compare(o Step) int {
	return cmp.Or(cmp.Compare(slices.Index(Bys, s.By), slices.Index(Bys, o.By)), strings.Compare(s.Key(), o.Key()))
}
