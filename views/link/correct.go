package link

import "net/url"

// CloseEdge is the page that asks before it ends a step of a dataset's lineage, and takes the form. Either from or to names
// the other end of the step.
func CloseEdge(id, name, from, to string) string {
	return withQuery(Dataset(id, name)+"/close", url.Values{"from": {from}, "to": {to}})
}

// Same is the page about the other names of a dataset, with what a search for some finds.
func Same(id, name, search string) string {
	return withQuery(Dataset(id, name)+"/same", url.Values{"q": {search}})
}

// SamePair asks, before anything is said, about a name of the dataset and another one.
func SamePair(id, name, of, other string) string {
	return withQuery(Dataset(id, name)+"/same", url.Values{"of": {of}, "other": {other}})
}
