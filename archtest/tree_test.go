// Package archtest holds the tests that keep the shape of the tree: which
// package may know which, and how long files and functions grow. It reads the
// sources itself, whatever their build tags are, and needs nothing but the
// standard library.
package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "weir"

// source is one parsed Go file of the module.
type source struct {
	name      string // path from the root of the module, with slashes
	pkg       string // its folder, as in an import path without the module: "graph/sqlite"
	imports   []string
	lines     int
	generated bool
	syntax    *ast.File
	set       *token.FileSet
}

// isTest holds for _test.go files and for packages that only tests import,
// which by convention end in "test" (graph/graphtest).
func (s source) isTest() bool {
	return strings.HasSuffix(s.name, "_test.go") || strings.HasSuffix(s.pkg, "test")
}

// product reads the whole module and leaves tests out.
func product(t *testing.T) []source {
	t.Helper()
	sources, err := read("..")
	if err != nil {
		t.Fatal(err)
	}
	var kept []source
	for _, s := range sources {
		if !s.isTest() {
			kept = append(kept, s)
		}
	}
	return kept
}

func read(root string) ([]source, error) {
	var sources []source
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if file != root && skipped(entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") {
			return nil
		}
		s, err := parse(root, file)
		if err != nil {
			return err
		}
		sources = append(sources, s)
		return nil
	})
	return sources, err
}

// skipped names the folders that the go command leaves out of ./... too.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		name == "testdata" || name == "node_modules"
}

func parse(root, file string) (source, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return source{}, err
	}
	name, err := filepath.Rel(root, file)
	if err != nil {
		return source{}, err
	}
	name = filepath.ToSlash(name)
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, name, text, parser.ParseComments)
	if err != nil {
		return source{}, fmt.Errorf("parse: %w", err)
	}
	s := source{
		name:      name,
		pkg:       path.Dir(name),
		lines:     bytes.Count(text, []byte("\n")),
		generated: ast.IsGenerated(syntax),
		syntax:    syntax,
		set:       set,
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

// under holds if pkg is folder or lies below it.
func under(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}

// underAny holds if pkg lies in one of the folders.
func underAny(pkg string, folders []string) bool {
	for _, folder := range folders {
		if under(pkg, folder) {
			return true
		}
	}
	return false
}
