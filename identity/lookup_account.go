package identity

import (
	"context"

	"weir/graph"
)

// OwnedBy are the ids of the accounts and agents of a person, by name, disabled ones too. It asks for no right.
func OwnedBy(ctx context.Context, r graph.Reader, person graph.ID) ([]graph.ID, error) {
	if !isA(person, userType.Spec.Prefix) {
		return nil, nil
	}
	accounts, err := listAll(ctx, r, accountType, graph.Query{Sort: "name", Where: []graph.Filter{is("owner", person)}})
	var out []graph.ID
	for _, a := range accounts {
		out = append(out, a.ID)
	}
	return out, err
}
