package web

import (
	"context"
	"net/http"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/settings"
	"weir/views/ui"
)

var whyLabels = labels{"kind": "What", "action": "Can I", "domain": "Where", "who": "For whom"}

// why answers "why can I (not)?". Those who may see all roles ask for others, too.
func (s *Site) why(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	q := link.Question{Kind: typed(values, "kind"), Domain: typed(values, "domain"), Action: typed(values, "action"), Who: typed(values, "who")}
	all, err := s.places(r.Context())
	if err != nil {
		return err
	}
	p := view.Why{Kinds: form.Choose(kindOptions(false), q.Kind), Actions: form.Choose(actionOptions(false), q.Action),
		Domains: form.Choose(all.options("Everywhere"), q.Domain), Who: q.Who,
		Others: s.Policy.Can(r.Context(), authz.Roles, authz.Everywhere, authz.View)}
	if p.Others {
		if p.People, err = s.logins(r.Context()); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if q.Kind != "" || q.Action != "" {
		p.Answer, err = s.answer(r.Context(), q, all)
		if err != nil {
			t, err := troubleOf(err, whyLabels)
			if err != nil {
				return err
			}
			p.Errors, status = t.fields, t.status
		}
	}
	return s.show(w, r, status, view.WhyPage(s.shell(r), p))
}

// answer asks the rules.
func (s *Site) answer(ctx context.Context, q link.Question, all places) (*view.Answer, error) {
	kind, action, domain, err := readQuestion(q, all)
	if err != nil {
		return nil, err
	}
	who, err := s.askedFor(ctx, q.Who)
	if err != nil {
		return nil, err
	}
	roles, err := s.roles(ctx)
	if err != nil {
		return nil, err
	}
	why := s.Policy.ExplainFor(who, kind, domain, action)
	name := "You"
	if q.Who != "" {
		name = who.Name
	}
	may := " may not "
	if why.Allowed {
		may = " may "
	}
	a := &view.Answer{Allowed: why.Allowed, Title: name + may + authz.Words(kind, action) + all.where(domain) + ".", Reason: why.Reason, Ways: ways(s, ctx)}
	if why.Rule != nil {
		a.Rule = ruleSentence(*why.Rule, roles, all)
	}
	a.Roles, err = s.heldRoles(ctx, countingRoles(who, domain))
	return a, err
}

// countingRoles are the roles that count in a domain: those held there and those held everywhere.
func countingRoles(who authz.Principal, domain string) []authz.Held {
	return slices.DeleteFunc(slices.Clone(who.Roles), func(h authz.Held) bool {
		return h.Domain != authz.Everywhere && h.Domain != domain
	})
}

// ways lead to those who can change the answer, for readers who may see them.
func ways(s *Site, ctx context.Context) []ui.Link {
	var out []ui.Link
	if s.Policy.Can(ctx, authz.Rules, authz.Everywhere, authz.View) {
		out = append(out, ui.Link{Text: "The policy", Href: link.Policy()})
	}
	if len(out) == 0 {
		out = append(out, ui.Link{Text: "An administrator, who gives roles and keeps the rules"})
	}
	return out
}

func readQuestion(q link.Question, all places) (authz.Kind, authz.Action, string, error) {
	var bad []errs.Field
	kind, action, domain := authz.Kind(q.Kind), authz.Action(q.Action), q.Domain
	if !slices.Contains(authz.RuleKinds, kind) {
		bad = append(bad, errs.Field{Name: "kind", Message: "is nothing that rules speak of."})
	}
	if !slices.Contains(authz.RuleActions, action) {
		bad = append(bad, errs.Field{Name: "action", Message: "is nothing that rules speak of."})
	}
	if domain == "" {
		domain = authz.Everywhere
	}
	if !slices.ContainsFunc(all.options(""), func(o form.Option) bool { return o.Value == domain }) {
		bad = append(bad, errs.Field{Name: "domain", Message: "is no domain that you see."})
	}
	if len(bad) > 0 {
		return "", "", "", errs.Fields(bad)
	}
	return kind, action, domain, nil
}

// askedFor is the principal that is asked for: the reader, or somebody by his login.
func (s *Site) askedFor(ctx context.Context, login string) (authz.Principal, error) {
	if login == "" {
		return authz.From(ctx), nil
	}
	if err := s.Policy.Require(ctx, authz.Roles, authz.Everywhere, authz.View); err != nil {
		return authz.Principal{}, err
	}
	u, err := s.byLogin(ctx, "who", login)
	if err != nil {
		return authz.Principal{}, err
	}
	who, err := s.Identity.PrincipalOf(ctx, graph.ID(u.ID))
	if errs.Is(err, errs.Unauthenticated) {
		return who, errs.Bad("who", "is disabled, and may do nothing.")
	}
	return who, err
}
