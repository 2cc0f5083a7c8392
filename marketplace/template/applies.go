package template

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"weir/graph"
)

// rule is a version that applies to a case, and to which of its columns.
type rule struct {
	*Version
	source Source
	on     []int // indexes of the columns that it bears on; nil with whole
	whole  bool  // it bears on all that is asked for
	base   bool  // its conditions of pre-approval hold, apart from columns
	bare   bool  // base, but something that may be in any column would come in clear text
}

// bears tells whether the rule is about column i.
func (r *rule) bears(i int) bool {
	if r.whole {
		return true
	}
	_, found := slices.BinarySearch(r.on, i)
	return found
}

// applying are the versions that apply to c, in the order of their ids, or the built-in default.
func applying(vs []Version, c *Case) []rule {
	var out []rule
	vs = ordered(vs)
	for i := range vs {
		if r, ok := applies(&vs[i], c); ok {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		source := Source{Name: Default.Name, Why: "because no policy applies"}
		out = []rule{{Version: &Default, source: source, whole: true}}
	}
	for i := range out {
		out[i].consider(c)
	}
	return out
}

// ordered sorts by template and number, each once. The same number with another text, which no store holds, is told
// apart by the text, so that an order is always found.
func ordered(vs []Version) []Version {
	compare := func(a, b Version) int {
		if d := cmp.Or(strings.Compare(string(a.Template), string(b.Template)), cmp.Compare(a.Number, b.Number)); d != 0 {
			return d
		}
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.Body.Canonical()), string(b.Body.Canonical())))
	}
	rising := func(next, last Version) int { // two of one number are looked at below
		return cmp.Or(strings.Compare(string(next.Template), string(last.Template)), cmp.Compare(next.Number, last.Number), -1)
	}
	if slices.IsSortedFunc(vs, rising) {
		return vs
	}
	vs = slices.SortedFunc(slices.Values(vs), compare)
	return slices.CompactFunc(vs, func(a, b Version) bool { return compare(a, b) == 0 })
}

// applies tells whether v is about c, and why.
func applies(v *Version, c *Case) (rule, bool) {
	s := &v.Body.Applies
	if !narrowed(s.ForKinds, c.Beneficiary) || !narrowed(s.ForAccess, c.Access) {
		return rule{}, false
	}
	r := rule{Version: v, source: Source{Template: v.Template, Version: v.Number, Name: v.Name}}
	why := r.wholly(c)
	r.whole = why != ""
	if why == "" {
		why = r.partly(c)
	}
	r.source.Why = why
	return r, why != ""
}

func narrowed[T comparable](to []T, v T) bool { return len(to) == 0 || slices.Contains(to, v) }

// wholly says why the version bears on all that is asked for; "" if it doesn't.
func (r *rule) wholly(c *Case) string {
	s := &r.Body.Applies
	if slices.Contains(c.Attached, r.Template) {
		return "because it is attached to what you ask for"
	}
	if c.Product != "" && slices.Contains(s.Products, c.Product) {
		return "because the product is " + c.called(c.Product, "this one")
	}
	for _, id := range c.Domains {
		if slices.Contains(s.Domains, id) {
			return "because the domain is " + c.called(id, "this one")
		}
	}
	for _, level := range s.Levels {
		if slices.Contains(c.Levels, level) {
			return "because data is classified as " + string(level)
		}
	}
	for _, id := range c.Datasets {
		if slices.Contains(s.Datasets, id) && !slices.ContainsFunc(c.Columns, func(col Column) bool { return col.Dataset == id }) {
			return "because the dataset is " + c.called(id, "this one")
		}
	}
	for _, class := range c.coarse() {
		if slices.Contains(s.Classes, class) {
			return "because the data may carry " + classWord(class)
		}
	}
	if s.Everything {
		return "because it applies to everything"
	}
	return ""
}

// partly finds the columns that the version bears on, and says why; "" if there are none.
func (r *rule) partly(c *Case) string {
	s := &r.Body.Applies
	if len(s.Datasets)+len(s.Classes) == 0 {
		return ""
	}
	why := ""
	for i := range c.Columns {
		col := &c.Columns[i]
		reason := ""
		if slices.Contains(s.Datasets, col.Dataset) {
			reason = "because the dataset is " + c.called(col.Dataset, "this one")
		} else if class := carried(s.Classes, col); class != "" {
			reason = "because column " + col.Path + " carries " + classWord(class)
		}
		if reason == "" {
			continue
		}
		r.on = append(r.on, i)
		why = cmp.Or(why, reason)
	}
	if more := len(r.on) - 1; more > 0 && strings.HasPrefix(why, "because column") {
		why += ", and " + strconv.Itoa(more) + " more as well"
	}
	return why
}

func carried(classes []string, col *Column) string {
	for _, class := range classes {
		if col.carries(class) {
			return class
		}
	}
	return ""
}

// called is the name of id, or other if nobody said.
func (c *Case) called(id graph.ID, other string) string {
	return cmp.Or(c.Names[id], other)
}

// classWord is how sentences call a data class: short ones are abbreviations.
func classWord(class string) string {
	if len(class) <= 3 {
		return strings.ToUpper(class)
	}
	return class
}
