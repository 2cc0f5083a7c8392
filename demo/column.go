package demo

import "strings"

// column is a column of a table as its list has it.
type column struct {
	name, kind, about string
	classes           []string
}

// fields reads the list of a table's columns.
func (t *table) fields() []column {
	var all []column
	for _, line := range lines(t.columns) {
		words := strings.Fields(line)
		c := column{name: words[0], kind: words[1]}
		words = words[2:]
		for len(words) > 0 && strings.HasPrefix(words[0], "!") {
			c.classes = append(c.classes, words[0][1:])
			words = words[1:]
		}
		c.about = strings.Join(words, " ")
		all = append(all, c)
	}
	return all
}

// made lists the columns of a table that a query makes: what its schema is while the query runs.
func (t *table) made(q query) []column {
	names := map[string]bool{}
	for _, o := range q.outputs() {
		names[o.column] = true
	}
	var all []column
	for _, c := range t.fields() {
		if names[c.name] {
			all = append(all, c)
		}
	}
	return all
}
