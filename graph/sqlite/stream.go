package sqlite

import (
	"bytes"
	"slices"

	"zombiezen.com/go/sqlite"
)

// streams are what the page is merged from.
func (l *lister) streams(n int) []*stream {
	chunk := n
	if len(l.auds) > 1 {
		chunk = max(minChunk, 2*n/len(l.auds))
	}
	if l.filtered {
		chunk = max(chunk, filteredChunk)
	}
	streams := []*stream{{rest: l.extra}}
	for _, aud := range l.auds {
		streams = append(streams, &stream{l: l, aud: aud, spans: slices.Clone(l.spans), chunk: chunk})
	}
	return streams
}

// The least number of rows that a stream reads at once; and that of a stream which drops some.
const (
	minChunk      = 8
	filteredChunk = 256
)

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
	var last []byte
	read := 0
	err := s.each(query, func(stmt *sqlite.Stmt) error {
		last = s.blob(stmt, 0)
		read++
		num := stmt.ColumnInt64(1)
		if !st.l.filtered || st.l.match.candidate(num) {
			st.rest = append(st.rest, place{string(last), num})
		}
		return nil
	}, st.l.plan.idx, st.aud, span.from, span.to, st.chunk)
	if err != nil {
		return err
	}
	if st.l.budget -= read; st.l.filtered && st.l.budget < 0 {
		return errTooFar
	}
	if read < st.chunk {
		st.spans = st.spans[1:]
		return nil
	}
	last = bytes.Clone(last)
	if st.l.q.Desc {
		st.spans[0].to = last
	} else {
		st.spans[0].from = append(last, 0)
	}
	return nil
}
