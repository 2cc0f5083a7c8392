package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	joined     = regexp.MustCompile(`^(?:left |full )?join (\S+) (\w+) on (.+)$`)
	reference  = regexp.MustCompile(`\b([a-z])\.([a-z]\w*)`)
	aggregates = regexp.MustCompile(`\b(sum|count|count_if|avg|min|max|max_by|median|ntile|array_union_agg)\(`)
	masks      = regexp.MustCompile(`\b(sha2|tokenise|mask_names)\(`)
)

// output is a column that a query makes.
type output struct{ column, expression string }

// origin is a column that a query reads.
type origin struct{ dataset, column string }

// outputs lists the columns that the query makes, in order.
func (q query) outputs() []output {
	var all []output
	for _, line := range lines(q.columns) {
		expression, name, renamed := strings.Cut(line, " as ")
		if !renamed {
			_, name, _ = strings.Cut(line, ".")
		}
		all = append(all, output{name, expression})
	}
	return all
}

// sources lists what the query reads, in order: alias and dataset.
func (q query) sources() [][2]string {
	if q.from == "" {
		return nil
	}
	dataset, alias, _ := strings.Cut(q.from, " ")
	all := [][2]string{{alias, dataset}}
	for _, j := range q.joins {
		m := joined.FindStringSubmatch(j)
		if m == nil {
			panic(fmt.Sprintf("the demo has a join that can't be read: %s", j))
		}
		all = append(all, [2]string{m[2], m[1]})
	}
	return all
}

// origins lists the columns that a text refers to, each once. It panics on an alias that the query doesn't have: a
// mistake in the lists of the company.
func (q query) origins(text string) []origin {
	var all []origin
	sources := q.sources()
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		i := slices.IndexFunc(sources, func(s [2]string) bool { return s[0] == m[1] })
		if i < 0 {
			panic(fmt.Sprintf("the demo has no alias %s in: %s", m[1], text))
		}
		if o := (origin{sources[i][1], m[2]}); !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}

// conditions lists what decides about rows: subtype of OpenLineage and text.
func (q query) conditions() [][2]string {
	var all [][2]string
	for _, j := range q.joins {
		all = append(all, [2]string{"JOIN", joined.FindStringSubmatch(j)[3]})
	}
	if q.where != "" {
		all = append(all, [2]string{"FILTER", q.where})
	}
	if q.group != "" {
		all = append(all, [2]string{"GROUP_BY", q.group})
	}
	return all
}

// subtype tells how a column is made, in OpenLineage's words, and whether that masks it.
func subtype(expression string) (name string, masked bool) {
	masked = masks.MatchString(expression)
	switch {
	case aggregates.MatchString(expression):
		return "AGGREGATION", masked
	case reference.FindString(expression) == expression:
		return "IDENTITY", masked
	}
	return "TRANSFORMATION", masked
}

// without is the query without the columns and joins that begin so: what it was before them, or after.
func (q query) without(prefixes ...string) query {
	gone := func(line string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(line, p) })
	}
	q.joins = slices.DeleteFunc(slices.Clone(q.joins), gone)
	q.columns = strings.Join(slices.DeleteFunc(lines(q.columns), gone), "\n")
	return q
}

// lines splits a list that stands one a line.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
