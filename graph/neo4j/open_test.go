package neo4j_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"weir/errs"
	"weir/graph/graphtest"
	"weir/graph/neo4j"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	bolt58, bolt50, bolt44 := [4]byte{0, 0, 8, 5}, [4]byte{0, 0, 0, 5}, [4]byte{0, 0, 4, 4}
	for _, tc := range []struct {
		name, uri string
		kind      errs.Kind
		says      string
	}{
		{"nobody listens", "bolt://" + closedPort(t), errs.Unavailable, "No Neo4j server can be reached"},
		{"credentials", fake{version: bolt58, agent: "Neo4j/5.26.0", refuse: true}.listen(t), errs.Unavailable, "refuses the user name or the password"},
		{"no common protocol", fake{}.listen(t), errs.Unavailable, "speaks no protocol that this program knows"},
		{"version 4", fake{version: bolt44, agent: "Neo4j/4.4.30"}.listen(t), errs.Unavailable, "is too old; this program needs 5."},
		{"early 5", fake{version: bolt50, agent: "Neo4j/5.1.0"}.listen(t), errs.Unavailable, "is too old; this program needs 5."},
		{"later 5", fake{version: bolt58, agent: "Neo4j/5.12.0"}.listen(t), errs.Unavailable, "is of version 5.12.0; this program needs 5."},
		{"too new", fake{version: bolt58, agent: "Neo4j/2025.08.0"}.listen(t), errs.Unavailable, "newer than this program knows"},
		{"another product", fake{version: bolt58, agent: "Other/1.2"}.listen(t), errs.Unavailable, "is no Neo4j server"},
		{"not an address", "neo4j//nowhere", errs.Invalid, "is not the address of a Neo4j server"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			_, err := neo4j.Open(ctx, neo4j.Options{URI: tc.uri, User: "weir", Password: "secret", Patience: time.Second}, graphtest.Schema())
			if !errs.Is(err, tc.kind) || !strings.Contains(errs.Shown(err), tc.says) {
				t.Fatalf("error %v, shown %q; want %v with %q", err, errs.Shown(err), tc.kind, tc.says)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Fatal("the error tells the password")
			}
		})
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = neo4j.Open(ctx, neo4j.Options{URI: "bolt://" + l.Addr().String()}, graphtest.Schema())
	if !errs.Is(err, errs.Timeout) {
		t.Fatalf("error %v, want a timeout", err)
	}
}

// closedPort is an address where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
