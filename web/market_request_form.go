package web

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/marketplace"
)

// maxAsk is how many bytes the form of a request has at most: it names each column that was taken.
const maxAsk = 1 << 20

// untilDay in place of days says that the last day counts.
const untilDay = "until"

// dayForm is a day as date fields send it.
const dayForm = "2006-01-02"

// askForm is the form of a request as it was filled.
type askForm struct {
	marketplace.Ask
	days    string // "7", "30", "90" or untilDay
	until   string // the last day, as it was typed
	who     string // to look for among people
	find    string // to look for among products
	items   map[graph.ID]askedItem
	errors  []errs.Field
	refused string
	kept    string
}

// askedItem is what the form holds of an item, beside what the marketplace takes.
type askedItem struct {
	none   bool // no column is taken, although some could be
	onlyAt bool // only columns that come at once are to be taken
	open   bool // all columns are shown
	filter string
}

// presets are the usual durations, in days.
var presets = []int{7, 30, 90}

// begin fills in what a new form begins with.
func (f *askForm) begin(now time.Time) {
	f.Key, f.items = rand.Text(), map[graph.ID]askedItem{}
	switch {
	case f.Days == 0:
		f.days, f.Days = "30", 30
	case slices.Contains(presets, f.Days):
		f.days = strconv.Itoa(f.Days)
	default:
		f.days, f.until = untilDay, now.UTC().AddDate(0, 0, f.Days-1).Format(dayForm)
	}
}

// add puts a thing into the basket, once.
func (f *askForm) add(id graph.ID) {
	if id != "" && !slices.ContainsFunc(f.Items, func(i marketplace.AskItem) bool { return i.Target == id }) {
		f.Items = append(f.Items, marketplace.AskItem{Target: id})
	}
}

// press does what the pressed button says.
func (f *askForm) press(values url.Values) {
	f.add(graph.ID(values.Get("add")))
	if gone := graph.ID(values.Get("remove")); gone != "" {
		f.Items = slices.DeleteFunc(f.Items, func(i marketplace.AskItem) bool { return i.Target == gone })
	}
	if id := graph.ID(values.Get("only")); id != "" {
		it := f.items[id]
		it.onlyAt = true
		f.items[id] = it
	}
	if values.Has("add") {
		f.find = ""
	}
}

// untaken says of which items no column is taken.
func (f *askForm) untaken() []errs.Field {
	var out []errs.Field
	for i, it := range f.Items {
		if f.items[it.Target].none {
			out = append(out, errs.Field{Name: fmt.Sprintf("items[%d].columns", i), Message: "are missing: take at least one."})
		}
	}
	return out
}

// readAsk reads the form of a request.
func readAsk(w http.ResponseWriter, r *http.Request) (askForm, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAsk)
	if err := r.ParseForm(); err != nil {
		return askForm{}, errs.Wrap(err, errs.Invalid, "The form can't be read, or is too large.")
	}
	v := r.PostForm
	f := askForm{
		Ask: marketplace.Ask{
			ID: graph.ID(v.Get("draft")), For: graph.ID(v.Get("for")), Purpose: v.Get("purpose"), Why: typed(v, "why"),
			Access: v.Get("access"), Environment: v.Get("environment"), Key: v.Get("key"),
		},
		days: cmp.Or(v.Get("days"), untilDay), until: typed(v, "until"), who: typed(v, "who"), find: typed(v, "find"),
		items: map[graph.ID]askedItem{},
	}
	for _, id := range v["target"] {
		f.add(graph.ID(id))
	}
	for i := range f.Items {
		f.readItem(&f.Items[i], v)
	}
	f.readTime()
	return f, nil
}

// readTime reads for how long it is; a day that can't be read leaves it unsaid, which the command refuses.
func (f *askForm) readTime() {
	if f.days != untilDay {
		n, err := strconv.Atoi(f.days)
		if err == nil {
			f.Days = n
		}
		return
	}
	if day, err := time.Parse(dayForm, f.until); err == nil {
		f.Until = day.AddDate(0, 0, 1)
	}
}

// readItem reads what a form holds of one item. Where all columns that can be had are still taken, none are named: so that
// they are all that can be had also after something else was changed.
func (f *askForm) readItem(it *marketplace.AskItem, v url.Values) {
	id := string(it.Target)
	it.Extends = graph.ID(v.Get("extends-" + id))
	if n, err := strconv.Atoi(v.Get("terms-" + id)); err == nil {
		it.Terms = n
	}
	seen := askedItem{open: v.Has("open-" + id), filter: typed(v, "filter-"+id)}
	for _, c := range v["columns-"+id] {
		it.Columns = append(it.Columns, graph.ID(c))
	}
	seen.none = v.Has("shown-"+id) && len(it.Columns) == 0
	if all := v.Get("all-" + id); all != "" && all == fingerprint(it.Columns) {
		it.Columns = nil
		seen.none = false
	}
	f.items[it.Target] = seen
}

// fingerprint stands for a set of columns.
func fingerprint(columns []graph.ID) string {
	ids := make([]string, len(columns))
	for i, c := range columns {
		ids[i] = string(c)
	}
	slices.Sort(ids)
	sum := sha256.Sum256([]byte(strings.Join(ids, " ")))
	return hex.EncodeToString(sum[:12])
}
