package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// order lists the packages from the ground up. A package may import those of
// its own level and below. A longer name wins over a shorter one, so that
// audit/ledger, which needs identity, stands above it although audit does not.
var order = [][]string{
	{"errs"},
	{"graph"},
	{"audit"},
	{"authz"},
	{"identity"},
	{"audit/ledger"},
	{"catalog"},
	{"marketplace", "exchange"},
	{"notify", "jobs"},
	{"static", "demo"},
	{"views"},
	{"web", "gqlschema", "mcp"},
	{"cmd"},
}

// engines are chosen by cmd and known to nobody else; they share no code.
var engines = []string{"graph/sqlite", "graph/neo4j"}

// doors call the services; a door that calls another hides a second path.
var doors = []string{"web", "gqlschema", "mcp"}

// owners names, for a library that must not spread, the only folders that may
// import it.
var owners = map[string][]string{
	"database/sql": engines,
	"github.com/neo4j/neo4j-go-driver/v5": {
		"graph/neo4j",
	},
	"zombiezen.com/go/sqlite":     {"graph/sqlite"},
	"github.com/casbin/casbin/v2": {"authz"},
}

// only lists everything that a package may import apart from the standard
// library (and itself).
var only = map[string][]string{
	"errs":         nil,
	"audit/verify": {"golang.org/x/mod"}, // an auditor reads and builds it alone
}

// inputOutput is what views must not reach: a page that reads while it is
// rendered can't be tested with props and can fail half written.
var inputOutput = []string{"database/sql", "net", "net/http", "os", "os/exec", "syscall"}

// level is the place of pkg in order, or false if it has none.
func level(pkg string) (int, bool) {
	best, found := "", -1
	for i, names := range order {
		for _, name := range names {
			if under(pkg, name) && len(name) > len(best) {
				best, found = name, i
			}
		}
	}
	return found, found >= 0
}

// breach says which rule the import breaks, or nothing.
func breach(pkg, imported string) string {
	for _, rule := range []func(pkg, imported string) string{spreads, notAlone, reads} {
		if why := rule(pkg, imported); why != "" {
			return why
		}
	}
	target, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return ""
	}
	return upwards(pkg, target)
}

func spreads(pkg, imported string) string {
	for library, folders := range owners {
		if under(imported, library) && !underAny(pkg, folders) {
			return "stays in " + strings.Join(folders, ", ")
		}
	}
	return ""
}

func notAlone(pkg, imported string) string {
	for folder, allowed := range only {
		if !under(pkg, folder) || standard(imported) || under(imported, module+"/"+folder) {
			continue
		}
		if !underAny(imported, allowed) {
			return folder + " stands on the standard library and " + fmt.Sprint(allowed) + " only"
		}
	}
	return ""
}

func reads(pkg, imported string) string {
	if under(pkg, "views") && slices.Contains(inputOutput, imported) {
		return "views do no input or output"
	}
	return ""
}

// upwards judges an import of one package of ours by another.
func upwards(pkg, target string) string {
	from, known := level(pkg)
	if !known {
		return pkg + " has no place in the order of packages"
	}
	to, known := level(target)
	if !known {
		return target + " has no place in the order of packages"
	}
	if to > from {
		return target + " stands above " + pkg
	}
	if strings.HasSuffix(target, "test") {
		return target + " is for tests"
	}
	for _, engine := range engines {
		if under(target, engine) && !under(pkg, engine) && !under(pkg, "cmd") {
			return "only cmd and tests know an engine"
		}
	}
	for _, door := range doors {
		if under(target, door) && !under(pkg, door) && underAny(pkg, doors) {
			return "doors don't know each other"
		}
	}
	return ""
}

// standard holds for packages of the standard library: the first element of
// their path has no dot, and they are not ours.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return first != module && !strings.Contains(first, ".")
}
