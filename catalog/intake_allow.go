package catalog

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// refusals are why events may not be reported by the principal in ctx: nil for each that may.
func (s *Service) refusals(ctx context.Context, events []Event) []error {
	out := make([]error, len(events))
	if s.policy == nil {
		return out
	}
	if err := s.policy.Require(ctx, authz.Event, authz.Everywhere, authz.Write); err != nil {
		for i := range out {
			out[i] = err
		}
		s.noteRefused(ctx, "", err)
		return out
	}
	allowed := authz.From(ctx).Namespaces
	if len(allowed) == 0 {
		return out
	}
	for i := range events {
		if ns, outside := events[i].outside(allowed); outside {
			out[i] = errs.Ef(errs.Forbidden, "This token may not report the namespace %q.", short256(ns))
			s.noteRefused(ctx, ns, out[i])
		}
		events[i].leaveDomains(allowed)
	}
	return out
}

// leaveDomains takes out what an event says of the domains of datasets outside the namespaces: whoever may report some jobs
// must not move what they read into a domain where others see it.
func (e *Event) leaveDomains(allowed []string) {
	for i, d := range e.Datasets {
		if _, said := d.Values[FieldDomain]; said && !slices.Contains(allowed, d.Namespace) {
			e.Datasets[i].Values = maps.Clone(d.Values)
			delete(e.Datasets[i].Values, FieldDomain)
		}
	}
}

// outside is the first namespace that an event is about and that is not among those allowed: of its job, of the jobs whose
// lineage it states explicitly, and, where it has no job, of its datasets. Those that a job reads and writes are named
// after the systems that they lie in, and are not asked about.
func (e *Event) outside(allowed []string) (string, bool) {
	var of []string
	if e.Job != nil {
		of = append(of, e.Job.Namespace)
	} else {
		for _, d := range e.Datasets {
			if d.Role != Mentioned {
				of = append(of, d.Namespace)
			}
		}
	}
	for _, l := range e.Links {
		refs := append([]Ref{l.Target}, l.Inputs...)
		if l.Via != nil {
			refs = append(refs, *l.Via)
		}
		for _, r := range refs {
			if r.Job {
				of = append(of, r.Namespace)
			}
		}
	}
	i := slices.IndexFunc(of, func(ns string) bool { return !slices.Contains(allowed, ns) })
	if i < 0 {
		return "", false
	}
	return of[i], true
}

// noteRefused writes down that somebody tried to report what he may not, at most once in ReadEvery for each token: a
// client that is set up wrongly tries without end, and must not fill the log. That it can't be written down changes
// nothing about the refusal.
func (s *Service) noteRefused(ctx context.Context, namespace string, why error) {
	who, now := authz.From(ctx), s.now()
	k := readKey{who.ID, graph.ID("refused " + who.Token)}
	if !errs.Is(why, errs.Forbidden) || !s.reads.due(k, now) {
		return
	}
	facts := map[string]string{}
	if who.Token != "" {
		facts["token"] = who.Token
	}
	if namespace != "" {
		facts["namespace"] = short256(namespace)
	}
	err := s.store.Update(context.WithoutCancel(ctx), "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, now, audit.Entry{Actor: who.ID, Action: "intake.apply", Decision: audit.Denied, Facts: facts})
	})
	if err != nil {
		slog.Error("a refused report can't be written down", "error", err)
		return
	}
	s.reads.done([]readKey{k}, now)
}
