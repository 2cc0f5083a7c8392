package authz

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// Install writes the roles and rules that come with the program into a store that has none yet, with their entry. More than
// one server may do it at once: one of them wins.
func Install(ctx context.Context, s graph.Store, now time.Time) error {
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, Lock); err != nil {
			return err
		}
		there, err := tx.Nodes(ctx, policyID)
		if err != nil {
			return err
		}
		if root, ok := there[policyID]; ok {
			return upgrade(ctx, tx, root, now)
		}
		ws := []graph.NodeWrite{policyType.Write(policyID, graph.Create, policyNode{Edits: 1, Release: release})}
		for _, r := range Builtin {
			ws = append(ws, roleType.Write(RoleID(r.Name), graph.Ensure, roleNode{Name: r.Name, Title: r.Title, Meaning: r.Meaning}))
		}
		for i, r := range DefaultRules {
			ws = append(ws, r.write(i))
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return audit.Append(ctx, tx, now, audit.Entry{Actor: Operator.ID, Action: "policy.install", Target: policyID,
			Decision: audit.Allowed, Facts: map[string]string{"rules": fmt.Sprint(len(DefaultRules))}})
	})
}

// release counts how often kinds were added to the rules that come with the program.
const release = 2

// upgrade adds the rules of the kinds that came after the store got its rules. What people made of their rules stays.
func upgrade(ctx context.Context, tx graph.Tx, root graph.Node, now time.Time) error {
	p, err := policyType.Read(root)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "The rules can't be read.")
	}
	if p.Release >= release {
		return nil
	}
	nodes, err := ruleNodes(ctx, tx)
	if err != nil {
		return err
	}
	p.Edits, p.Release = p.Edits+1, release
	ws := []graph.NodeWrite{policyType.Write(policyID, graph.IfVersion, p)}
	for _, r := range DefaultRules {
		if slices.Contains(marketKinds, r.Kind) && len(nodes)+len(ws) <= maxRules {
			ws = append(ws, r.write(len(nodes)+len(ws)-1))
		}
	}
	if _, err := tx.Put(ctx, ws...); err != nil {
		return err
	}
	return audit.Append(ctx, tx, now, audit.Entry{Actor: Operator.ID, Action: "policy.upgrade", Target: policyID,
		Decision: audit.Allowed, Facts: map[string]string{"rules": fmt.Sprint(len(ws) - 1)}})
}

// write is the node of the rule at a place; places keep the order in which rules were saved.
func (r Rule) write(place int) graph.NodeWrite {
	id := graph.ID(fmt.Sprintf("%s_%03d", ruleType.Spec.Prefix, place))
	return ruleType.Write(id, graph.Upsert, ruleNode{Role: r.Role, Domain: r.Domain, Kind: string(r.Kind), Action: string(r.Action), Deny: r.Deny})
}

// readRules reads the rules in their order and how often they were edited.
func readRules(ctx context.Context, r graph.Reader) ([]Rule, int, error) {
	root, err := graph.One(ctx, r, policyID)
	if err != nil {
		return nil, 0, err
	}
	p, err := policyType.Read(root)
	if err != nil {
		return nil, 0, errs.Wrap(err, errs.Internal, "The rules can't be read.")
	}
	nodes, err := ruleNodes(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	out := make([]Rule, 0, len(nodes))
	for _, n := range nodes {
		out = append(out, Rule{Role: n.Role, Domain: n.Domain, Kind: Kind(n.Kind), Action: Action(n.Action), Deny: n.Deny})
	}
	return out, p.Edits, nil
}

func ruleNodes(ctx context.Context, r graph.Reader) ([]ruleNode, error) {
	page, err := r.List(ctx, graph.Query{Kind: ruleType.Kind, Sort: "role", Limit: graph.MaxPage})
	if err != nil {
		return nil, err
	}
	nodes, err := ruleType.ReadAll(page.Nodes)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The rules can't be read.")
	}
	slices.SortFunc(nodes, func(a, b ruleNode) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return nodes, nil
}

// Roles lists the roles, built in and made here, by name.
func (s *Service) Roles(ctx context.Context) ([]Role, error) {
	page, err := s.Store.List(ctx, graph.Query{Kind: roleType.Kind, Sort: "name", Limit: graph.MaxPage})
	if err != nil {
		return nil, err
	}
	nodes, err := roleType.ReadAll(page.Nodes)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The roles can't be read.")
	}
	out := make([]Role, 0, len(nodes))
	for _, n := range nodes {
		out = append(out, Role{Name: n.Name, Title: n.Title, Meaning: n.Meaning})
	}
	return out, nil
}
