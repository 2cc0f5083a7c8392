package archtest

import (
	"go/ast"
	"slices"
	"strconv"
	"testing"
)

func TestImportsRunDownwards(t *testing.T) {
	for _, s := range product(t) {
		if s.pkg == "." || s.pkg == "archtest" {
			continue
		}
		if _, known := level(s.pkg); !known {
			t.Errorf("%s: %s has no place in the order of packages", s.name, s.pkg)
		}
		for _, imported := range s.imports {
			if why := breach(s.pkg, imported); why != "" {
				t.Errorf("%s imports %s: %s", s.name, imported, why)
			}
		}
	}
}

func TestOnlyCmdReadsTheEnvironment(t *testing.T) {
	for _, s := range product(t) {
		if under(s.pkg, "cmd") {
			continue
		}
		for _, call := range environment(s) {
			t.Errorf("%s reads the environment: configuration comes from cmd", s.set.Position(call.Pos()))
		}
	}
}

// environment finds each mention of a function that reads the environment.
func environment(s source) []*ast.SelectorExpr {
	readers := []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}
	names := localNames(s, "os", "syscall")
	var found []*ast.SelectorExpr
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if ok && slices.Contains(names, x.Name) && slices.Contains(readers, sel.Sel.Name) {
			found = append(found, sel)
		}
		return true
	})
	return found
}

// localNames is what the file calls the given packages, renamed or not.
func localNames(s source, packages ...string) []string {
	var names []string
	for _, spec := range s.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !slices.Contains(packages, imported) {
			continue
		}
		if spec.Name != nil {
			imported = spec.Name.Name
		}
		names = append(names, imported)
	}
	return names
}

func TestBreach(t *testing.T) {
	const driver = "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	tests := []struct {
		pkg, imported string
		broken        bool
	}{
		{"graph", "weir/errs", false},
		{"errs", "weir/graph", true},
		{"errs", "golang.org/x/text/cases", true},
		{"errs", "net/http", false},
		{"audit", "weir/identity", true},
		{"audit/ledger", "weir/identity", false},
		{"audit/verify", "golang.org/x/mod/sumdb/note", false},
		{"audit/verify", "weir/graph", true},
		{"audit/verify", "weir/audit", true},
		{"catalog/lineage", "weir/catalog", false},
		{"catalog", "weir/marketplace", true},
		{"catalog", "weir/graph/sqlite", true},
		{"catalog", "weir/graph/graphtest", true},
		{"exchange/odcs", "weir/catalog", false},
		{"demo", "weir/marketplace", false},
		{"graph/neo4j", "weir/graph/sqlite", true},
		{"graph/sqlite/migrate", "weir/graph/sqlite", false},
		{"graph/neo4j", driver, false},
		{"graph/sqlite", driver, true},
		{"web", driver, true},
		{"identity", "github.com/casbin/casbin/v2/model", true},
		{"authz", "github.com/casbin/casbin/v2", false},
		{"views/lineage", "weir/catalog", false},
		{"views/lineage", "weir/web", true},
		{"views/lineage", "net/http", true},
		{"views/lineage", "net/url", false},
		{"web", "weir/gqlschema", true},
		{"gqlschema/gen", "weir/gqlschema", false},
		{"gqlschema", "weir/web/form", true},
		{"web", "weir/graph/neo4j", true},
		{"web", "weir/views", false},
		{"cmd/weir", "weir/graph/neo4j", false},
		{"cmd/weir", "weir/web", false},
		{"web", "weir/cmd/weir", true},
		{"util", "weir/errs", true},
		{"web", "weir/util", true},
	}
	for _, tt := range tests {
		if why := breach(tt.pkg, tt.imported); (why != "") != tt.broken {
			t.Errorf("breach(%q, %q) = %q, want broken %t", tt.pkg, tt.imported, why, tt.broken)
		}
	}
}
