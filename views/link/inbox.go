package link

import "net/url"

// InboxPage is a part of an inbox: what was searched for, how it is sorted, and where the part begins. All may be empty.
type InboxPage struct{ Text, Sort, After string }

func (p InboxPage) values() url.Values {
	return url.Values{"q": {p.Text}, "sort": {p.Sort}, "after": {p.After}}
}

// Inbox lists what waits for the reader.
func Inbox() string { return "/inbox" }

// InboxList is a part of it.
func InboxList(p InboxPage) string { return withQuery(Inbox(), p.values()) }

// InboxItem is one item of it, beside the list; decisions on it are posted there too.
func InboxItem(id string, p InboxPage) string {
	return withQuery(Inbox()+"/"+url.PathEscape(id), p.values())
}

// Decided is the next page after a decision on an item: another item, or the list if next is empty.
func Decided(next, item string, p InboxPage) string {
	values := p.values()
	values.Set("decided", item)
	path := Inbox()
	if next != "" {
		path += "/" + url.PathEscape(next)
	}
	return withQuery(path, values)
}

// BreakGlass is the page that asks once more before somebody is let in without those who would have to decide.
func BreakGlass(id string) string { return Inbox() + "/" + url.PathEscape(id) + "/break-glass" }

// InboxBulk decides several items at once; it asks first.
func InboxBulk() string { return Inbox() + "/bulk" }

// Decision shows a decision again, with what it was made on.
func Decision(id string) string { return "/decisions/" + url.PathEscape(id) }

// DecisionFacts are the facts that a decision was made on, as they were pinned.
func DecisionFacts(id string) string { return Decision(id) + "/facts.json" }
