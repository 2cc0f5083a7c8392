package gqlschema

import (
	"maps"
	"slices"

	"weir/gqlschema/gen"
	"weir/marketplace"
	"weir/marketplace/template"
)

// showVerdict shows what the templates say; null where nobody asked them.
func showVerdict(v template.Verdict) *gen.PolicyVerdict {
	if v.Outcome == "" {
		return nil
	}
	out := &gen.PolicyVerdict{
		Outcome: word[gen.Outcome](v.Outcome), Refusals: all(v.Refusals, showRefusal), Columns: all(v.Columns, showColumnVerdict),
		MaxDays: v.MaxDays, Renewable: v.Renewable, RenewBeforeDays: v.RenewBeforeDays, TermsRequired: v.TermsRequired,
		Masking: showMasking(v.Masking), Purposes: full(v.Purposes), Access: words[gen.AccessKind](v.Access), Environments: v.Environments,
		DecidedBy: []*gen.PolicyAspect{}, Applied: all(v.Applied, showSource),
	}
	for _, aspect := range slices.Sorted(maps.Keys(v.DecidedBy)) {
		out.DecidedBy = append(out.DecidedBy, &gen.PolicyAspect{Aspect: aspect, By: all(v.DecidedBy[aspect], showSource)})
	}
	return out
}

func showSource(s template.Source) *gen.PolicySource {
	return &gen.PolicySource{Template: ref(s.Template), Version: atLeastOne(s.Version), Name: s.Name, Why: s.Why}
}

func showRefusal(r template.Refusal) *gen.PolicyRefusal {
	return &gen.PolicyRefusal{
		Source: &gen.PolicySource{Template: ref(r.Template), Version: atLeastOne(r.Version), Name: r.Name},
		Field:  r.Field, Message: r.Message, Fix: r.Fix, Columns: full(r.Columns),
	}
}

func showColumnVerdict(c template.ColumnVerdict) *gen.ColumnVerdict {
	return &gen.ColumnVerdict{
		Column: c.Column, Path: c.Path, Outcome: word[gen.Outcome](c.Outcome), Masking: text(c.Masking), Clear: full(c.Clear),
		Reason: c.Reason, DecidedBy: all(c.DecidedBy, showSource),
	}
}

func showOffered(c marketplace.OfferedField) *gen.OfferedColumn {
	return &gen.OfferedColumn{
		ID: c.ID, Dataset: ref(c.Dataset), Path: c.Path, Classes: full(c.Classes), Declared: full(c.Declared), Inherited: full(c.Inherited),
		Masked: full(c.Masked), Asked: c.Asked, Outcome: wordOr[gen.Outcome](c.Outcome), Approvals: c.Approvals,
		Masking: text(c.Masking), Reason: text(c.Reason),
	}
}

func showWay(w marketplace.Way) *gen.AccessWay {
	return &gen.AccessWay{
		Access: word[gen.AccessKind](w.Access), Outcome: word[gen.Outcome](w.Outcome), Approvals: w.Approvals, IsStuck: w.Stuck, Reason: text(w.Reason),
	}
}

func showStep(s marketplace.StepView) *gen.StepNeeded {
	return &gen.StepNeeded{
		Name: s.Name, By: word[gen.StepBy](s.By), Mode: stepMode(template.Mode(s.Mode)), N: atLeastOne(s.N), Because: full(s.Because),
		RemindDays: s.Remind, LateDays: s.Late, Met: s.Met, Parties: all(s.Parties, showParty),
		Given: all(s.Given, func(a marketplace.AnswerView) *gen.StepApproval {
			return &gen.StepApproval{By: called(a.By, a.Name), Decision: a.Decision}
		}),
	}
}

func showParty(p marketplace.PartyView) *gen.StepParty {
	return &gen.StepParty{
		Who: all(p.Who, showPartyName), Can: all(p.Can, showPartyName), More: p.More, Met: p.Met, Fallback: text(p.Fallback),
		Nobody: p.Nobody, For: full(p.For),
		Barred: all(p.Barred, func(b marketplace.BarredView) *gen.Barred { return &gen.Barred{ID: b.ID, Why: b.Why} }),
	}
}

func showPartyName(w marketplace.WhoView) *gen.PartyName {
	return &gen.PartyName{ID: ref(w.ID), Name: text(w.Name), StandsInFor: text(w.For)}
}
