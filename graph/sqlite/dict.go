package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"
)

// dict interns texts as numbers in an append-only table. What it remembers of committed rows stays true, in every
// process; what a transaction added is forgotten if that is rolled back, since another process may give the number again.
type dict struct {
	find, read, add string
	nums            map[string]int64
	texts           []known          // by number, as far as that is below dictSize
	rare            map[int64]string // the others
	fresh           bool             // holds what isn't committed yet
}

// known is a text that is remembered; it may be empty.
type known struct {
	text string
	ok   bool
}

// dictSize bounds what a dict remembers.
const dictSize = 100_000

func newDict(table string) dict {
	d := dict{
		find: "SELECT num FROM " + table + " WHERE text = ?",
		read: "SELECT text FROM " + table + " WHERE num = ?",
		add:  "INSERT INTO " + table + "(text) VALUES (?) RETURNING num",
	}
	d.clear()
	return d
}

func (d *dict) clear() {
	d.nums, d.texts, d.rare, d.fresh = map[string]int64{}, nil, map[int64]string{}, false
}

// num returns the number of a text; false if it was never interned.
func (d *dict) num(s *session, text string) (int64, bool, error) {
	if n, ok := d.nums[text]; ok {
		return n, true, nil
	}
	n, err := s.number(d.find, text)
	if err != nil || n == 0 {
		return 0, false, err
	}
	d.keep(n, text)
	return n, true, nil
}

// intern returns the number of a text and gives it one if it has none. It needs a write transaction.
func (d *dict) intern(s *session, text string) (int64, error) {
	n, ok, err := d.num(s, text)
	if ok || err != nil {
		return n, err
	}
	if n, err = s.number(d.add, text); err != nil {
		return 0, err
	}
	d.keep(n, text)
	d.fresh = true
	return n, nil
}

// text returns the text of a number that a row holds.
func (d *dict) text(s *session, num int64) (string, error) {
	if uint64(num) < uint64(len(d.texts)) && d.texts[num].ok {
		return d.texts[num].text, nil
	}
	if t, ok := d.rare[num]; ok {
		return t, nil
	}
	found := false
	var text string
	err := s.each(d.read, func(stmt *sqlite.Stmt) error {
		text, found = stmt.ColumnText(0), true
		return nil
	}, num)
	if err != nil {
		return "", err
	}
	if !found {
		return "", fmt.Errorf("sqlite: number %d stands for nothing", num)
	}
	d.keep(num, text)
	return text, nil
}

func (d *dict) keep(num int64, text string) {
	if len(d.nums) >= dictSize {
		fresh := d.fresh
		d.clear()
		d.fresh = fresh
	}
	d.nums[text] = num
	if num < 0 || num >= dictSize {
		d.rare[num] = text
		return
	}
	if missing := int(num) + 1 - len(d.texts); missing > 0 {
		d.texts = append(d.texts, make([]known, missing)...)
	}
	d.texts[num] = known{text, true}
}

// rolledBack forgets what may not have been committed.
func (d *dict) rolledBack() {
	if d.fresh {
		d.clear()
	}
}

// committed says that everything is there to stay.
func (d *dict) committed() { d.fresh = false }
