package identity

import (
	"context"
	"time"

	"weir/graph"
)

// Erased is the name of a person of whom nothing is kept any more.
const Erased = "Erased person"

// Erase takes what is personal out of all that is kept of a person: name, login, address, password, who he is at the OIDC
// provider, what he called his tokens, why he had stand-ins. He can't come in again; his id stays, for the log. The caller
// has asked for the right, holds authz.Lock and writes the entry; what the log itself says of him is erased with his key.
// Errors: NotFound.
func Erase(ctx context.Context, tx graph.Tx, now time.Time, id graph.ID) error {
	u, err := userAt(ctx, tx, id, 0)
	if err != nil {
		return err
	}
	blank := User{Name: Erased, Disabled: true, SessionsAfter: graph.Time(now)}
	ws := []graph.NodeWrite{userType.Write(u.ID, graph.Upsert, blank)}
	page, err := tx.List(ctx, graph.Query{Kind: tokenType.Kind, Sort: "expires", Limit: graph.MaxPage,
		Where: []graph.Filter{{Prop: "principal", Values: []any{string(id)}}}})
	if err != nil {
		return err
	}
	tokens, err := tokenType.ReadAll(page.Nodes)
	if err != nil {
		return broken(err)
	}
	for _, t := range tokens {
		t.Name = ""
		if t.Revoked.IsZero() {
			t.Revoked = graph.Time(now)
		}
		ws = append(ws, tokenType.Write(t.ID, graph.Upsert, t))
	}
	for _, prop := range []string{"from", "to"} { // the reason of either may name him
		list, err := listStandIns(ctx, tx, prop, id, zeroTime)
		if err != nil {
			return err
		}
		for _, si := range list {
			si.Reason = ""
			ws = append(ws, standInType.Write(si.ID, graph.Upsert, si))
		}
	}
	if _, err := tx.Put(ctx, ws...); err != nil {
		return err
	}
	return tx.Delete(ctx, credentialID(id))
}
