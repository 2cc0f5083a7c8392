package link

import "net/url"

// RequestPart is a part of the list of requests: for whom, in which state, what was searched for, and where the part begins.
// All may be empty.
type RequestPart struct{ For, State, Text, After string }

func (p RequestPart) values() url.Values {
	return url.Values{"for": {p.For}, "state": {p.State}, "q": {p.Text}, "after": {p.After}}
}

// RequestList is a part of the list of requests.
func RequestList(p RequestPart) string { return withQuery(Requests(), p.values()) }

// Request is the page of one request.
func Request(id string) string { return Requests() + "/" + url.PathEscape(id) }

// RequestSub is where a form of the page of a request is posted: "withdraw", "answer", "discard".
func RequestSub(id, part string) string { return Request(id) + "/" + part }

// NewRequest is the page that asks for some products and datasets.
func NewRequest(targets ...string) string {
	return withQuery(Requests()+"/new", url.Values{"target": targets})
}

// Extend is the page that asks for more time for a grant.
func Extend(grant string) string { return withQuery(Requests()+"/new", url.Values{"extends": {grant}}) }

// GoOn is the page that goes on with a draft.
func GoOn(draft string) string { return withQuery(Requests()+"/new", url.Values{"draft": {draft}}) }

// AskAgain is the page that asks anew for what was asked for in a request.
func AskAgain(request string) string {
	return withQuery(Requests()+"/new", url.Values{"again": {request}})
}

// RequestPreview says what would come of a request as it is written.
func RequestPreview() string { return Requests() + "/preview" }

// RequestDraft keeps a request as it is written.
func RequestDraft() string { return Requests() + "/draft" }
