package link

import "net/url"

// ProposalPage is a part of the list of proposals. View "" is what waits for the reader.
type ProposalPage struct{ View, After string }

// ProposalList is a part of the list of proposals.
func ProposalList(p ProposalPage) string {
	return withQuery(Proposals(), url.Values{"view": {p.View}, "after": {p.After}})
}

// Proposal is the page of one proposal; its forms are posted there too.
func Proposal(id string) string { return Proposals() + "/" + url.PathEscape(id) }

// ProposalNew shows what an act would change and takes the form that proposes it.
func ProposalNew() string { return Proposals() + "/new" }

// ProposalTake takes out the list that a proposal opened, once.
func ProposalTake(id string) string { return Proposal(id) + "/take" }

// ActRules says which acts need a second person, and takes the form that changes it.
func ActRules() string { return Proposals() + "/rules" }

// DatasetDelete asks before a dataset is deleted, and takes the form.
func DatasetDelete(id, name string) string { return Dataset(id, name) + "/delete" }
