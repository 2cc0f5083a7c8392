package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"weir/graph"
)

// shelf answers from a map and counts what it was asked for.
type shelf struct {
	graph.Store
	nodes map[graph.ID]graph.Node
	asked []graph.ID
}

func (s *shelf) Nodes(_ context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	out := map[graph.ID]graph.Node{}
	for _, id := range ids {
		s.asked = append(s.asked, id)
		if n, ok := s.nodes[id]; ok {
			out[id] = n
		}
	}
	return out, nil
}

func TestRememberReadsEachNodeOnce(t *testing.T) {
	for _, tt := range []struct {
		method string
		asked  int
	}{{http.MethodGet, 3}, {http.MethodHead, 3}, {http.MethodPost, 6}} {
		below := &shelf{nodes: map[graph.ID]graph.Node{"a": {ID: "a"}, "b": {ID: "b"}}}
		store := Remember(below)
		handler := remembered(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			for _, ids := range [][]graph.ID{{"a", "none"}, {"a", "b", "none"}, {"b"}} {
				got, err := store.Nodes(r.Context(), ids...)
				if err != nil {
					t.Error(err)
				}
				for _, id := range ids {
					if _, ok := got[id]; ok != (id != "none") {
						t.Errorf("%s: %s is there: %t", tt.method, id, ok)
					}
				}
			}
		}))
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(tt.method, "/", nil))
		if len(below.asked) != tt.asked {
			t.Errorf("%s asked the store for %v", tt.method, below.asked)
		}
	}
}

func TestRequestsDoNotShareWhatTheyRemember(t *testing.T) {
	below := &shelf{nodes: map[graph.ID]graph.Node{"a": {ID: "a", Version: 1}}}
	store := Remember(below)
	var seen []int64
	handler := remembered(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, err := store.Nodes(r.Context(), "a")
		if err != nil {
			t.Error(err)
		}
		seen = append(seen, got["a"].Version)
	}))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	below.nodes["a"] = graph.Node{ID: "a", Version: 2}
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if len(seen) != 2 || seen[0] != 1 || seen[1] != 2 {
		t.Errorf("the versions seen are %v", seen)
	}
}
