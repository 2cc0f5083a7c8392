package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/views/link"
	view "weir/views/policy"
	"weir/views/ui"
)

const (
	listedEffects = 100  // people and accounts that the preview lists
	maxCompared   = 5000 // people and accounts that it looks at
)

// previewPolicy says who gains and who loses, before anything is saved.
func (s *Site) previewPolicy(w http.ResponseWriter, r *http.Request, c policyChange, before, after []authz.Rule) error {
	ctx := r.Context()
	people, rest, err := s.everybody(ctx)
	if err != nil {
		return err
	}
	effects, err := authz.Compare(before, after, people)
	if err != nil {
		return err
	}
	roles, err := s.roles(ctx)
	if err != nil {
		return err
	}
	all, err := s.places(ctx)
	if err != nil {
		return err
	}
	p := view.Preview{Edits: strconv.Itoa(c.edits), Asked: len(people), Rest: rest, More: max(0, len(effects)-listedEffects)}
	for _, e := range effects[:min(len(effects), listedEffects)] {
		p.People = append(p.People, view.Person{Who: principalOwner(e.Who), Gains: rightTexts(e.Gains, all), Loses: rightTexts(e.Loses, all)})
	}
	for _, r := range after {
		if !slices.Contains(before, r) {
			p.Added, p.Add = append(p.Added, view.Rule{Text: ruleSentence(r, roles, all)}), append(p.Add, lineOf(r))
		}
	}
	for _, r := range before {
		if !slices.Contains(after, r) {
			p.Removed, p.Drop = append(p.Removed, view.Rule{Text: ruleSentence(r, roles, all)}), append(p.Drop, lineOf(r))
		}
	}
	return s.show(w, r, http.StatusOK, view.PreviewPage(s.shell(r), p))
}

func rightTexts(rights []authz.Right, all places) []string {
	var out []string
	for _, r := range rights {
		out = append(out, rightText(r, all))
	}
	return out
}

func principalOwner(p authz.Principal) ui.Owner {
	o := ui.Owner{ID: p.ID, Name: p.Name, Kind: ownerKind(string(p.Type)), Href: link.Person(p.ID)}
	if p.Type != authz.Person {
		o.Href = link.Account(p.ID)
	}
	return o
}

// everybody are the principals of people and accounts that are not disabled. rest tells that there are more than are looked at.
func (s *Site) everybody(ctx context.Context) (out []authz.Principal, rest bool, err error) {
	ids, rest, err := s.everyID(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, id := range ids {
		p, err := s.Identity.PrincipalOf(ctx, id)
		if errs.Is(err, errs.Unauthenticated) {
			continue // disabled meanwhile, or its owner is
		}
		if err != nil {
			return nil, false, err
		}
		out = append(out, p)
	}
	return out, rest, nil
}

func (s *Site) everyID(ctx context.Context) (ids []graph.ID, rest bool, err error) {
	for after := ""; ; {
		page, err := s.Identity.Users(ctx, after, graph.MaxPage)
		if err != nil {
			return nil, false, err
		}
		for _, u := range page.Items {
			if !u.Disabled {
				ids = append(ids, u.ID)
			}
		}
		if after = page.Next; after == "" || len(ids) >= maxCompared {
			break
		}
	}
	for after := ""; len(ids) < maxCompared; {
		page, err := s.Identity.Accounts(ctx, after, graph.MaxPage)
		if err != nil {
			return nil, false, err
		}
		for _, a := range page.Items {
			if !a.Disabled {
				ids = append(ids, a.ID)
			}
		}
		if after = page.Next; after == "" {
			return ids[:min(len(ids), maxCompared)], len(ids) > maxCompared, nil
		}
	}
	return ids[:maxCompared], true, nil
}
