package neo4j_test

import (
	"testing"

	"weir/graph/graphtest"
	"weir/graph/neo4j"
	"weir/graph/neo4j/neo4jtest"
)

func TestExplainFindsScans(t *testing.T) {
	s := neo4jtest.Open(t, graphtest.Schema())
	for _, tc := range []struct {
		statement string
		scans     bool
	}{
		{"MATCH (n) RETURN n", true},
		{"MATCH (n:_Node) WHERE n.x = 1 RETURN n", true},
		{"MATCH (n:_Node) WHERE n._id ENDS WITH 'x' RETURN n", true},
		{"MATCH ()-[r:FEEDS]->() RETURN r", true},
		{"UNWIND ['x'] AS id MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id) CALL { MATCH (m:Thing) WHERE m.x = 1 RETURN count(m) AS c } RETURN n, c", true},
		{"MATCH (n:_Node {_id: 'x'}) USING INDEX SEEK n:_Node(_id) RETURN n AS Scanned", false},
	} {
		op, err := neo4j.ScansOf(t.Context(), s, tc.statement)
		if err != nil {
			t.Fatal(err)
		}
		if (op != "") != tc.scans {
			t.Errorf("%s: found %q", tc.statement, op)
		}
	}
}
