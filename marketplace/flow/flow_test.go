package flow

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"weir/catalog"
	"weir/graph"
)

// shop is a company whose customers' names and mail addresses flow four steps on: crm → stage → clean → mart → report. On
// that way the name is never masked, the address once on one of two ways, the day of birth on its only way.
type shop struct {
	*teller
	crm, stage, clean, mart, report      graph.ID
	name, mail, born                     graph.ID // in crm
	reportName, reportMail, reportBorn   graph.ID
	reportTotal                          graph.ID
	cleanName, cleanMail, martMail       graph.ID
	load, scrub, build, publish, shuffle graph.ID
	pii                                  graph.ID
}

func newShop(w *teller) *shop {
	s := &shop{teller: w, pii: w.class("pii")}
	s.crm, s.stage, s.clean, s.mart, s.report = w.dataset("crm", inCare), w.dataset("stage"), w.dataset("clean"), w.dataset("mart"), w.dataset("report")
	s.load, s.scrub, s.build, s.publish = w.transform("load"), w.transform("scrub"), w.transform("build"), w.transform("publish")
	s.shuffle = w.transform("shuffle")
	s.through(s.crm, s.load, s.stage)
	s.through(s.stage, s.scrub, s.clean)
	s.through(s.clean, s.build, s.mart)
	s.through(s.mart, s.publish, s.report)
	s.through(s.stage, s.shuffle, s.mart)
	s.name, s.mail, s.born = w.column(s.crm, "name"), w.column(s.crm, "mail"), w.column(s.crm, "born")
	for _, c := range []graph.ID{s.name, s.mail, s.born} {
		w.link(c, catalog.RelClass, s.pii)
	}
	_, s.cleanName, _, s.reportName = s.chain("name", s.name, catalog.RelDerives)
	_, s.cleanMail, s.martMail, s.reportMail = s.chain("mail", s.mail, catalog.RelMasked)
	_, _, _, s.reportBorn = s.chain("born", s.born, catalog.RelMasked)
	w.link(w.column(s.stage, "mail"), catalog.RelDerives, s.martMail, via(s.shuffle)) // around the masking
	s.reportTotal = w.column(s.report, "total", func(c *catalog.Column) { c.Position = 1 })
	w.link(s.crm, catalog.RelOwned, w.owner("team:care"))
	w.write()
	return s
}

func inCare(d *catalog.Dataset) {
	d.Domain, d.Classification = catalog.DomainID("care"), catalog.Confidential
}

// chain carries a column on to the report; the step from stage to clean is of the given relation.
func (s *shop) chain(path string, from graph.ID, rel graph.Rel) (stage, clean, mart, report graph.ID) {
	stage, clean = s.column(s.stage, path), s.column(s.clean, path)
	mart, report = s.column(s.mart, path), s.column(s.report, path)
	s.link(from, catalog.RelDerives, stage, via(s.load))
	s.link(stage, rel, clean, via(s.scrub), func(e *graph.Edge) { e.Props[catalog.EdgeSubtype] = "TRANSFORMATION" })
	s.link(clean, catalog.RelDerives, mart, via(s.build))
	s.link(mart, catalog.RelDerives, report, via(s.publish))
	return stage, clean, mart, report
}

func TestRead_TellsExactlyTheUnmaskedColumnAndItsWay(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		s := newShop(w)
		got := s.read(Ask{Dataset: s.report})
		var paths []string
		for _, c := range got.Columns {
			paths = append(paths, c.Path)
		}
		if want := []string{"total", "born", "mail", "name"}; !slices.Equal(paths, want) {
			t.Errorf("columns %v, want %v", paths, want)
		}
		clear := got.Unmasked()
		if len(clear) != 2 || clear[0].Column != s.reportMail || clear[1].Column != s.reportName || len(got.Inflows) != 3 {
			t.Fatalf("inflows %+v", got.Inflows)
		}
		stageMail := catalog.ColumnID(s.stage, "mail")
		want := Inflow{
			Column: s.reportMail, Class: "pii", Origin: s.mail, OriginDataset: s.crm, Depth: 3, MaskedAt: -1, MaskedWays: true,
			Steps: []Step{
				{From: s.mail, To: stageMail, Via: []graph.ID{s.load}},
				{From: stageMail, To: s.martMail, Via: []graph.ID{s.shuffle}},
				{From: s.martMail, To: s.reportMail, Via: []graph.ID{s.publish}},
			},
		}
		if !reflect.DeepEqual(clear[0], want) {
			t.Errorf("got %+v, want %+v", clear[0], want)
		}
		if in := clear[1]; in.Depth != 4 || in.MaskedWays || in.Origin != s.name || len(in.Steps) != 4 {
			t.Errorf("the name is four clear steps away, but %+v", in)
		}
		if in := got.Of(s.reportBorn).Inflows[0]; !in.Masked || in.MaskedAt != 1 || !in.Steps[1].Masked || in.Steps[1].Via[0] != s.scrub {
			t.Errorf("the day of birth is masked by scrub, but %+v", in)
		}
		if o := got.Origins(); !slices.Equal(o, []graph.ID{s.crm}) {
			t.Errorf("origins %v", o)
		}
		if len(got.Coarse) != 0 || got.Partial || len(got.Missing) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestRead_NamesWhatItTells(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		s := newShop(w)
		got := s.read(Ask{s.report, []graph.ID{s.reportMail}})
		want := map[graph.ID]Thing{
			s.crm: {
				Kind: "Dataset", Name: "crm", Audience: "open", Domain: catalog.DomainID("care"), Classification: catalog.Confidential,
				OwnerIDs: []graph.ID{catalog.OwnerID("team:care")}, Owners: []string{"team:care"},
			},
			s.stage:    {Kind: "Dataset", Name: "stage", Audience: "open"},
			s.mart:     {Kind: "Dataset", Name: "mart", Audience: "open"},
			s.report:   {Kind: "Dataset", Name: "report", Audience: "open"},
			s.mail:     {Kind: "Column", Name: "mail", Dataset: s.crm},
			s.martMail: {Kind: "Column", Name: "mail", Dataset: s.mart},
			s.load:     {Kind: "Transform", Name: "load"}, s.shuffle: {Kind: "Transform", Name: "shuffle"}, s.publish: {Kind: "Transform", Name: "publish"},
			s.reportMail:                      {Kind: "Column", Name: "mail", Dataset: s.report},
			catalog.ColumnID(s.stage, "mail"): {Kind: "Column", Name: "mail", Dataset: s.stage},
		}
		if !reflect.DeepEqual(got.Names, want) {
			t.Errorf("got %+v, want %+v", got.Names, want)
		}
		if c := s.read(Ask{s.clean, []graph.ID{s.cleanMail}}).Columns[0]; !slices.Equal(c.Masking, []string{"TRANSFORMATION"}) {
			t.Errorf("how the address is masked isn't told: %+v", c)
		}
	})
}

func TestRead_MaskingTheLastWayRemovesTheOrigin(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		s := newShop(w)
		ask := Ask{s.report, []graph.ID{s.reportMail}}
		stageMail := catalog.ColumnID(s.stage, "mail")
		before := s.read(ask)
		s.unlink(day(2), graph.Edge{From: stageMail, Rel: catalog.RelDerives, To: s.martMail, Key: "src/" + string(s.shuffle)})
		s.link(stageMail, catalog.RelMasked, s.martMail, via(s.shuffle))
		s.write()
		after := s.read(ask)
		if len(before.Origins()) != 1 || len(after.Origins()) != 0 || len(after.Unmasked()) != 0 {
			t.Errorf("origins before %v, after %v", before.Origins(), after.Origins())
		}
		if len(after.Inflows) != 1 || !after.Inflows[0].Masked || after.Inflows[0].MaskedAt != 1 || after.Inflows[0].Depth != 3 {
			t.Errorf("%+v", after.Inflows)
		}
		if before.Hash() == after.Hash() || before.ColumnHash(s.reportMail) == after.ColumnHash(s.reportMail) {
			t.Error("the hash is the same")
		}
	})
}

func TestRead_EveryDeclaringColumnIsAnOrigin(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		a, b := w.dataset("a"), w.dataset("b")
		far, near, last := w.column(a, "far"), w.column(b, "near"), w.column(b, "last")
		pii := w.class("pii")
		for _, c := range []graph.ID{far, near, last} {
			w.link(c, catalog.RelClass, pii)
		}
		w.link(far, catalog.RelDerives, near)
		w.link(near, catalog.RelDerives, last)
		w.write()
		got := w.read(Ask{b, []graph.ID{last}})
		type row struct {
			origin graph.ID
			depth  int
			own    bool
		}
		var rows []row
		for _, in := range got.Inflows {
			rows = append(rows, row{in.Origin, in.Depth, in.ByDeclaration})
		}
		if want := []row{{last, 0, true}, {near, 1, false}, {far, 2, false}}; !slices.Equal(rows, want) {
			t.Errorf("got %+v, want %+v", rows, want)
		}
		if !slices.Equal(got.Columns[0].Declared, []string{"pii"}) {
			t.Errorf("declared %v", got.Columns[0].Declared)
		}
		if o := got.Origins(); !slices.Equal(o, []graph.ID{a}) {
			t.Errorf("the asked dataset isn't its own origin, but %v", o)
		}
	})
}

func TestRead_CirclesAndDiamonds(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d, e := w.dataset("d"), w.dataset("e")
		origin, left, right, end := w.column(d, "origin"), w.column(d, "left"), w.column(d, "right"), w.column(e, "end")
		w.link(origin, catalog.RelClass, w.class("pii"))
		w.link(origin, catalog.RelDerives, left)
		w.link(origin, catalog.RelDerives, right)
		w.link(left, catalog.RelMasked, end)
		w.link(right, catalog.RelDerives, end)
		w.link(end, catalog.RelDerives, origin)
		w.link(end, catalog.RelDerives, end)
		w.write()
		got := w.read(Ask{Dataset: e})
		want := []Inflow{{
			Column: end, Class: "pii", Origin: origin, OriginDataset: d, Depth: 2, MaskedAt: -1, MaskedWays: true,
			Steps: []Step{{From: origin, To: right}, {From: right, To: end}},
		}}
		if !reflect.DeepEqual(got.Inflows, want) {
			t.Errorf("got %+v, want %+v", got.Inflows, want)
		}
	})
}

func TestRead_ClosedEdgesDontCount(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d, e := w.dataset("d"), w.dataset("e")
		a, b, end := w.column(d, "a"), w.column(d, "b"), w.column(e, "end")
		pii, phi := w.class("pii"), w.class("phi")
		w.link(a, catalog.RelClass, pii)
		w.link(a, catalog.RelDerives, end, until(day(3)))
		w.link(b, catalog.RelClass, phi, until(day(4)))
		w.link(b, catalog.RelDerives, end)
		w.write()
		if got := w.read(Ask{Dataset: e}); len(got.Inflows) != 0 {
			t.Errorf("%+v", got.Inflows)
		}
		past, err := Read(t.Context(), w.store, []Ask{{Dataset: e}}, day(2))
		if err != nil || len(past.Inflows) != 2 || past.Inflows[0].Class != "phi" || past.Inflows[1].Class != "pii" {
			t.Errorf("on day 2 both flowed in, but %+v (%v)", past.Inflows, err)
		}
	})
}

func TestRead_ParallelEdges(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d, e := w.dataset("d"), w.dataset("e")
		a, end, x, y := w.column(d, "a"), w.column(e, "end"), w.transform("x"), w.transform("y")
		w.link(a, catalog.RelClass, w.class("pii"))
		w.link(a, catalog.RelDerives, end, via(x))
		w.link(a, catalog.RelMasked, end, via(y))
		w.write()
		got := w.read(Ask{Dataset: e}).Inflows
		if len(got) != 1 || got[0].Masked || !got[0].MaskedWays || !slices.Equal(got[0].Steps[0].Via, []graph.ID{x}) {
			t.Errorf("x doesn't mask, y does, but %+v", got)
		}
	})
}

func TestRead_AnotherNameAnswersAsItsHead(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		head := w.dataset("head")
		alias := w.dataset("alias", func(d *catalog.Dataset) { d.Head = head })
		c, other := w.column(head, "c"), w.column(alias, "c")
		w.link(c, catalog.RelClass, w.class("pii"))
		w.write()
		want := w.read(Ask{Dataset: head})
		if len(want.Inflows) != 1 {
			t.Fatalf("%+v", want)
		}
		for name, ask := range map[string]Ask{
			"whole": {Dataset: alias}, "column": {alias, []graph.ID{other}}, "column of the head": {alias, []graph.ID{c}},
		} {
			if got := w.read(ask); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v, want %+v", name, got, want)
			}
		}
	})
}

// TestRead_ColumnsThatOnlyAnotherNameHas has a head with column c, and two other names with columns of their own.
func TestRead_ColumnsThatOnlyAnotherNameHas(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		head, stranger := w.dataset("head"), w.dataset("stranger")
		another := func(d *catalog.Dataset) { d.Head = head }
		one, two := w.dataset("one", another), w.dataset("two", another)
		w.link(one, catalog.RelSame, head)
		w.link(one, catalog.RelSame, two)
		w.link(stranger, catalog.RelSame, head) // refused by a person: it has no head
		c, foreign := w.column(head, "c"), w.column(stranger, "foreign")
		w.column(one, "c")
		extra, late := w.column(one, "extra"), w.column(two, "late")
		hidden := w.column(two, "extra", func(c *catalog.Column) { c.Gone = true })
		w.write()
		whole := w.read(Ask{Dataset: two})
		if len(whole.Columns) != 3 || whole.Columns[0].ID != c || whole.Columns[1].ID != extra || whole.Columns[2].ID != late {
			t.Fatalf("%+v", whole.Columns)
		}
		for _, col := range whole.Columns {
			if col.Dataset != head || col.Gone || whole.Names[col.ID].Dataset != head {
				t.Errorf("%+v counts as the head's", col)
			}
		}
		got := w.read(Ask{head, []graph.ID{late, foreign}})
		if len(got.Columns) != 1 || got.Columns[0].ID != late || !slices.Equal(got.Missing, []graph.ID{foreign}) {
			t.Errorf("%+v", got)
		}
		if got := w.read(Ask{head, []graph.ID{hidden}}).Columns; len(got) != 1 || got[0].ID != hidden || !got[0].Gone {
			t.Errorf("%+v", got)
		}
	})
}

func TestRead_TellsWhatIsMissing(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d, other := w.dataset("d"), w.dataset("other")
		here, foreign := w.column(d, "here"), w.column(other, "foreign")
		gone := w.column(d, "gone", func(c *catalog.Column) { c.Gone = true })
		w.write()
		never, nothing := catalog.ColumnID(d, "never"), catalog.DatasetID("no", "thing")
		got := w.read(Ask{d, []graph.ID{here, gone, never, foreign}}, Ask{Dataset: nothing}, Ask{Dataset: here})
		want := []graph.ID{never, foreign, nothing, here}
		slices.Sort(want)
		if !slices.Equal(got.Missing, want) {
			t.Errorf("missing %v, want %v", got.Missing, want)
		}
		if len(got.Columns) != 2 || got.Columns[0].ID != gone || !got.Columns[0].Gone || got.Columns[1].ID != here {
			t.Errorf("%+v", got.Columns)
		}
		if got := w.read(Ask{Dataset: d}); len(got.Columns) != 1 || got.Columns[0].ID != here {
			t.Errorf("the whole dataset has one column, but %+v", got.Columns)
		}
		if got := w.read(); !reflect.DeepEqual(got.Canonical(), []byte("{}")) {
			t.Errorf("nothing was asked, but %s", got.Canonical())
		}
	})
}

// TestRead_OfEqualWaysTheFirst has two ways of three steps from v: over x and a, or over y and b. x comes after y, a before b.
func TestRead_OfEqualWaysTheFirst(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d, e := w.dataset("d"), w.dataset("e")
		v, root := w.column(d, "v"), w.column(e, "root")
		middle := []graph.ID{w.column(d, "1"), w.column(d, "2"), w.column(d, "3"), w.column(d, "4")}
		slices.Sort(middle)
		a, b, y, x := middle[0], middle[1], middle[2], middle[3]
		w.link(v, catalog.RelClass, w.class("pii"))
		for _, hop := range [][2]graph.ID{{v, x}, {v, y}, {x, a}, {y, b}, {a, root}, {b, root}} {
			w.link(hop[0], catalog.RelDerives, hop[1])
		}
		w.write()
		want := []Step{{From: v, To: y}, {From: y, To: b}, {From: b, To: root}}
		if got := w.read(Ask{Dataset: e}).Inflows; len(got) != 1 || !reflect.DeepEqual(got[0].Steps, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestRead_TellsTheClearInflowsFirst(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d, e := w.dataset("d"), w.dataset("e")
		near, far, between, end := w.column(d, "near"), w.column(d, "far"), w.column(d, "between"), w.column(e, "end")
		w.link(near, catalog.RelClass, w.class("pii"))
		w.link(far, catalog.RelClass, w.class("pii"))
		w.link(near, catalog.RelMasked, end)
		w.link(far, catalog.RelDerives, between)
		w.link(between, catalog.RelDerives, end)
		w.write()
		if got := w.read(Ask{Dataset: e}).Inflows; len(got) != 2 || got[0].Origin != far || got[1].Origin != near {
			t.Errorf("%+v", got)
		}
	})
}

func TestRead_ReadsADatasetOfVeryManyColumns(t *testing.T) {
	for _, e := range engines[:2] {
		t.Run(e.name, func(t *testing.T) {
			w := &teller{t: t, store: e.open(t)}
			d := w.dataset("d")
			for i := range graph.MaxBatch + 5 {
				w.column(d, strconv.Itoa(i))
			}
			w.write()
			if got := w.read(Ask{Dataset: d}); len(got.Columns) != graph.MaxBatch+5 || got.Partial {
				t.Errorf("%d columns, partial %v", len(got.Columns), got.Partial)
			}
		})
	}
}
