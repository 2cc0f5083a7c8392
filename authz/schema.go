package authz

import (
	"context"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

// RelHolds goes from a person, team or account to a role; Key is the domain's id, or Everywhere.
const RelHolds graph.Rel = "HOLDS"

// Lock is the key that every write takes which changes who may do what: teams, stand-ins, accounts, roles, rules, and later
// requests and decisions, so that nothing changes between reading and deciding.
const Lock = "control"

// maxRules is how many rules a policy may have.
const maxRules = 900

type roleNode struct {
	ID      graph.ID `graph:",id"`
	Name    string   `graph:"name"`
	Title   string   `graph:"title"`
	Meaning string   `graph:"meaning"`
}

type ruleNode struct {
	ID     graph.ID `graph:",id"`
	Role   string   `graph:"role"`
	Domain string   `graph:"domain"`
	Kind   string   `graph:"kind"`
	Action string   `graph:"action"`
	Deny   bool     `graph:"deny"`
}

// policyNode is the root of the rules: whoever saves them names the version that he looked at.
type policyNode struct {
	ID      graph.ID `graph:",id"`
	Edits   int      `graph:"edits"`
	Release int      `graph:"release"` // of the rules that came with the program; 0: the first
	Version int64    `graph:",version"`
}

var (
	roleType   = graph.Declare[roleNode]("Role", graph.Spec{Prefix: "rol", Lists: []graph.List{{Sort: "name"}}, Unique: []string{"name"}})
	ruleType   = graph.Declare[ruleNode]("Rule", graph.Spec{Prefix: "rul", Lists: []graph.List{{Sort: "role"}}})
	policyType = graph.Declare[policyNode]("Policy", graph.Spec{Prefix: "plc"})
)

const policyID graph.ID = "plc_rules"

// Schema declares what the rules keep in the store.
func Schema() graph.Schema {
	return graph.Schema{
		Kinds: map[graph.Kind]graph.Spec{
			roleType.Kind: roleType.Spec, ruleType.Kind: ruleType.Spec, policyType.Kind: policyType.Spec,
		},
		Rels: []graph.Rel{RelHolds},
	}
}

// RoleID is the node of a role.
func RoleID(name string) graph.ID { return graph.ID(roleType.Spec.Prefix + "_" + name) }

func roleName(id graph.ID) string {
	_, name, _ := strings.Cut(string(id), "_")
	return name
}

// HeldBy reads the roles that subjects hold now: a person's own id and those of his teams. One call; sorted, each once.
func HeldBy(ctx context.Context, r graph.Reader, subjects ...graph.ID) ([]Held, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: subjects, Dir: graph.Out, Rels: []graph.Rel{RelHolds}})
	if err != nil {
		return nil, err
	}
	if len(page.More) > 0 {
		return nil, errs.E(errs.TooLarge, "Somebody holds more roles than can be read at once.")
	}
	var out []Held
	for _, e := range page.Edges {
		out = append(out, Held{Role: roleName(e.To), Domain: e.Key})
	}
	slices.SortFunc(out, func(a, b Held) int {
		return strings.Compare(a.Role+"\x00"+a.Domain, b.Role+"\x00"+b.Domain)
	})
	return slices.Compact(out), nil
}
