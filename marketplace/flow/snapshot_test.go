package flow

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// shopHash is of the shop's report, on every engine.
const shopHash = "8c7e954539122399a189ccb864417293368fd6fc037d5bfc63f96161d97939d4"

func TestCanonical_IsTheSameOnEveryEngine(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		s := newShop(w)
		got := s.read(Ask{Dataset: s.report})
		if got.Hash() != shopHash {
			t.Errorf("%s: %s", got.Hash(), got.Canonical())
		}
		columns := []graph.ID{s.reportTotal, s.reportMail, s.reportName, s.reportBorn}
		if other := s.read(Ask{s.report, columns}, Ask{Dataset: s.report}); !bytes.Equal(other.Canonical(), got.Canonical()) {
			t.Errorf("asked in another order: %s", other.Canonical())
		}
		if text := string(got.Canonical()); strings.Contains(text, "team:care") || strings.Contains(text, "2026") {
			t.Errorf("it holds an owner's name or a time: %s", text)
		}
	})
}

func TestParse_ReadsTheCanonicalForm(t *testing.T) {
	s := newShop(&teller{t: t, store: engines[0].open(t)})
	text := s.read(Ask{Dataset: s.report}).Canonical()
	back, err := Parse(text)
	if err != nil || !bytes.Equal(back.Canonical(), text) || len(back.Unmasked()) != 2 {
		t.Errorf("%+v (%v)", back, err)
	}
	for _, bad := range []string{"", "[]", `{"partial": true}`, `{"partial":false}`, string(text) + "x"} {
		if _, err := Parse([]byte(bad)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.30q: %v", bad, err)
		}
	}
}

func TestOf_IsWhatReadTells(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		s := newShop(w)
		whole := s.read(Ask{Dataset: s.report}, Ask{Dataset: s.mart})
		for _, c := range whole.Columns {
			if got, want := whole.Of(c.ID), s.read(Ask{c.Dataset, []graph.ID{c.ID}}); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v, want %+v", c.Path, got, want)
			}
		}
		if got := whole.Of(); !reflect.DeepEqual(got.Canonical(), []byte("{}")) {
			t.Errorf("%s", got.Canonical())
		}
	})
}

func TestColumnHash_ChangesWithWhatFlowsIntoThatColumn(t *testing.T) {
	s := newShop(&teller{t: t, store: engines[0].open(t)})
	before := s.read(Ask{Dataset: s.report})
	s.link(s.reportTotal, catalog.RelClass, s.pii)
	s.link(s.report, catalog.RelOwned, s.owner("jane"))
	s.write()
	after := s.read(Ask{Dataset: s.report})
	if before.ColumnHash(s.reportTotal) == after.ColumnHash(s.reportTotal) {
		t.Error("the column declares a class now, but has the same hash")
	}
	if before.ColumnHash(s.reportMail) != after.ColumnHash(s.reportMail) {
		t.Error("nothing changed for the column, but its hash did")
	}
	if before.Hash() == after.Hash() || after.ColumnHash(s.mail) != "" {
		t.Errorf("%s, %q", after.Hash(), after.ColumnHash(s.mail))
	}
}
