package identity

import (
	"context"
	"net/netip"
	"time"

	"weir/errs"
	"weir/graph"
)

// How often somebody may fail. Counts are kept in the store, so that all servers count together.
const (
	loginFailures   = 5  // of one login within window: then it is locked
	addressFailures = 50 // from one address within window: then it is
	window          = 5 * time.Minute
	lockTime        = 15 * time.Minute
	staleAfter      = time.Hour // a count that was not touched for so long is thrown away
)

// gate is what counts the tries of one login or one address.
type gate struct {
	id   graph.ID
	most int
	slow bool // each failure after the first delays the next try twice as long as the one before
}

// gates are those that a try has to pass. Whatever was typed as a login has one: a lock says nothing about who there is.
func gates(login, ip string) []gate {
	out := []gate{{id: hashedID(attemptsType.Spec.Prefix, "login", login), most: loginFailures, slow: true}}
	if a := network(ip); a != "" {
		out = append(out, gate{id: hashedID(attemptsType.Spec.Prefix, "address", a), most: addressFailures})
	}
	return out
}

// network is the address that counts: of IPv6 the /64, since one machine has all of that.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

// reserve counts a try as failed before it is made, so that many at once are counted, too. settle takes that back.
// Errors: TooMany with RetryAfter.
func (s *Service) reserve(ctx context.Context, gates []gate) error {
	return s.count(ctx, gates, func(now time.Time, tries []attempts) error {
		for i, g := range gates {
			if wait := tries[i].Until.Sub(now); wait > 0 {
				return tooMany(wait)
			}
			tries[i] = g.failed(tries[i], now)
		}
		return nil
	})
}

func tooMany(wait time.Duration) error {
	e := errs.E(errs.TooMany, "There were too many tries to sign in. Wait a moment, then try again.")
	e.RetryAfter = wait
	return e
}

// failed is a count with one more failure.
func (g gate) failed(a attempts, now time.Time) attempts {
	if now.Sub(a.First) >= window || a.Count >= g.most {
		a.Count, a.First = 0, now // the window, or the lock, is over
	}
	a.Count++
	a.Seen, a.Until = now, time.Time{}
	switch {
	case a.Count >= g.most:
		a.Until = now.Add(lockTime)
	case g.slow && a.Count > 1:
		a.Until = now.Add(time.Second << (a.Count - 2))
	}
	return a
}

// settle takes back what a try that succeeded was counted: the login begins anew, of the address one failure less counts.
func (s *Service) settle(ctx context.Context, gates []gate) error {
	return s.count(ctx, gates, func(now time.Time, tries []attempts) error {
		for i, g := range gates {
			if g.slow {
				tries[i].Count = 0
			} else {
				tries[i].Count = max(0, tries[i].Count-1)
			}
			tries[i].Seen, tries[i].Until = now, time.Time{}
		}
		return nil
	})
}

// count changes the counts of gates in one transaction.
func (s *Service) count(ctx context.Context, gates []gate, change func(now time.Time, tries []attempts) error) error {
	now := graph.Time(s.now())
	ids := make([]graph.ID, len(gates))
	keys := make([]string, len(gates))
	for i, g := range gates {
		ids[i], keys[i] = g.id, string(g.id)
	}
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, keys...); err != nil {
			return err
		}
		nodes, err := tx.Nodes(ctx, ids...)
		if err != nil {
			return err
		}
		tries := make([]attempts, len(gates))
		for i, id := range ids {
			if n, ok := nodes[id]; ok {
				if tries[i], err = attemptsType.Read(n); err != nil {
					return broken(err)
				}
			}
		}
		if err := change(now, tries); err != nil {
			return err
		}
		ws := make([]graph.NodeWrite, len(gates))
		for i, id := range ids {
			ws[i] = attemptsType.Write(id, graph.Upsert, tries[i])
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		if len(nodes) == len(ids) {
			return nil
		}
		return sweep(ctx, tx, now)
	})
}

// sweep throws a few old counts away whenever a new one comes in, so that guesses don't fill the store.
func sweep(ctx context.Context, tx graph.Tx, now time.Time) error {
	page, err := tx.List(ctx, graph.Query{Kind: attemptsType.Kind, Sort: "seen", Limit: 10,
		Where: []graph.Filter{{Prop: "seen", Op: graph.Less, Values: []any{now.Add(-staleAfter)}}}})
	if err != nil || len(page.Nodes) == 0 {
		return err
	}
	ids := make([]graph.ID, len(page.Nodes))
	for i, n := range page.Nodes {
		ids[i] = n.ID
	}
	return tx.Delete(ctx, ids...)
}
