package archtest

import (
	"go/ast"
	"slices"
	"testing"
)

// The budgets of the tree, in lines. Percentiles say nothing about a handful
// of files, so they count from enough on; the hard limits always hold.
const (
	fileMedian = 120
	fileP90    = 350
	fileMost   = 600
	funcP90    = 45
	funcMost   = 100
	enough     = 20
)

func TestFilesStayShort(t *testing.T) {
	var lengths []int
	for _, s := range written(t) {
		lengths = append(lengths, s.lines)
		if s.lines > fileMost {
			t.Errorf("%s has %d lines, more than %d", s.name, s.lines, fileMost)
		}
	}
	checkPercentile(t, "file", lengths, 50, fileMedian)
	checkPercentile(t, "file", lengths, 90, fileP90)
}

func TestFunctionsStayShort(t *testing.T) {
	var lengths []int
	for _, s := range written(t) {
		for _, decl := range s.syntax.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			start, end := s.set.Position(function.Pos()), s.set.Position(function.End())
			length := end.Line - start.Line + 1
			lengths = append(lengths, length)
			if length > funcMost {
				t.Errorf("%s: %s has %d lines, more than %d", start, function.Name.Name, length, funcMost)
			}
		}
	}
	checkPercentile(t, "function", lengths, 90, funcP90)
}

// written is the product without what generators wrote.
func written(t *testing.T) []source {
	t.Helper()
	return slices.DeleteFunc(product(t), func(s source) bool { return s.generated })
}

func checkPercentile(t *testing.T, what string, lengths []int, percent, most int) {
	t.Helper()
	if len(lengths) < enough {
		t.Logf("%d of kind %s: too few for a percentile", len(lengths), what)
		return
	}
	if got := percentile(lengths, percent); got > most {
		t.Errorf("%s length at percentile %d is %d lines, more than %d", what, percent, got, most)
	}
}

// percentile is the smallest length that at least percent of all reach at most.
func percentile(lengths []int, percent int) int {
	sorted := slices.Sorted(slices.Values(lengths))
	rank := (len(sorted)*percent + 99) / 100
	return sorted[rank-1]
}

func TestPercentile(t *testing.T) {
	lengths := []int{9, 1, 8, 2, 7, 3, 6, 4, 5, 10}
	for percent, want := range map[int]int{50: 5, 90: 9, 100: 10, 1: 1} {
		if got := percentile(lengths, percent); got != want {
			t.Errorf("percentile %d = %d, want %d", percent, got, want)
		}
	}
}
