package web

import "net/http"

// route is one line of the site's table of contents.
type route struct {
	pattern string
	handler http.Handler
}

// routes is the whole site.
func (s *Site) routes() []route {
	return []route{
		{"GET /healthz", s.api(s.healthz)},
		{"GET /readyz", s.api(s.readyz)},
		{"GET /metrics", s.metrics.handler()},

		{"POST /api/v1/lineage", s.api(s.intake.event)},
		{"POST /api/v1/lineage/batch", s.api(s.intake.batch)},
	}
}
