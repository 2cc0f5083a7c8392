package web

import (
	"net/http"
	"slices"

	"weir/authz"
	"weir/static"
)

// route is one line of the site's table of contents.
type route struct {
	pattern string
	rule    access
	handler http.Handler
}

// routes is the whole site.
func (s *Site) routes() []route {
	return slices.Concat(s.doors(), s.catalogPages(), s.lineagePages(), s.signInPages(), s.providerPages(), s.settings(), s.settingsPages(), s.peoplePages(), s.policyPages(),
		s.auditPages(), s.marketPages(), s.optional())
}

// marketPages are those of the marketplace: products, policies, requests, decisions, grants.
func (s *Site) marketPages() []route {
	if s.Market == nil {
		return nil
	}
	return slices.Concat(
		s.noticePages(), s.inboxRoutes(), s.proposalRoutes(), s.productRoutes(), s.templateRoutes(), s.requestRoutes(), s.grantRoutes(),
	)
}

// doors are for machines: operation, events in, and the files that pages load.
func (s *Site) doors() []route {
	return []route{
		{"GET /healthz", anonymous, s.api(s.healthz)},
		{"GET /readyz", anonymous, s.api(s.readyz)},
		{"GET /metrics", locally(authz.System, authz.View), s.metrics.handler()},

		{"POST /api/v1/lineage", may(authz.Event, authz.Write), s.api(s.intake.event)},
		{"POST /api/v1/lineage/batch", may(authz.Event, authz.Write), s.api(s.intake.batch)},

		{"GET /static/", anonymous, static.Handler()},
		{"/", public, s.page(s.missing)},
	}
}

// catalogPages are what the catalog holds, and the ways to it.
func (s *Site) catalogPages() []route {
	return []route{
		{"GET /{$}", may(authz.Asset, authz.View), s.page(s.home)},
		{"GET /search", may(authz.Asset, authz.View), s.page(s.search)},
		{"GET /search/suggest", may(authz.Asset, authz.View), s.page(s.suggest)},

		{"GET /datasets/{id}", may(authz.Asset, authz.View), s.page(s.overview)},
		{"GET /datasets/{id}/columns", may(authz.Asset, authz.View), s.page(s.datasetColumns)},
		{"GET /datasets/{id}/columns/{column}", may(authz.Asset, authz.View), s.page(s.column)},
		{"GET /datasets/{id}/lineage", may(authz.Asset, authz.View), s.page(s.datasetLineage)},
		{"GET /datasets/{id}/runs", may(authz.Asset, authz.View), s.page(s.datasetRuns)},
		{"GET /datasets/{id}/activity", may(authz.Asset, authz.View), s.page(s.datasetActivity)},
		{"GET /datasets/{id}/edit", may(authz.Asset, authz.Edit), s.page(s.edit(s.editDataset))},
		{"POST /datasets/{id}/edit", may(authz.Asset, authz.Edit), s.page(s.edit(s.editDataset))},

		{"GET /datasets/{id}/close", may(authz.Asset, authz.Link), s.page(s.closeStep)},
		{"POST /datasets/{id}/close", may(authz.Asset, authz.Link), s.page(s.closeStep)},
		{"GET /datasets/{id}/same", may(authz.Asset, authz.Link), s.page(s.same)},
		{"POST /datasets/{id}/same", may(authz.Asset, authz.Link), s.page(s.same)},

		{"GET /transforms/{id}", may(authz.Asset, authz.View), s.page(s.transform)},
		{"GET /transforms/{id}/runs", may(authz.Asset, authz.View), s.page(s.transformRuns)},
		{"GET /transforms/{id}/activity", may(authz.Asset, authz.View), s.page(s.transformActivity)},
		{"GET /transforms/{id}/edit", may(authz.Asset, authz.Edit), s.page(s.edit(s.editTransform))},
		{"POST /transforms/{id}/edit", may(authz.Asset, authz.Edit), s.page(s.edit(s.editTransform))},

		{"GET /consumers/{id}", may(authz.Asset, authz.View), s.page(s.consumer)},
		{"GET /consumers/{id}/activity", may(authz.Asset, authz.View), s.page(s.consumerActivity)},
		{"GET /consumers/{id}/edit", may(authz.Asset, authz.Edit), s.page(s.edit(s.editConsumer))},
		{"POST /consumers/{id}/edit", may(authz.Asset, authz.Edit), s.page(s.edit(s.editConsumer))},

		{"GET /runs/{id}", may(authz.Asset, authz.View), s.page(s.run)},
		{"GET /domains", may(authz.Domain, authz.View), s.page(s.domains)},
		{"GET /domains/{id}", may(authz.Domain, authz.View), s.page(s.domain)},
		{"GET /domains/{id}/edit", may(authz.Domain, authz.Edit), s.page(s.edit(s.editDomain))},
		{"POST /domains/{id}/edit", may(authz.Domain, authz.Edit), s.page(s.edit(s.editDomain))},
	}
}

// lineagePages are the questions about lineage.
func (s *Site) lineagePages() []route {
	return []route{
		{"GET /lineage", may(authz.Asset, authz.View), s.page(s.lineagePage)},
		{"GET /lineage.csv", may(authz.Asset, authz.Export), s.page(s.lineageCSV)},
		{"GET /lineage/versions", may(authz.Asset, authz.View), s.page(s.lineageVersions)},
		{"GET /lineage/impact", may(authz.Asset, authz.View), s.page(s.impact)},
		{"GET /lineage/impact.csv", may(authz.Asset, authz.Export), s.page(s.impactCSV)},
		{"GET /lineage/path", may(authz.Asset, authz.View), s.page(s.between)},
	}
}

// settings are the choices of a reader.
func (s *Site) settings() []route {
	return []route{
		{"POST /settings/theme", public, s.page(s.choose("theme", themeCookie, "system", "light", "dark"))},
		{"POST /settings/keys", public, s.page(s.choose("keys", keysCookie, "on", keysOff))},
	}
}

// optional is what not every server has. GraphQL decides for each field who may ask for it.
func (s *Site) optional() []route {
	var out []route
	if s.GraphQL != nil {
		out = append(out, route{"/graphql", public, s.GraphQL})
	}
	if s.GraphQL != nil && s.Playground {
		out = append(out, route{"GET /playground", signedIn, s.page(s.playground)}, route{"POST /playground", signedIn, s.page(s.playground)})
	}
	return out
}
