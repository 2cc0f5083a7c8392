package gqlschema

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/audit/verify"
)

// follower is an outside client of the feed. What it has dealt with survives its death; the rest is gone. It trusts the
// key of the log and nothing else.
type follower struct {
	key string // of the log, got on another way

	kept kept
}

// kept is what a client writes down after each page.
type kept struct {
	cursor  string
	size    int64             // entries that were dealt with as a whole
	hashes  []tlog.Hash       // stored hashes of the tree over them
	pending []string          // changes of an entry of which more is to come, as text
	fields  map[string]string // by asset and field: what the source says now
}

// feedPageQuery asks for everything that it takes to check a page.
const feedPageQuery = `query Feed($after: String, $first: Int!) { changes(first: $first, after: $after, sealed: true) {
	edges { cursor node { seq index hasMore erased changes { asset field before after } leaf payload { key text } proof { index size hashes text } } }
	pageInfo { endCursor hasNextPage } checkpoint { size root text } } }`

// answered is a page as it came over the wire.
type answered struct {
	Data struct {
		Changes struct {
			Edges []struct {
				Cursor string
				Node   item
			}
			PageInfo   struct{ EndCursor *string }
			Checkpoint *struct{ Text string }
		}
	}
	Errors []struct{ Message string }
}

type item struct {
	Seq, Index      int64
	HasMore, Erased bool
	Changes         []struct{ Asset, Field, Before, After string }
	Leaf            string
	Payload         *struct{ Key, Text string }
	Proof           *struct {
		Index, Size int64
		Hashes      []string
		Text        string
	}
}

// take deals with a page; die is called now and then and ends the client by an error, as a kill would. What was not
// written down by then is as if it had never been.
func (c *follower) take(raw string, die func() error) error {
	var a answered
	if err := json.Unmarshal([]byte(raw), &a); err != nil {
		return err
	}
	if len(a.Errors) > 0 {
		return errors.New(a.Errors[0].Message)
	}
	page := a.Data.Changes
	next := c.kept.copy()
	if len(page.Edges) > 0 && page.Checkpoint == nil {
		return errors.New("no checkpoint comes with the page")
	}
	for _, edge := range page.Edges {
		if err := die(); err != nil {
			return err
		}
		if err := next.add(edge.Node, c.key, page.Checkpoint.Text); err != nil {
			return fmt.Errorf("entry %d: %w", edge.Node.Seq, err)
		}
		next.cursor = edge.Cursor
	}
	if page.Checkpoint != nil {
		if err := next.continues(c.key, page.Checkpoint.Text); err != nil {
			return err
		}
	}
	if err := die(); err != nil {
		return err
	}
	c.kept = next
	return nil
}

func (k kept) copy() kept {
	fields := make(map[string]string, len(k.fields))
	for name, v := range k.fields {
		fields[name] = v
	}
	k.hashes, k.pending = append([]tlog.Hash(nil), k.hashes...), append([]string(nil), k.pending...)
	k.fields = fields
	return k
}

// add checks one item and deals with it.
func (k *kept) add(it item, key, checkpoint string) error {
	if it.Seq != k.size+1 || int(it.Index) != count(k.pending) {
		return fmt.Errorf("is not what comes after entry %d: there is a gap", k.size)
	}
	if it.Proof == nil || it.Proof.Index != it.Seq-1 {
		return errors.New("has no proof")
	}
	if !strings.HasSuffix(it.Proof.Text, checkpoint) {
		return errors.New("is proved under another checkpoint")
	}
	r, err := verify.Proof([]byte(it.Proof.Text), []byte(it.Leaf), verify.Options{Key: key})
	if err != nil {
		return err
	}
	if !r.OK {
		return errors.New(r.Message)
	}
	if it.Payload != nil {
		k.pending = append(k.pending, it.Payload.Text)
		if err := it.shows(); err != nil {
			return err
		}
	}
	if !it.HasMore {
		if err := k.whole(it); err != nil {
			return err
		}
	}
	for _, change := range it.Changes {
		k.fields[change.Asset+" "+change.Field] = change.After
	}
	return nil
}

// count is how many changes texts hold.
func count(texts []string) int {
	n := 0
	for _, text := range texts {
		var all []json.RawMessage
		if json.Unmarshal([]byte("["+text+"]"), &all) != nil {
			return -1
		}
		n += len(all)
	}
	return n
}

// shows compares the changes as fields with the text that the leaf commits to.
func (it item) shows() error {
	var committed []struct{ Asset, Field, Before, After string }
	if err := json.Unmarshal([]byte("["+it.Payload.Text+"]"), &committed); err != nil {
		return err
	}
	if fmt.Sprint(committed) != fmt.Sprint(it.Changes) {
		return errors.New("the changes are not those that were committed to")
	}
	return nil
}

// whole holds a complete entry against its commitment, and adds it to the tree.
func (k *kept) whole(it item) error {
	var leaf struct{ C map[string]string }
	if err := json.Unmarshal([]byte(it.Leaf), &leaf); err != nil {
		return err
	}
	switch commitment := leaf.C["changes"]; {
	case it.Erased:
	case commitment == "" && len(it.Changes) > 0:
		return errors.New("the leaf commits to no changes")
	case commitment != "" && it.Payload == nil:
		return errors.New("its changes are missing")
	case commitment != "":
		secret, err := hex.DecodeString(it.Payload.Key)
		if err != nil {
			return err
		}
		m := hmac.New(sha256.New, secret)
		m.Write([]byte("[" + strings.Join(k.pending, ",") + "]"))
		if hex.EncodeToString(m.Sum(nil)) != commitment {
			return errors.New("the changes are not what the leaf commits to")
		}
	}
	k.pending = nil
	hashes, err := tlog.StoredHashes(k.size, []byte(it.Leaf), k)
	if err != nil {
		return err
	}
	k.hashes = append(k.hashes, hashes...)
	k.size++
	return nil
}

// ReadHashes are those of the client's own tree.
func (k *kept) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at >= int64(len(k.hashes)) {
			return nil, errors.New("no such hash")
		}
		out[i] = k.hashes[at]
	}
	return out, nil
}

// continues holds the client's own tree against a checkpoint of the same size: then nothing was missed, ever.
func (k *kept) continues(key, text string) error {
	v, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	n, err := note.Open([]byte(text), note.VerifierList(v))
	if err != nil {
		return err
	}
	lines := strings.Split(n.Text, "\n")
	if lines[1] != fmt.Sprint(k.size) {
		return nil
	}
	root, err := tlog.TreeHash(k.size, k)
	if err != nil {
		return err
	}
	if lines[2] != base64.StdEncoding.EncodeToString(root[:]) {
		return errors.New("the client's own tree is another one")
	}
	return nil
}
