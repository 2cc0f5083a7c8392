package authz

import (
	"context"
	"slices"

	"weir/errs"
	"weir/graph"
)

// Nobody gives rights to himself: neither as who he is, nor through others, nor by the rules. The operator at the machine
// is bound by none of this.

// notOneself keeps anybody from giving rights to himself, through no team and no account.
func notOneself(ctx context.Context, subject graph.ID) error {
	who := From(ctx)
	own := slices.Concat([]string{who.ID}, who.Teams, who.For)
	if who.Owner != nil {
		own = slices.Concat(own, []string{who.Owner.ID}, who.Owner.Teams, who.Owner.For)
	}
	if who.Type != Machine && slices.Contains(own, string(subject)) {
		return errs.E(errs.Forbidden, "Nobody changes his own roles, nor those of a team that he is in or of somebody for whom he stands in. Ask another administrator.")
	}
	return nil
}

// notOnesOwn keeps anybody from giving rights to an account of his: its tokens are his to make.
func notOnesOwn(ctx context.Context, tx graph.Tx, subject graph.ID) error {
	who := From(ctx)
	nodes, err := tx.Nodes(ctx, subject)
	if err != nil || who.Type == Machine || !who.Known() {
		return err
	}
	owner, _ := nodes[subject].Props["owner"].(string)
	if owner != "" && (owner == who.ID || who.Owner != nil && owner == who.Owner.ID) {
		return errs.E(errs.Forbidden, "Nobody changes the roles of an account of his own. Ask another administrator.")
	}
	return nil
}

// noGain keeps anybody from giving rights to himself by way of the rules: whoever may edit them need not be allowed all else.
func noGain(who Principal, before, after []Rule) error {
	if who.Type == Machine || !who.Known() {
		return nil
	}
	all := []Principal{who}
	if who.Owner != nil {
		all = append(all, *who.Owner)
	}
	effects, err := Compare(before, after, all)
	if err != nil {
		return err
	}
	for _, e := range effects {
		if len(e.Gains) > 0 {
			return errs.Ef(errs.Forbidden, "With these rules you may %s, which you may not now. Nobody gives rights to himself: ask another administrator to save them.", e.Gains[0])
		}
	}
	return nil
}
