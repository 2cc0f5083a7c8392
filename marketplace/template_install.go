package marketplace

import (
	"context"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/graph"
	"weir/marketplace/template"
)

// InstallTemplates writes the templates that come with the program, with their entry. In a store that has none at all they
// hold from the start; in one that people have made theirs, those that are new wait until somebody confirms them. More than
// one server may do it at once: one of them wins.
func InstallTemplates(ctx context.Context, s graph.Store, now time.Time) error {
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		there, err := allTemplates(ctx, tx)
		if err != nil {
			return err
		}
		known := map[graph.ID]bool{}
		for _, t := range there {
			known[t.ID] = true
		}
		var ws []graph.NodeWrite
		var entries []audit.Entry
		for _, b := range template.Builtin {
			if known[TemplateID(b.Key)] {
				continue
			}
			t, v := starter(b, len(there) == 0, graph.Time(now))
			ws = append(ws, templateType.Write(t.ID, graph.Create, t), versionType.Write(v.ID, graph.Create, v))
			entries = append(entries, audit.Entry{
				Actor: authz.Operator.ID, Action: "marketplace.template-save", Target: t.ID, Decision: audit.Allowed,
				Facts: map[string]string{"template": t.called(v.Number), "hash": v.Hash, "state": string(v.State), "builtin": "true"},
			})
		}
		if len(ws) == 0 {
			return nil
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return audit.Append(ctx, tx, now, entries...)
	})
}

// starter is a template that comes with the program, in its first version.
func starter(b template.Starter, holds bool, now time.Time) (Template, TemplateVersion) {
	id := TemplateID(b.Key)
	t := Template{ID: id, Name: b.Key, Title: b.Body.Title, Latest: 1, Builtin: true}
	v := TemplateVersion{
		ID: versionID(id, 1), Template: id, Number: 1, Body: b.Body.Canonical(), Hash: b.Body.Hash(),
		Reason: "It comes with the program.", By: graph.ID(authz.Operator.ID), At: now, State: VersionWaiting,
	}
	if !holds {
		t.Waiting = 1
		return t, v
	}
	t.Current, t.Confirmed = 1, now
	v.State, v.Decider, v.Decided = VersionConfirmed, v.By, now
	return t, v
}

// called is a version of a template as entries of the log name it: "export@3".
func (t Template) called(number int) string { return t.Name + "@" + decimal(number) }
