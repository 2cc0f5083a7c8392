package flow

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"weir/errs"
	"weir/graph"
)

// Canonical is the snapshot as JSON with sorted keys, without insignificant space. Equal graphs give equal bytes on every
// engine; names of people and times are not in it.
func (s Snapshot) Canonical() []byte { return encode(s) }

// Hash is the SHA-256 of the canonical form, in hex.
func (s Snapshot) Hash() string { return digest(s.Canonical()) }

// ColumnHash is a hash of what flows into one asked column: the classes that it declares and its inflows with their ways. It
// doesn't change when the other asked columns do, nor with names. It is "" for a column that wasn't asked.
func (s Snapshot) ColumnHash(column graph.ID) string {
	return s.ColumnHashes()[column]
}

// ColumnHashes are the hashes of all asked columns, in one pass.
func (s Snapshot) ColumnHashes() map[graph.ID]string {
	inflows := map[graph.ID][]Inflow{}
	for _, in := range s.Inflows {
		inflows[in.Column] = append(inflows[in.Column], in)
	}
	out := make(map[graph.ID]string, len(s.Columns))
	for _, c := range s.Columns {
		out[c.ID] = digest(encode(struct {
			Declared []string `json:"declared"`
			Inflows  []Inflow `json:"inflows"`
		}{c.Declared, inflows[c.ID]}))
	}
	return out
}

// Parse reads a canonical form. What that leaves out is empty: audiences and names of owners. Invalid if it is none.
func Parse(canonical []byte) (Snapshot, error) {
	var s Snapshot
	if err := json.Unmarshal(canonical, &s); err != nil {
		return s, errs.Wrap(err, errs.Invalid, "This is not a picture of lineage.")
	}
	if !bytes.Equal(s.Canonical(), canonical) {
		return s, errs.E(errs.Invalid, "This picture of lineage is not in its canonical form.")
	}
	return s, nil
}

// encode writes JSON without HTML escapes. The types of this package have nothing that can't be written.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // only for types that JSON doesn't know
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
