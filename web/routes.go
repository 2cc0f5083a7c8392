package web

import (
	"net/http"
	"slices"

	"weir/static"
)

// route is one line of the site's table of contents.
type route struct {
	pattern string
	handler http.Handler
}

// routes is the whole site.
func (s *Site) routes() []route {
	return slices.Concat(s.doors(), s.catalogPages(), s.lineagePages(), s.settings(), s.optional())
}

// doors are for machines: operation, events in, and the files that pages load.
func (s *Site) doors() []route {
	return []route{
		{"GET /healthz", s.api(s.healthz)},
		{"GET /readyz", s.api(s.readyz)},
		{"GET /metrics", s.metrics.handler()},

		{"POST /api/v1/lineage", s.api(s.intake.event)},
		{"POST /api/v1/lineage/batch", s.api(s.intake.batch)},

		{"GET /static/", static.Handler()},
		{"/", s.page(s.missing)},
	}
}

// catalogPages are what the catalog holds, and the ways to it.
func (s *Site) catalogPages() []route {
	return []route{
		{"GET /{$}", s.page(s.home)},
		{"GET /search", s.page(s.search)},
		{"GET /search/suggest", s.page(s.suggest)},

		{"GET /datasets/{id}", s.page(s.overview)},
		{"GET /datasets/{id}/columns", s.page(s.datasetColumns)},
		{"GET /datasets/{id}/columns/{column}", s.page(s.column)},
		{"GET /datasets/{id}/lineage", s.page(s.datasetLineage)},
		{"GET /datasets/{id}/runs", s.page(s.datasetRuns)},
		{"GET /datasets/{id}/activity", s.page(s.datasetActivity)},
		{"GET /datasets/{id}/edit", s.page(s.edit(s.editDataset))},
		{"POST /datasets/{id}/edit", s.page(s.edit(s.editDataset))},

		{"GET /transforms/{id}", s.page(s.transform)},
		{"GET /transforms/{id}/runs", s.page(s.transformRuns)},
		{"GET /transforms/{id}/activity", s.page(s.transformActivity)},
		{"GET /transforms/{id}/edit", s.page(s.edit(s.editTransform))},
		{"POST /transforms/{id}/edit", s.page(s.edit(s.editTransform))},

		{"GET /consumers/{id}", s.page(s.consumer)},
		{"GET /consumers/{id}/activity", s.page(s.consumerActivity)},
		{"GET /consumers/{id}/edit", s.page(s.edit(s.editConsumer))},
		{"POST /consumers/{id}/edit", s.page(s.edit(s.editConsumer))},

		{"GET /runs/{id}", s.page(s.run)},
		{"GET /domains", s.page(s.domains)},
		{"GET /domains/{id}", s.page(s.domain)},
		{"GET /domains/{id}/edit", s.page(s.edit(s.editDomain))},
		{"POST /domains/{id}/edit", s.page(s.edit(s.editDomain))},
	}
}

// lineagePages are the questions about lineage.
func (s *Site) lineagePages() []route {
	return []route{
		{"GET /lineage", s.page(s.lineagePage)},
		{"GET /lineage.csv", s.page(s.lineageCSV)},
		{"GET /lineage/versions", s.page(s.lineageVersions)},
		{"GET /lineage/impact", s.page(s.impact)},
		{"GET /lineage/impact.csv", s.page(s.impactCSV)},
		{"GET /lineage/path", s.page(s.between)},
	}
}

// settings are the choices of a reader.
func (s *Site) settings() []route {
	return []route{
		{"POST /settings/theme", s.page(s.choose("theme", themeCookie, "system", "light", "dark"))},
		{"POST /settings/keys", s.page(s.choose("keys", keysCookie, "on", keysOff))},
	}
}

// optional is what not every server has.
func (s *Site) optional() []route {
	var out []route
	if s.GraphQL != nil {
		out = append(out, route{"/graphql", s.GraphQL})
	}
	if s.GraphQL != nil && s.Playground {
		out = append(out, route{"GET /playground", s.page(s.playground)}, route{"POST /playground", s.page(s.playground)})
	}
	return out
}
