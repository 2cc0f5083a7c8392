package web

import (
	"context"
	"maps"
	"net/http"
	"sync"

	"weir/graph"
)

// Remember wraps a store so that one request reads each node once: the parts of a page ask for the same datasets, jobs
// and sources without knowing of each other. Nothing is kept beyond a request, and writes pass by. Requests that come
// through the site's Handler have such a memory if they only read; all others go straight to the store.
func Remember(store graph.Store) graph.Store { return remembering{store} }

type remembering struct{ graph.Store }

// memory is what one request has read. Nodes that are absent are remembered too.
type memory struct {
	mu    sync.Mutex
	nodes map[graph.ID]graph.Node
	asked map[graph.ID]bool
}

type memoryKey struct{}

// remembered gives requests that only read a memory.
func remembered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			m := &memory{nodes: map[graph.ID]graph.Node{}, asked: map[graph.ID]bool{}}
			r = r.WithContext(context.WithValue(r.Context(), memoryKey{}, m))
		}
		next.ServeHTTP(w, r)
	})
}

// Nodes reads what the request has not read yet.
func (s remembering) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	m, ok := ctx.Value(memoryKey{}).(*memory)
	if !ok {
		return s.Store.Nodes(ctx, ids...)
	}
	found, rest := m.recall(ids)
	if len(rest) == 0 && len(ids) > 0 {
		return found, nil
	}
	read, err := s.Store.Nodes(ctx, rest...)
	if err != nil {
		return nil, err
	}
	m.keep(rest, read)
	maps.Copy(found, read)
	return found, nil
}

// recall returns what is known of ids, and those that have to be asked for.
func (m *memory) recall(ids []graph.ID) (map[graph.ID]graph.Node, []graph.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[graph.ID]graph.Node{}
	var rest []graph.ID
	for _, id := range ids {
		if n, ok := m.nodes[id]; ok {
			found[id] = n
		} else if !m.asked[id] {
			rest = append(rest, id)
		}
	}
	return found, rest
}

func (m *memory) keep(asked []graph.ID, read map[graph.ID]graph.Node) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range asked {
		m.asked[id] = true
	}
	maps.Copy(m.nodes, read)
}
