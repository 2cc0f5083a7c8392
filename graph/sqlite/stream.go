package sqlite

import (
	"slices"

	"zombiezen.com/go/sqlite"
)

// streams are what the page is merged from.
func (l *lister) streams(n int) []*stream {
	chunk := n
	if len(l.auds) > 1 {
		chunk = max(minChunk, 2*n/len(l.auds))
	}
	streams := []*stream{{rest: l.extra}}
	for _, aud := range l.auds {
		streams = append(streams, &stream{l: l, aud: aud, spans: slices.Clone(l.spans), chunk: chunk})
	}
	return streams
}

// minChunk is the least number of rows that a stream reads at once.
const minChunk = 8

// stream reads one audience's part of a list, some rows at a time.
type stream struct {
	l     *lister
	aud   int64
	spans []keySpan // what is still to be read
	chunk int
	rest  []place
}

const (
	listUp = "SELECT key, node FROM entry WHERE idx = ? AND aud = ? AND key >= ? AND key < ?" +
		" ORDER BY key, node LIMIT ?"
	listDown = "SELECT key, node FROM entry WHERE idx = ? AND aud = ? AND key >= ? AND key < ?" +
		" ORDER BY key DESC, node DESC LIMIT ?"
)

// fill makes sure that rest holds a place, if there is one left.
func (st *stream) fill() (bool, error) {
	for len(st.rest) == 0 && len(st.spans) > 0 {
		if err := st.read(); err != nil {
			return false, err
		}
	}
	return len(st.rest) > 0, nil
}

func (st *stream) read() error {
	span := st.spans[0]
	query := listUp
	if st.l.q.Desc {
		query = listDown
	}
	s := st.l.s
	st.rest = nil
	err := s.each(query, func(stmt *sqlite.Stmt) error {
		st.rest = append(st.rest, place{string(s.blob(stmt, 0)), stmt.ColumnInt64(1)})
		return nil
	}, st.l.plan.idx, st.aud, span.from, span.to, st.chunk)
	if err != nil {
		return err
	}
	if len(st.rest) < st.chunk {
		st.spans = st.spans[1:]
		return nil
	}
	last := []byte(st.rest[len(st.rest)-1].key)
	if st.l.q.Desc {
		st.spans[0].to = last
	} else {
		st.spans[0].from = append(last, 0)
	}
	return nil
}
