package marketplace_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"weir/audit"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/marketplace"
)

// reach leads an item to a state, each by the way that people go.
var reach = map[marketplace.ItemState]func(w *bureau, target graph.ID) (request, item graph.ID){
	marketplace.Draft: func(w *bureau, target graph.ID) (graph.ID, graph.ID) {
		req, err := w.SaveDraft(w.as("ada"), w.ask("ada", target))
		w.must(err)
		drafts, err := w.Drafts(w.as("ada"), "", 10)
		w.must(err)
		return req.ID, drafts.Items[0].Items[0].ID
	},
	marketplace.Submitted: func(w *bureau, target graph.ID) (graph.ID, graph.ID) {
		item := w.sent("ada", w.ask("ada", target))
		return item.Request, item.ID
	},
	marketplace.NeedsInfo: decidedBy(marketplace.AskBack),
	marketplace.Approved:  decidedBy(marketplace.Approve),
	marketplace.Rejected:  decidedBy(marketplace.Reject),
	marketplace.Withdrawn: func(w *bureau, target graph.ID) (graph.ID, graph.ID) {
		item := w.sent("ada", w.ask("ada", target))
		w.must(w.Withdraw(w.as("ada"), item.ID, item.Version))
		return item.Request, item.ID
	},
	marketplace.Expired: func(w *bureau, target graph.ID) (graph.ID, graph.ID) {
		item := w.sent("ada", w.ask("ada", target))
		w.at = w.at.AddDate(0, 4, 0)
		w.must(w.Sweep(w.t.Context()))
		return item.Request, item.ID
	},
}

func decidedBy(verdict marketplace.ItemAction) func(*bureau, graph.ID) (graph.ID, graph.ID) {
	return func(w *bureau, target graph.ID) (graph.ID, graph.ID) {
		item := w.sent("ada", w.ask("ada", target))
		_, err := w.says("tom", item.ID, marketplace.Decide{Verdict: verdict, Reason: "Because."})
		w.must(err)
		return item.Request, item.ID
	}
}

// acts do each action as those do who may.
var acts = map[marketplace.ItemAction]func(w *bureau, request, item, target graph.ID) error{
	marketplace.Submit: func(w *bureau, request, _, target graph.ID) error {
		in := w.ask("ada", target)
		in.ID = request
		return only(w.Submit(w.as("ada"), in))
	},
	marketplace.Approve: verdict("tom", marketplace.Approve),
	marketplace.Reject:  verdict("tom", marketplace.Reject),
	marketplace.AskBack: verdict("tom", marketplace.AskBack),
	marketplace.Answer: func(w *bureau, _, item, _ graph.ID) error {
		return w.Answer(w.as("ada"), item, 0, "For the spring.")
	},
	marketplace.Withdraw: func(w *bureau, _, item, _ graph.ID) error { return w.Withdraw(w.as("ada"), item, 0) },
	marketplace.Expire: func(w *bureau, _, _, _ graph.ID) error {
		w.at = w.at.AddDate(0, 4, 0)
		return w.Sweep(w.t.Context())
	},
	marketplace.BreakGlass: verdict("saul", marketplace.BreakGlass),
}

func verdict(who string, v marketplace.ItemAction) func(*bureau, graph.ID, graph.ID, graph.ID) error {
	return func(w *bureau, _, item, _ graph.ID) error {
		return only(w.says(who, item, marketplace.Decide{Verdict: v, Reason: "Because."}))
	}
}

// condition makes true what a guard asks for, in words of the table, and tells what to ask for then.
var condition = map[string]func(w *bureau) graph.ID{
	"":                                       func(*bureau) graph.ID { return bureauPlain },
	"somebody has to decide":                 func(*bureau) graph.ID { return bureauPlain },
	"the policy grants it at once":           (*bureau).opened,
	"more approvals are needed":              func(*bureau) graph.ID { return bureauMart },
	"it is the last approval that is needed": func(*bureau) graph.ID { return bureauPlain },
	"it is the first of two":                 func(*bureau) graph.ID { return bureauPlain },
	"it is the second of two":                func(*bureau) graph.ID { return bureauPlain },
}

// opened is a dataset that the policies that come with the program grant at once.
func (w *bureau) opened() graph.ID {
	w.t.Helper()
	w.must(marketplace.InstallTemplates(w.t.Context(), w.store, w.at))
	id := catalog.DatasetID("pg", "mart.calendar")
	w.write(catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{Namespace: "pg", Name: "mart.calendar", Domain: bureauSales,
		Audience: "open", Classification: catalog.Internal}))
	return id
}

// logged is the action of the entry that each action leaves; a draft that time ends leaves none.
var logged = map[marketplace.ItemAction]string{marketplace.Submit: "marketplace.submit", marketplace.Approve: "marketplace.approve",
	marketplace.Reject: "marketplace.reject", marketplace.AskBack: "marketplace.ask", marketplace.Answer: "marketplace.answer",
	marketplace.Withdraw: "marketplace.withdraw", marketplace.Expire: "marketplace.expire", marketplace.BreakGlass: "marketplace.break-glass"}

// TestItemTable_Lines walks each line of the table through the service: it leads where the line says, with one entry.
func TestItemTable_Lines(t *testing.T) {
	for _, line := range marketplace.Items {
		t.Run(fmt.Sprintf("%s %s %s", line.From, line.Action, line.Guard), func(t *testing.T) {
			w := newBureau(t, shopFile(t))
			target := condition[line.Guard](w)
			request, item := reach[line.From](w, target)
			if line.Guard == "it is the second of two" {
				w.must(verdict("sara", marketplace.BreakGlass)(w, request, item, target))
			}
			before := w.log()
			w.must(acts[line.Action](w, request, item, target))
			same(t, "state", w.stateOf(request), line.To)
			fresh := w.log()[len(before):]
			if len(fresh) != 1 || fresh[0].Action != logged[line.Action] || fresh[0].Decision != audit.Allowed {
				t.Fatalf("the log says %v, want %s once", actions(fresh), logged[line.Action])
			}
			grants := len(w.grants("ada"))
			same(t, "granted", grants == 1, line.To == marketplace.Approved)
		})
	}
}

// TestItemTable_NoLine: what the table has no line for is refused in words, and changes nothing at all.
func TestItemTable_NoLine(t *testing.T) {
	silent := map[marketplace.ItemAction]bool{marketplace.Expire: true} // a job passes over what isn't its business
	for from := range reach {
		for action, act := range acts {
			if _, ok := marketplace.NextItem(from, action, anyGuard(from, action)); ok {
				continue
			}
			t.Run(fmt.Sprintf("%s %s", from, action), func(t *testing.T) {
				w := newBureau(t, graphtest.Memory(shopSchema(t)))
				request, item := reach[from](w, bureauPlain)
				before, entries := w.dump(), len(w.log())
				err := act(w, request, item, bureauPlain)
				switch {
				case from == marketplace.Draft && action == marketplace.Expire:
					wants(t, only(w.Request(w.as("ada"), request)), errs.NotFound) // time throws drafts away
					same(t, "entries", len(w.log()), entries)
					return
				case silent[action]:
					w.must(err)
				case from == marketplace.Draft && action != marketplace.Answer && action != marketplace.Withdraw:
					wants(t, err, errs.NotFound) // nobody else's business
				default:
					wants(t, err, errs.Conflict)
				}
				same(t, "entries", len(w.log()), entries)
				if after := w.dump(); after != before {
					t.Fatalf("something was written:\n%s", firstDifference(before, after))
				}
			})
		}
	}
}

// anyGuard is the guard of a line for a state and an action; "" if there is none.
func anyGuard(from marketplace.ItemState, action marketplace.ItemAction) string {
	for _, line := range marketplace.Items {
		if line.From == from && line.Action == action {
			return line.Guard
		}
	}
	return ""
}

// write puts nodes into the store behind the service's back, as intake does.
func (w *bureau) write(ws ...graph.NodeWrite) {
	w.t.Helper()
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		return only(tx.Put(ctx, ws...))
	}))
}

// stateOf is the state of the one item of a request of ada's.
func (w *bureau) stateOf(request graph.ID) marketplace.ItemState {
	w.t.Helper()
	req, err := w.Request(w.as("ada"), request)
	w.must(err)
	same(w.t, "items", len(req.Items), 1)
	return req.Items[0].State
}

// grants are those of somebody.
func (w *bureau) grants(holder string) []marketplace.Grant {
	w.t.Helper()
	var out []marketplace.Grant
	for _, n := range w.nodes("Grant") {
		if n.Props["holder"] == string(w.id[holder]) {
			g, err := w.Grant(w.as(holder), n.ID)
			w.must(err)
			out = append(out, g.Grant)
		}
	}
	return out
}

// log are all entries, the first one first.
func (w *bureau) log() []audit.Entry {
	w.t.Helper()
	all, err := audit.Latest(w.t.Context(), w.store, 1000)
	w.must(err)
	slices.Reverse(all)
	return all
}

func actions(entries []audit.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Action)
	}
	return out
}

// nodes are all nodes of a kind.
func (w *bureau) nodes(kind graph.Kind) []graph.Node {
	w.t.Helper()
	var out []graph.Node
	for rec, err := range w.store.Dump(w.t.Context()) {
		w.must(err)
		if rec.Node != nil && rec.Node.Kind == kind {
			out = append(out, *rec.Node)
		}
	}
	return out
}

// dump is all that the store holds.
func (w *bureau) dump() string {
	w.t.Helper()
	var out []string
	for rec, err := range w.store.Dump(w.t.Context()) {
		w.must(err)
		line, err := json.Marshal(rec)
		w.must(err)
		out = append(out, string(line))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func firstDifference(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + "\n" + b[i]
		}
	}
	return fmt.Sprintf("%d records, then %d", len(a), len(b))
}
