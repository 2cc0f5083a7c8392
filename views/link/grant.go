package link

import "net/url"

// GrantPart is a part of the list of grants: whose ("", "given", "all"; "target" or "holder" of the product, dataset, person or
// team Of), in which state ("", "ended"), and where it begins.
type GrantPart struct{ View, Of, State, After string }

func (p GrantPart) values() url.Values {
	return url.Values{"view": {p.View}, "of": {p.Of}, "state": {p.State}, "after": {p.After}}
}

// GrantList is a part of the list of grants.
func GrantList(p GrantPart) string { return withQuery(Grants(), p.values()) }

// GrantFile is the whole list of grants as a file.
func GrantFile(state string) string {
	return withQuery(Grants()+".csv", url.Values{"state": {state}})
}

// Grant is the page of one grant.
func Grant(id string) string { return Grants() + "/" + url.PathEscape(id) }

// GrantSub is where a form of the page of a grant is posted: "revoke", "shorten", "hand-back", "retry".
func GrantSub(id, part string) string { return Grant(id) + "/" + part }

// Tasks lists what the reader is to do.
func Tasks() string { return "/tasks" }

// TaskPart is a part of that list.
func TaskPart(done bool, after string) string {
	values := url.Values{"after": {after}}
	if done {
		values.Set("state", "done")
	}
	return withQuery(Tasks(), values)
}

// FinishTask is where it is said that a task is done, or can't be.
func FinishTask(id string) string { return Tasks() + "/" + url.PathEscape(id) }

// Campaigns lists the times in which owners look through grants.
func Campaigns() string { return "/campaigns" }

// CampaignsPart is a part of that list.
func CampaignsPart(closed bool, after string) string {
	values := url.Values{"after": {after}}
	if closed {
		values.Set("state", "closed")
	}
	return withQuery(Campaigns(), values)
}

// NewCampaignFor is the form of a new campaign over a product or dataset.
func NewCampaignFor(target string) string {
	return withQuery(New(Campaigns()), url.Values{"target": {target}})
}

// CampaignPart is a part of a campaign: which reviews ("", "all"), and where the part begins.
type CampaignPart struct{ Show, After string }

// Campaign is the page of one campaign.
func Campaign(id string, p CampaignPart) string {
	return withQuery(Campaigns()+"/"+url.PathEscape(id), url.Values{"show": {p.Show}, "after": {p.After}})
}

// CloseCampaign is where a campaign is closed before its time.
func CloseCampaign(id string) string { return Campaign(id, CampaignPart{}) + "/close" }

// Review is where one grant of a campaign is kept, shortened or revoked.
func Review(id string) string { return "/reviews/" + url.PathEscape(id) }

// GrantsOf lists who has a product or dataset.
func GrantsOf(target string) string { return GrantList(GrantPart{View: "target", Of: target}) }

// GrantsFor lists what a person, team or account has.
func GrantsFor(holder string) string { return GrantList(GrantPart{View: "holder", Of: holder}) }
