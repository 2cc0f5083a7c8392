package catalog_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
)

// answer is what a question was answered with.
type answer struct {
	v   any
	err error
}

func got[T any](v T, err error) answer { return answer{v, err} }

// question asks a service about an id and a text; both may be of no use for it.
type question[S any] func(ctx context.Context, s S, id graph.ID, text string) answer

// notAsked are methods that answer nothing to a viewer: commands, and what wires a service.
var notAsked = map[string]bool{
	"Apply": true, "CloseLineage": true, "DeleteDataset": true, "Describe": true, "SetSame": true, "Guarded": true, "Unassigned": true, "For": true, "Within": true,
	"CheckAudiences": true, "Reassign": true, // for the operator at the machine
}

// catalogQuestions are all queries of the catalog. A query without a line here fails the test.
var catalogQuestions = map[string]question[*catalog.Service]{
	"Assets": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Assets(ctx, id))
	},
	"Attributes": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Attributes(ctx, []graph.ID{id, ds("crm.customers")}))
	},
	"AttributesOf": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.AttributesOf(ctx, []catalog.Asset{{ID: id, Kind: catalog.ColumnType.Kind, Value: catalog.Column{ID: id, Dataset: id}}}))
	},
	"Changed": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.Changed(ctx, 50))
	},
	"Classes": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.Classes(ctx, 50, ""))
	},
	"Code": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Code(ctx, id))
	},
	"Codes": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		found, err := s.Assets(ctx, id)
		if t, ok := found[id].Value.(catalog.Transform); ok {
			return got(s.Codes(ctx, []catalog.Transform{t}))
		}
		return answer{nil, err}
	},
	"Column": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Column(ctx, id))
	},
	"Columns": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Columns(ctx, catalog.ColumnList{Dataset: id, First: 50}))
	},
	"ColumnsOf": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		v, err := s.ColumnsOf(ctx, []catalog.Dataset{{ID: id}})
		return answer{slices.Collect(maps.Values(v)), err} // the keys are the ids that were asked for
	},
	"Consumer": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Consumer(ctx, id))
	},
	"Consumers": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return both(got(s.Consumers(ctx, catalog.JobList{First: 50})), got(s.Consumers(ctx, catalog.JobList{Domain: id, First: 50})))
	},
	"Counts": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer { return got(s.Counts(ctx)) },
	"CountsByDomain": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.CountsByDomain(ctx))
	},
	"Dataset": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Dataset(ctx, id))
	},
	"DatasetByName": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.DatasetByName(ctx, canary+"://vault", canary+"_table"))
	},
	"Datasets": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return both(got(s.Datasets(ctx, catalog.DatasetList{Domain: id, First: 50})), got(s.Datasets(ctx, catalog.DatasetList{Recent: true, First: 50})),
			got(s.Datasets(ctx, catalog.DatasetList{Inferred: true, First: 50})), got(s.Datasets(ctx, catalog.DatasetList{First: 50})))
	},
	"Domain": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Domain(ctx, id))
	},
	"DomainPage": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.DomainPage(ctx))
	},
	"Domains": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.Domains(ctx, 50, ""))
	},
	"Failing": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.Failing(ctx, 50))
	},
	"History": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.History(ctx, id, 50, ""))
	},
	"Home": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer { return got(s.Home(ctx)) },
	"Owners": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.Owners(ctx, 50, ""))
	},
	"Run": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Run(ctx, id))
	},
	"Runs": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return both(got(s.Runs(ctx, catalog.RunList{Of: id, First: 50})), got(s.Runs(ctx, catalog.RunList{First: 50})),
			got(s.Runs(ctx, catalog.RunList{State: catalog.Failed, First: 2})))
	},
	"SaidSame": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return both(got(s.SaidSame(ctx, id)), got(s.SaidSame(ctx, ds("crm.customers"))))
	},
	"Search": func(ctx context.Context, s *catalog.Service, _ graph.ID, text string) answer {
		return got(s.Search(ctx, catalog.SearchInput{Query: text, Limit: 50, Facets: true}))
	},
	"ShownEntries": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.ShownEntries(ctx, theLog))
	},
	"Suggest": func(ctx context.Context, s *catalog.Service, _ graph.ID, text string) answer {
		return got(s.Suggest(ctx, text, 50))
	},
	"Tags": func(ctx context.Context, s *catalog.Service, _ graph.ID, _ string) answer {
		return got(s.Tags(ctx, 50, ""))
	},
	"Transform": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return got(s.Transform(ctx, id))
	},
	"Transforms": func(ctx context.Context, s *catalog.Service, id graph.ID, _ string) answer {
		return both(got(s.Transforms(ctx, catalog.JobList{First: 50})), got(s.Transforms(ctx, catalog.JobList{State: catalog.Failed, First: 50})),
			got(s.Transforms(ctx, catalog.JobList{Domain: id, First: 50})), got(s.Transforms(ctx, catalog.JobList{Recent: true, First: 50})))
	},
}

// both unites answers; an error of one is that of all.
func both(as ...answer) answer {
	var out []any
	var err error
	for _, a := range as {
		out = append(out, a.v)
		if a.err != nil {
			err = a.err
		}
	}
	return answer{out, err}
}

// lineageQuestions are all queries of lineage.
var lineageQuestions = map[string]question[*lineage.Service]{
	"Lineage": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.Lineage(ctx, lineage.Query{Root: id, Direction: lineage.Both, Depth: 9, Columns: true}))
	},
	"ColumnLineage": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.ColumnLineage(ctx, lineage.ColumnQuery{Column: id, Direction: lineage.Both, Depth: 9, Indirect: true}))
	},
	"Diff": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.Diff(ctx, lineage.DiffQuery{Root: id, Direction: lineage.Both, Depth: 9, From: noon.AddDate(-1, 0, 0)}))
	},
	"Impact": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.Impact(ctx, lineage.ImpactQuery{Root: id, Depth: 9}))
	},
	"Labels": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.Labels(ctx, id))
	},
	"ColumnOrigins": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.ColumnOrigins(ctx, lineage.OriginQuery{Column: id}))
	},
	"Paths": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.Paths(ctx, lineage.PathQuery{From: id, To: ds("mart.customer_360"), Max: 5}))
	},
	"Versions": func(ctx context.Context, s *lineage.Service, id graph.ID, _ string) answer {
		return got(s.Versions(ctx, lineage.VersionQuery{Root: id, Direction: lineage.Both, Depth: 4}))
	},
}

// complete fails if a method of a service is neither asked nor known to answer nothing.
func complete[S any](t *testing.T, s S, asked map[string]question[S]) {
	t.Helper()
	typ := reflect.TypeOf(s)
	for i := range typ.NumMethod() {
		name := typ.Method(i).Name
		if _, ok := asked[name]; ok == notAsked[name] {
			t.Errorf("%s.%s: %t to be asked as somebody who may not see all: give it a line in this test", typ, name, ok)
		}
	}
}

// searched are texts that anybody may type; what is hidden begins like the first.
var searched = []string{
	"zcana", "zcanery_table", "", "has:description", "has:owner", "has:tag", "has:class", "has:code", "is:failed", "kind:dataset", "owner:zcan",
	"tag:zcan", "domain:zcan", "class:zcan", "platform:zcan", "type:zcan", "namespace:zcan", "column:zcan", "-has:title", "vault", "about",
	"classification:restricted", "state:failed", "is:unconfirmed", "kind:report",
}

// TestCanary_NoQueryTellsOfWhatIsHidden asks everything there is to ask, as members, as a steward elsewhere and as nobody,
// by ids of hidden and of visible things.
func TestCanary_NoQueryTellsOfWhatIsHidden(t *testing.T) {
	run := func(t *testing.T, c *company) {
		a := newAviary(c)
		policy := policyOf(t, c.store)
		placed(t, c.Service)
		flow := lineage.New(c.store, c.clock)
		complete(t, c.Service, catalogQuestions)
		complete(t, flow, lineageQuestions)
		theLog = logged(t, c.store, 0)
		ids := slices.Concat(a.hidden, []graph.ID{
			a.open, a.mixed, a.quiet, a.mixedRun, ds("crm.addresses"), ds("ops.scratch"), catalog.ColumnID(a.open, "id"), catalog.DomainID("customer"),
			catalog.OwnerID("team:crm"), catalog.ClassID("pii"), con("spring_mailing"), catalog.RunID("airflow", "build_360", "b4"),
			catalog.RunID("airflow", "load_customers", "r4"),
		})
		viewers := map[string]context.Context{
			"member": as(t, "ann"), "steward": as(t, "sam", "steward", string(catalog.DomainID("customer"))), "nobody": t.Context(),
		}
		for who, ctx := range viewers {
			probe(t, a, who, func(name string, id graph.ID, text string) answer {
				return catalogQuestions[name](ctx, c.Guarded(policy), id, text)
			}, slices.Sorted(maps.Keys(catalogQuestions)), ids)
			probe(t, a, who, func(name string, id graph.ID, text string) answer {
				return lineageQuestions[name](ctx, flow.Guarded(policy), id, text)
			}, slices.Sorted(maps.Keys(lineageQuestions)), ids)
		}
		seenByOthers(t, a, policyOf(t, c.store))
	}
	onEngines(t, run)
	t.Run("neo4j", func(t *testing.T) { run(t, newCompany(t, neo4jtest.Open(t, schema(t)))) })
}

// probe asks each question about each id, and those that take text with each text.
func probe(t *testing.T, a *aviary, who string, ask func(string, graph.ID, string) answer, names []string, ids []graph.ID) {
	t.Helper()
	for _, name := range names {
		asked := []string{""}
		about := ids
		if name == "Search" || name == "Suggest" {
			asked, about = searched, ids[:1]
		}
		for _, id := range about {
			for _, text := range asked {
				got := ask(name, id, text)
				if errs.Is(got.err, errs.Internal) || errs.Is(got.err, errs.Forbidden) {
					t.Errorf("%s: %s(%s, %q) fails: %v", who, name, id, text, got.err)
				}
				for _, s := range a.tells([]any{got.v, fmt.Sprint(got.err), errs.Shown(got.err)}) {
					t.Errorf("%s: %s(%s, %q) tells %.200q", who, name, id, text, s)
				}
			}
		}
	}
}

// theLog are the entries that ShownEntries is asked about.
var theLog []audit.Entry

// seenByOthers checks that the same questions tell those who may see it: else the test would pass on an empty store.
func seenByOthers(t *testing.T, a *aviary, policy *authz.Policy) {
	t.Helper()
	ctx := as(t, "olga", authz.Owner, string(a.domain))
	s := a.Guarded(policy)
	for name, q := range map[string]answer{
		"dataset": got(s.Dataset(ctx, a.closed)), "alias": got(s.Dataset(ctx, a.alias)), "search": got(s.Search(ctx, catalog.SearchInput{Query: "zcana", Limit: 50, Facets: true})),
		"column": got(s.Column(ctx, a.column)), "code": got(s.Code(ctx, a.mixed)), "run": got(s.Run(ctx, a.run)), "history": got(s.History(ctx, a.mixed, 50, "")),
		"tags": got(s.Tags(ctx, 50, "")), "owners": got(s.Owners(ctx, 50, "")), "domain": got(s.Domain(ctx, a.domain)), "consumer": got(s.Consumer(ctx, a.consumer)),
	} {
		if q.err != nil || len(a.tells(q.v)) == 0 {
			t.Errorf("an owner may see it: %s answers %+v, %v", name, q.v, q.err)
		}
	}
	run, err := s.Run(ctx, a.mixedRun)
	if err != nil || run.Withheld || run.Run.Error == "" || len(run.Events) == 0 {
		t.Errorf("an owner reads the run's texts: %+v (%v)", run.Run, err)
	}
	run, err = s.Run(as(t, "ann"), a.mixedRun)
	if err != nil || !run.Withheld || len(run.Events) > 0 || len(run.Inputs) == 0 {
		t.Errorf("a member sees the run without its texts: %+v (%v)", run, err)
	}
}
