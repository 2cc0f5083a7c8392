package web_test

import "net/http/httptest"

// serve lets the site answer real connections.
func (w *world) serve() *httptest.Server {
	server := httptest.NewServer(w.handler)
	w.t.Cleanup(server.Close)
	return server
}
