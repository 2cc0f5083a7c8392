package template

import (
	"slices"

	"weir/catalog"
	"weir/graph"
)

// Names are the names of what is told by id, to be put into sentences. What is missing is called "this domain" and so on.
type Names map[graph.ID]string

// Case is what is known of one thing that is asked for: what, by whom, what for.
type Case struct {
	Product  graph.ID                 `json:"product,omitempty"`
	Datasets []graph.ID               `json:"datasets,omitempty"`
	Domains  []graph.ID               `json:"domains,omitempty"`  // of the product and the datasets, with those that they are in
	Levels   []catalog.Classification `json:"levels,omitempty"`   // of the datasets
	Attached []graph.ID               `json:"attached,omitempty"` // templates attached by hand to the product, a dataset or a domain
	Columns  []Column                 `json:"columns,omitempty"`
	// Classes are data classes known of a dataset as a whole or flowing in where column lineage is missing. One that a
	// column below carries is taken to be explained by it; each other may be in any column.
	Classes []string `json:"classes,omitempty"`

	Beneficiary   Kind       `json:"beneficiary"`     // what will use it
	Roles         []string   `json:"roles,omitempty"` // that it holds in the data's domain or everywhere
	Teams         []graph.ID `json:"teams,omitempty"` // that it is in, nested ones included; of a team, the team too
	Purpose       string     `json:"purpose"`
	Access        Access     `json:"access"`
	Environment   string     `json:"environment,omitempty"`
	Days          int        `json:"days"`
	TermsAccepted bool       `json:"termsAccepted"` // a preview says true, and shows Verdict.TermsRequired
	Renewal       bool       `json:"renewal,omitempty"`

	Names Names `json:"-"`
}

// Column is a column that is asked for. Classes are lower case.
type Column struct {
	ID        graph.ID `json:"id"`
	Dataset   graph.ID `json:"dataset"`
	Path      string   `json:"path"`
	Declared  []string `json:"declared,omitempty"`  // stated of the column itself
	Inherited []string `json:"inherited,omitempty"` // flowing in, unmasked
	Masked    []string `json:"masked,omitempty"`    // flowing in masked on every way: they demand nothing
}

// sensitive are the classes that the column carries in clear text, each once, sorted.
func (c *Column) sensitive() []string {
	if len(c.Declared)+len(c.Inherited) == 0 {
		return nil
	}
	all := slices.Concat(c.Declared, c.Inherited)
	slices.Sort(all)
	return slices.Compact(all)
}

// Without is c with fewer columns. A dataset of which no column is left is no longer asked for, and a class that only
// a left out column carries is not looked for in the others.
func (c Case) Without(columns ...graph.ID) Case {
	left := slices.DeleteFunc(slices.Clone(c.Columns), func(col Column) bool { return slices.Contains(columns, col.ID) })
	of := func(cols []Column, dataset graph.ID) bool {
		return slices.ContainsFunc(cols, func(col Column) bool { return col.Dataset == dataset })
	}
	c.Datasets = slices.DeleteFunc(slices.Clone(c.Datasets), func(d graph.ID) bool { return of(c.Columns, d) && !of(left, d) })
	c.Classes = c.coarse()
	c.Columns = left
	return c
}

// coarse are the classes that may be in any column: no column is known to carry them.
func (c *Case) coarse() []string {
	var out []string
	for _, class := range c.Classes {
		if !slices.ContainsFunc(c.Columns, func(col Column) bool { return col.carries(class) }) {
			out = append(out, class)
		}
	}
	return out
}

func (c *Column) carries(class string) bool {
	return slices.Contains(c.Declared, class) || slices.Contains(c.Inherited, class)
}
