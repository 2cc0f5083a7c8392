package sqlite

import (
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// A run yields numbers of nodes in ascending order. Several runs are intersected by leaps: each is asked for its
// first number from where the others are, so the cost follows the rarest.
type run interface {
	// from returns the smallest number that is not below num; false if there is none. num never falls.
	from(num int64) (int64, bool, error)
}

// listRun is a run of what is in memory.
type listRun struct{ nums []int64 }

func (r *listRun) from(num int64) (int64, bool, error) {
	i, _ := slices.BinarySearch(r.nums, num)
	r.nums = r.nums[i:]
	if len(r.nums) == 0 {
		return 0, false, nil
	}
	return r.nums[0], true, nil
}

// fieldRun is a run of nodes with one value of a property.
type fieldRun struct {
	s    *session
	idx  int64
	key  []byte
	rest []int64
	done bool
}

const (
	fieldNodes = "SELECT node FROM entry WHERE idx = ? AND aud = 0 AND key = ? AND node >= ? ORDER BY node LIMIT ?"
	fieldChunk = 256
)

func (r *fieldRun) from(num int64) (int64, bool, error) {
	i, _ := slices.BinarySearch(r.rest, num)
	r.rest = r.rest[i:]
	if len(r.rest) == 0 && !r.done {
		err := r.s.each(fieldNodes, func(stmt *sqlite.Stmt) error {
			r.rest = append(r.rest, stmt.ColumnInt64(0))
			return nil
		}, r.idx, r.key, num, fieldChunk)
		if err != nil {
			return 0, false, err
		}
		r.done = len(r.rest) < fieldChunk
	}
	if len(r.rest) == 0 {
		return 0, false, nil
	}
	return r.rest[0], true, nil
}

// unionRun is a run of what any of several yields.
type unionRun struct{ runs []run }

func (r *unionRun) from(num int64) (int64, bool, error) {
	var best int64
	found := false
	for _, part := range r.runs {
		n, ok, err := part.from(num)
		if err != nil {
			return 0, false, err
		}
		if ok && (!found || n < best) {
			best, found = n, true
		}
	}
	return best, found, nil
}

// wordRun is a run of what a full-text query finds. Only one is open at a time.
type wordRun struct {
	stmt *sqlite.Stmt
	num  int64
	done bool
}

const wordNodes = "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid"

func (s *session) newWordRun(query string) (*wordRun, error) {
	stmt, err := s.conn.Prepare(wordNodes)
	if err != nil {
		return nil, err
	}
	stmt.BindText(1, query)
	return &wordRun{stmt: stmt}, nil
}

func (r *wordRun) from(num int64) (int64, bool, error) {
	for !r.done && r.num < max(num, 1) {
		more, err := r.stmt.Step()
		if err != nil {
			return 0, false, err
		}
		if !more {
			r.done = true
			break
		}
		r.num = r.stmt.ColumnInt64(0)
	}
	return r.num, !r.done, nil
}

func (r *wordRun) close() error { return r.stmt.Reset() }

// intersect calls got with every number that all runs have, until it returns false.
func intersect(runs []run, got func(num int64) (bool, error)) error {
	num := int64(0)
	for {
		same := true
		for _, r := range runs {
			n, ok, err := r.from(num)
			if err != nil || !ok {
				return err
			}
			if n > num {
				num, same = n, false
			}
		}
		if !same {
			continue
		}
		more, err := got(num)
		if err != nil || !more {
			return err
		}
		num++
	}
}

// wordQuery is the full-text query for words, kinds and audiences. Words are letters and digits, so quoting them is safe.
func (s *session) wordQuery(words []string, prefix bool, kinds []graph.Kind, auds []int64) string {
	var terms []string
	for i, w := range words {
		if prefix && i == len(words)-1 {
			terms = append(terms, `"`+w+`"*`)
		} else {
			terms = append(terms, `"`+w+`"`)
		}
	}
	var any []string
	for _, kind := range kinds {
		any = append(any, `"`+kindWord(s.plan.kinds[kind].num)+`"`)
	}
	terms = append(terms, "("+strings.Join(any, " OR ")+")")
	if len(auds) > 0 {
		any = any[:0]
		for _, aud := range auds {
			any = append(any, `"`+audienceWord(aud)+`"`)
		}
		terms = append(terms, "("+strings.Join(any, " OR ")+")")
	}
	return strings.Join(terms, " AND ")
}
