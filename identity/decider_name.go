package identity

import (
	"context"
	"strings"

	"weir/graph"
)

// Resolve finds the teams and people that owners of data are called by: "team:x" and "group:x" are the team x, "user:x" and
// "person:x" the person with the login x, and a plain x the team, or else the person. Case and space around don't count, and
// words are joined by dashes: "Customer data" is the team customer-data. Who isn't known is absent; who is disabled is found.
// It asks for no right, and twice at most for each name.
func Resolve(ctx context.Context, r graph.Reader, owners ...string) (map[string]graph.ID, error) {
	out := map[string]graph.ID{}
	for _, owner := range owners {
		if _, done := out[owner]; done {
			continue
		}
		id, err := resolve(ctx, r, owner)
		if err != nil {
			return nil, err
		}
		if id != "" {
			out[owner] = id
		}
	}
	return out, nil
}

func resolve(ctx context.Context, r graph.Reader, owner string) (graph.ID, error) {
	sort, name, prefixed := strings.Cut(strings.ToLower(owner), ":")
	if !prefixed {
		sort, name = "", sort
	}
	sort, name = strings.TrimSpace(sort), strings.Join(strings.Fields(name), "-")
	if checkHandle(name) != "" {
		return "", nil // nobody is called that
	}
	if sort == "team" || sort == "group" || !prefixed {
		t, _, err := find(ctx, r, teamType, "name", name)
		if err != nil || t.ID != "" {
			return t.ID, err
		}
	}
	if sort == "user" || sort == "person" || !prefixed {
		u, _, err := find(ctx, r, userType, "login", name)
		return u.ID, err
	}
	return "", nil
}
