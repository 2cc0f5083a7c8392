package web

// Patterns are the patterns of all routes, for tests that have to cover each of them.
func (s *Site) Patterns() []string {
	var out []string
	for _, r := range s.routes() {
		out = append(out, r.pattern)
	}
	return out
}
