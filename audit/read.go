package audit

import (
	"context"
	"crypto/hmac"
	"encoding/json"

	"weir/errs"
	"weir/graph"
)

// Since returns up to limit entries after a position, in order.
func Since(ctx context.Context, r graph.Reader, after int64, limit int) ([]Entry, error) {
	nodes, err := following(ctx, r, after, limit)
	if err != nil {
		return nil, err
	}
	return read(ctx, r, nodes)
}

// Latest returns the last entries, up to limit, newest first.
func Latest(ctx context.Context, r graph.Reader, limit int) ([]Entry, error) {
	page, err := r.List(ctx, graph.Query{Kind: recordType.Kind, Sort: graph.PropSeq, Desc: true, Limit: limit})
	if err != nil {
		return nil, err
	}
	return read(ctx, r, page.Nodes)
}

// History is a page of the entries that changed an asset, newest first, each with the changes of that asset alone.
type History struct {
	Entries []Entry
	Next    string
}

// Of returns the history of an asset.
func Of(ctx context.Context, r graph.Reader, asset graph.ID, limit int, after string) (History, error) {
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{asset}, Dir: graph.In, Rels: []graph.Rel{RelAbout}, Limit: limit, After: after})
	if err != nil {
		return History{}, err
	}
	ids := make([]graph.ID, len(page.Edges))
	for i, e := range page.Edges {
		ids[i] = e.From
	}
	payloads, err := r.Nodes(ctx, ids...)
	if err != nil {
		return History{}, err
	}
	var entryIDs []graph.ID
	for _, id := range ids {
		p, err := payloadType.Read(payloads[id])
		if err != nil {
			return History{}, errs.Wrap(err, errs.Internal, "An entry of the log can't be read.")
		}
		entryIDs = append(entryIDs, p.Entry)
	}
	records, err := r.Nodes(ctx, entryIDs...)
	if err != nil {
		return History{}, err
	}
	keys, err := keysTo(ctx, r, payloads)
	if err != nil {
		return History{}, err
	}
	h := History{Next: page.Next}
	for i, id := range entryIDs {
		e, err := decode(records[id], payloads[ids[i]], keys)
		if err != nil {
			return History{}, err
		}
		e.Changes = only(e.Changes, asset)
		h.Entries = append(h.Entries, e)
	}
	return h, nil
}

func only(changes []Change, asset graph.ID) []Change {
	var out []Change
	for _, c := range changes {
		if c.Asset == asset {
			out = append(out, c)
		}
	}
	return out
}

// read decodes entry nodes, with their payloads fetched in one call.
func read(ctx context.Context, r graph.Reader, nodes []graph.Node) ([]Entry, error) {
	var ids []graph.ID
	for _, n := range nodes {
		if id, ok := n.Props["payload"].(string); ok {
			ids = append(ids, graph.ID(id))
		}
	}
	payloads, err := r.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	keys, err := keysTo(ctx, r, payloads)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, 0, len(nodes))
	for _, n := range nodes {
		id, _ := n.Props["payload"].(string)
		e, err := decode(n, payloads[graph.ID(id)], keys)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// head makes an entry of its node alone. A property that isn't what the leaf says is an error: lists would lie.
func head(n graph.Node) (Entry, record, error) {
	r, l, err := readLeaf(n)
	if err != nil {
		return Entry{}, r, err
	}
	return Entry{ID: l.ID, Seq: r.Seq, At: l.At, Actor: l.Actor, Action: l.Action, Target: l.Target,
		Decision: l.Decision, Request: l.Request, Facts: l.Facts, Subject: l.Subject, commitment: l.Commitments["changes"]}, r, nil
}

func readLeaf(n graph.Node) (record, leaf, error) {
	var l leaf
	r, err := recordType.Read(n)
	if err != nil {
		return r, l, unreadable(err)
	}
	if err := json.Unmarshal(r.Leaf, &l); err != nil {
		return r, l, unreadable(err)
	}
	if n.ID != l.ID || r.Actor != l.Actor || r.Action != l.Action || r.Area != area(l.Action) ||
		r.Target != l.Target || !r.At.Equal(l.At) {
		return r, l, unreadable(errs.Ef(errs.Internal, "entry %s: the lists don't say what the leaf says", n.ID))
	}
	return r, l, nil
}

func unreadable(err error) error {
	return errs.Wrap(err, errs.Internal, "An entry of the log can't be read.")
}

// decode makes an entry of its nodes and the keys of subjects. A payload that is not what the leaf committed to is an
// error: it stops whoever reads.
func decode(rec, pay graph.Node, keys ring) (Entry, error) {
	e, r, err := head(rec)
	if err != nil || r.Payload == "" {
		return e, err
	}
	if pay.ID == "" {
		e.Erased = true
		return e, nil
	}
	body, how, err := bodyOf(e, pay, keys)
	if err != nil {
		return Entry{}, unreadable(err)
	}
	if e.Erased, e.Sealed = how == erased, how == withheld; how != readable {
		return e, nil
	}
	if err := json.Unmarshal(body, &e.Changes); err != nil {
		return Entry{}, unreadable(err)
	}
	return e, nil
}

// bodyOf opens a payload and holds it against what its entry committed to.
func bodyOf(e Entry, pay graph.Node, keys ring) ([]byte, access, error) {
	p, err := payloadType.Read(pay)
	if err != nil {
		return nil, erased, err
	}
	if p.Entry != e.ID || p.Subject != e.Subject {
		return nil, erased, errs.Ef(errs.Internal, "entry %s: the payload is of another entry", e.ID)
	}
	p, how, err := keys.open(p)
	if err != nil || how != readable {
		return nil, how, err
	}
	body, err := decoder.DecodeAll(p.Body, nil)
	if err != nil {
		return nil, how, err
	}
	if !hmac.Equal([]byte(commit(p.Key, body)), []byte(e.commitment)) {
		return nil, how, errs.Ef(errs.Internal, "entry %s: the payload is not what the leaf committed to", e.ID)
	}
	return body, how, nil
}
