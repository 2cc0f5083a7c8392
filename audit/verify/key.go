package verify

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Span is a key of a log and the sizes at which it has to sign: from From up to, but not with, To; To 0: still.
type Span struct {
	Key      string // in the form of golang.org/x/mod/sumdb/note: name+hash+key
	From, To int64
}

func (s Span) demanded(size int64) bool { return s.From <= size && (s.To == 0 || size < s.To) }

// keyring is who may sign. It begins with the keys that are in force where the entries begin and follows the entries that
// announce and retire keys.
//
// A key is vouched for if it is the one that was pinned, or, if none was, one from the beginning; or if an entry announces
// it that a checkpoint covers which such a key signed. That both signed the same checkpoint says nothing: anybody can add his
// signature to what another signed.
type keyring struct {
	spans     []Span
	known     map[string]note.Verifier // by key
	vouched   map[string]bool          // by key
	announced map[string]int64         // by key, the number of the entry that made it known
	owed      map[string]int64         // by key, the first size at which it had to sign and did not
	witnesses []*witness
	pinned    string
	alone     bool // no list of keys came along: the pinned one is all that is known of the beginning
}

func newKeyring(pinned string, witnesses ...string) (*keyring, error) {
	k := &keyring{known: map[string]note.Verifier{}, vouched: map[string]bool{}, announced: map[string]int64{},
		owed: map[string]int64{}, pinned: pinned}
	for _, key := range witnesses {
		w, err := parseWitness(key)
		if err != nil {
			return nil, err
		}
		k.witnesses = append(k.witnesses, w)
	}
	if pinned == "" {
		return k, nil
	}
	if _, err := verifier(pinned); err != nil {
		return nil, err
	}
	k.vouched[pinned] = true
	return k, nil
}

// verifier reads a key, and refuses one that could be written differently.
func verifier(key string) (note.Verifier, error) {
	v, err := note.NewVerifier(key)
	if err != nil {
		return nil, problem(-1, BadKey, "%q is not a verifier key", key)
	}
	parts := strings.SplitN(key, "+", 3)
	if _, err := strict.DecodeString(parts[2]); err != nil {
		return nil, problem(-1, BadKey, "%q is not a verifier key", key)
	}
	return v, nil
}

// add takes a key in.
func (k *keyring) add(s Span) error {
	v, err := verifier(s.Key)
	if err != nil {
		return err
	}
	if _, there := k.known[s.Key]; there {
		return k.again(s)
	}
	k.known[s.Key] = v
	k.spans = append(k.spans, s)
	return nil
}

// begin takes in a key that was in force where the entries begin.
func (k *keyring) begin(s Span) error {
	if k.pinned == "" {
		k.vouched[s.Key] = true
	}
	return k.add(s)
}

// announce takes in a key that the entry of a number makes known.
func (k *keyring) announce(s Span, number int64) error {
	if err := k.add(s); err != nil {
		return err
	}
	k.announced[s.Key] = number
	return nil
}

// again takes in a key that is known. The keys at the beginning may list one that an entry announces.
func (k *keyring) again(s Span) error {
	same := func(o Span) bool { return o.Key == s.Key && o.From == s.From }
	if k.alone && s.Key == k.pinned || slices.ContainsFunc(k.spans, same) {
		return nil
	}
	return problem(-1, BadKey, "the key %s is announced twice", s.Key)
}

// retire ends the duty of a key to sign. One other at least has to stay.
func (k *keyring) retire(key string, size int64) error {
	left := 0
	if slices.ContainsFunc(k.spans, func(s Span) bool { return s.Key == key && s.To == size }) {
		return nil
	}
	for _, s := range k.spans {
		if s.Key != key && s.demanded(size) {
			left++
		}
	}
	at := slices.IndexFunc(k.spans, func(s Span) bool { return s.Key == key && s.To == 0 })
	if at < 0 && k.alone {
		return nil
	}
	if at < 0 || left == 0 {
		return problem(-1, BadKey, "the key %s is retired, but it was not in force or no other is", key)
	}
	k.spans[at].To = size
	if k.owed[key] >= size { // it was retired from a size on that was signed before the entry that says so
		delete(k.owed, key)
	}
	return nil
}

// Verifier finds the verifier of a signature; it makes a keyring a note.Verifiers.
func (k *keyring) Verifier(name string, hash uint32) (note.Verifier, error) {
	for _, v := range k.known {
		if v.Name() == name && v.KeyHash() == hash {
			return v, nil
		}
	}
	for _, w := range k.witnesses {
		if w.name == name && w.hash == hash {
			return w, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// signed tells which keys of the log signed a note that was opened.
func (k *keyring) signed(n *note.Note) []string {
	var keys []string
	for key, v := range k.known {
		for _, s := range n.Sigs {
			if s.Name == v.Name() && s.Hash == v.KeyHash() {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// witnessed tells whether all witnesses signed a note that was opened; false if there are none.
func (k *keyring) witnessed(n *note.Note) bool {
	for _, w := range k.witnesses {
		if !slices.ContainsFunc(n.Sigs, func(s note.Signature) bool { return s.Name == w.name && s.Hash == w.hash }) {
			return false
		}
	}
	return len(k.witnesses) > 0
}

// admit notes which keys signed a checkpoint of that size, and hands trust on. It tells whether one that is vouched for was
// among those that had to.
func (k *keyring) admit(size int64, signed []string) (vouched bool, err error) {
	demanded := 0
	for _, s := range k.spans {
		if !s.demanded(size) {
			continue
		}
		if !slices.Contains(signed, s.Key) {
			k.owe(s.Key, size)
			continue
		}
		demanded++
		vouched = vouched || k.vouched[s.Key]
	}
	if demanded == 0 {
		return false, problem(-1, BadSignature, "the checkpoint of size %d is not signed by a key that was in force then", size)
	}
	for key, number := range k.announced {
		if vouched && number <= size {
			k.vouched[key] = true
		}
	}
	return vouched, nil
}

func (k *keyring) owe(key string, size int64) {
	if _, already := k.owed[key]; !already {
		k.owed[key] = size
	}
}

// finish demands that no key failed to sign what it had to.
func (k *keyring) finish() error {
	for _, s := range k.spans {
		if size, owed := k.owed[s.Key]; owed {
			return problem(-1, BadSignature, "the checkpoint of size %d is not signed by %s", size, s.Key)
		}
	}
	return nil
}

// keysText is the file of keys in a bundle: one a line, with the sizes from which and up to which it signs.
func keysText(spans []Span) []byte {
	var b []byte
	for _, s := range spans {
		b = append(b, s.Key...)
		b = append(b, ' ')
		b = strconv.AppendInt(b, s.From, 10)
		b = append(b, ' ')
		b = strconv.AppendInt(b, s.To, 10)
		b = append(b, '\n')
	}
	return b
}

// parseKeys reads the file of keys.
func parseKeys(text []byte) ([]Span, error) {
	var spans []Span
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		if len(f) != 3 {
			return nil, problem(-1, BadKey, "a line of the keys does not hold a key and two sizes")
		}
		from, err1 := strconv.ParseInt(f[1], 10, 64)
		to, err2 := strconv.ParseInt(f[2], 10, 64)
		if err1 != nil || err2 != nil || from < 0 || to < 0 || to != 0 && to <= from {
			return nil, problem(-1, BadKey, "the sizes of a key are not numbers in order")
		}
		spans = append(spans, Span{Key: f[0], From: from, To: to})
	}
	if len(spans) == 0 || string(keysText(spans)) != string(text) {
		return nil, problem(-1, BadKey, "the keys are not in the form in which bundles are written")
	}
	return spans, nil
}
