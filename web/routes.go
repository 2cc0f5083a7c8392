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
	return slices.Concat(s.doors(), s.assetPages(), s.lineagePages())
}

// doors are what is not about one asset: operation, the API, search, settings.
func (s *Site) doors() []route {
	return []route{
		{"GET /healthz", s.api(s.healthz)},
		{"GET /readyz", s.api(s.readyz)},
		{"GET /metrics", s.metrics.handler()},

		{"POST /api/v1/lineage", s.api(s.intake.event)},
		{"POST /api/v1/lineage/batch", s.api(s.intake.batch)},

		{"GET /static/", static.Handler()},
		{"GET /{$}", s.page(s.home)},
		{"GET /search", s.page(s.search)},
		{"POST /settings/theme", s.page(s.choose("theme", themeCookie, "system", "light", "dark"))},
		{"POST /settings/keys", s.page(s.choose("keys", keysCookie, "on", keysOff))},
		{"/", s.page(s.missing)},
	}
}

// assetPages are the pages of what the catalog holds.
func (s *Site) assetPages() []route {
	return []route{
		{"GET /datasets/{id}", s.page(s.overview)},
		{"GET /datasets/{id}/columns", s.page(s.datasetColumns)},
		{"GET /datasets/{id}/lineage", s.page(s.datasetLineage)},
		{"GET /datasets/{id}/runs", s.page(s.datasetRuns)},
		{"GET /domains", s.page(s.domains)},
		{"GET /domains/{id}", s.page(s.domain)},
	}
}

// lineagePages are the questions about lineage.
func (s *Site) lineagePages() []route {
	return []route{
		{"GET /lineage", s.page(s.lineagePage)},
		{"GET /lineage/versions", s.page(s.lineageVersions)},
	}
}
