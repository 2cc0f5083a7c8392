package audit

import (
	"context"
	"strings"

	"weir/errs"
	"weir/graph"
)

// ActionRewrap is the action of the entry that Rewrap writes. No verifier asks for it.
const ActionRewrap = "audit.rewrap"

// Rewrap makes a new key that wraps the keys of subjects, wraps all of them anew and forgets the old one. From then on
// no backup of the store taken before shows the data of a person who was erased since, not even to whoever has the key file of now.
// Other servers can't record personal data until the key file was copied to them.
// Authorizing is the caller's.
func (l *Log) Rewrap(ctx context.Context, by Entry) error {
	if l.keys == nil {
		return errs.E(errs.Conflict, "There is no directory with keys.")
	}
	old, err := readLines(l.keys.path)
	if err != nil {
		return err
	}
	fresh := newSecret()
	if err := writeFile(l.keys.path, strings.Join(append([]string{fresh}, old...), "\n")+"\n", 0o600); err != nil {
		return err
	}
	err = l.amend(ctx, func(at *standing) (Entry, error) {
		all, err := l.keys.read()
		if err == nil {
			at.Wrapping = all[0].id
		}
		return about(by, ActionRewrap, "", nil), err
	})
	if err != nil {
		return err
	}
	// Keys that are made from here on are wrapped by the new one, but for transactions that are under way: the second round
	// finds those.
	for range 2 {
		if err := l.rewrapAll(ctx); err != nil {
			return err
		}
	}
	return writeFile(l.keys.path, fresh+"\n", 0o600)
}

// rewrapPage is how many keys one transaction wraps anew.
const rewrapPage = 500

// rewrapAll goes through the keys of all subjects.
func (l *Log) rewrapAll(ctx context.Context) error {
	for after := ""; ; {
		next := ""
		err := l.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			page, err := tx.List(ctx, graph.Query{Kind: subjectType.Kind, Limit: rewrapPage, After: after})
			if err != nil {
				return err
			}
			next = page.Next
			ws, err := l.keys.rewrap(page.Nodes)
			if err != nil {
				return err
			}
			_, err = tx.Put(ctx, ws...)
			return err
		})
		if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) { // one of them was erased meanwhile
			continue
		}
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}

// rewrap are the writes that wrap keys with the first key of the file.
func (k *Keys) rewrap(nodes []graph.Node) ([]graph.NodeWrite, error) {
	all, err := k.read()
	if err != nil {
		return nil, err
	}
	var ws []graph.NodeWrite
	for _, n := range nodes {
		v, err := subjectType.Read(n)
		if err != nil {
			return nil, errs.Wrap(err, errs.Internal, "The key of a person can't be read.")
		}
		secret, err := unwrap(all, v)
		if err != nil {
			return nil, err
		}
		if _, err := unwrap(all[:1], v); err == nil {
			continue
		}
		v.Wrapped = seal(all[0], secret, v.Serial)
		w := subjectType.Write(n.ID, graph.IfVersion, v)
		w.Version = n.Version
		ws = append(ws, w)
	}
	return ws, nil
}
