package graph

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"weir/errs"
)

// A cursor is opaque to callers: the position where a page ended, bound to the question that it belongs to.

// Cursor encodes a position (a few strings of the engine's choosing) for a question.
func Cursor(question string, position ...string) string {
	b, err := json.Marshal(position)
	if err != nil {
		panic("graph: strings don't marshal: " + err.Error()) // json.Marshal of []string can't fail
	}
	return base64.RawURLEncoding.EncodeToString(append(stamp(question), b...))
}

// ParseCursor returns the position in a cursor of that question; Invalid for any other text. An empty cursor is nil.
func ParseCursor(question, cursor string) ([]string, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < stampLen || string(b[:stampLen]) != string(stamp(question)) {
		return nil, errs.Bad("after", "is not a cursor of this list; begin again without it.")
	}
	var position []string
	if err := json.Unmarshal(b[stampLen:], &position); err != nil || len(position) == 0 {
		return nil, errs.Bad("after", "is not a cursor of this list; begin again without it.")
	}
	return position, nil
}

const stampLen = 6

func stamp(question string) []byte {
	sum := sha256.Sum256([]byte(question))
	return sum[:stampLen]
}

// Question identifies a list for its cursors: everything but Limit, After and Visible.
func (q Query) Question() string {
	return fmt.Sprintf("list %s %v %v %s %t", q.Kind, q.Where, q.Near, q.Sort, q.Desc)
}

// Question identifies an edge list for its cursors.
func (q EdgeQuery) Question() string {
	return fmt.Sprintf("edges %v %d %v %d %d %t", q.Of, q.Dir, q.Rels, q.At.UnixMicro(), q.Known.UnixMicro(), q.All)
}
