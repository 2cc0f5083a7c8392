package marketplace

import (
	"slices"

	"weir/errs"
)

// ItemState is where an item of a request stands.
type ItemState string

// The states of an item.
const (
	Draft     ItemState = "draft"
	Submitted ItemState = "submitted"
	NeedsInfo ItemState = "needs-info"
	Approved  ItemState = "approved"
	Rejected  ItemState = "rejected"
	Withdrawn ItemState = "withdrawn"
	Expired   ItemState = "expired"
)

// ItemAction is what is done with an item.
type ItemAction string

// The actions on an item.
const (
	Submit     ItemAction = "submit"
	Approve    ItemAction = "approve"
	Reject     ItemAction = "reject"
	AskBack    ItemAction = "ask"
	Answer     ItemAction = "answer"
	Withdraw   ItemAction = "withdraw"
	Expire     ItemAction = "expire"
	BreakGlass ItemAction = "break-glass"
)

// GrantState is where a grant stands.
type GrantState string

// The states of a grant.
const (
	Granting     GrantState = "granting" // approved; the system that holds the data hasn't said yet that it is done
	Active       GrantState = "active"
	Failed       GrantState = "failed" // that system couldn't do it
	GrantExpired GrantState = "expired"
	Revoked      GrantState = "revoked"
	HandedBack   GrantState = "handed-back"
)

// GrantAction is what is done with a grant.
type GrantAction string

// The actions on a grant.
const (
	Enforced    GrantAction = "enforced" // the system outside did it
	EnforceFail GrantAction = "fail"
	Retry       GrantAction = "retry"
	Extend      GrantAction = "extend"
	Shorten     GrantAction = "shorten"
	Revoke      GrantAction = "revoke"
	HandBack    GrantAction = "hand back"
	ExpireGrant GrantAction = "expire"
)

// ProposalState is where a proposed act stands.
type ProposalState string

// The states of a proposal.
const (
	Proposed  ProposalState = "proposed"
	Confirmed ProposalState = "confirmed" // runs by itself
	Refused   ProposalState = "refused"
	Retracted ProposalState = "retracted"
	Lapsed    ProposalState = "lapsed"
	Done      ProposalState = "done"
	Broken    ProposalState = "failed" // confirmed, but it couldn't be done any more
)

// ProposalAction is what is done with a proposal.
type ProposalAction string

// The actions on a proposal.
const (
	Confirm ProposalAction = "confirm"
	Refuse  ProposalAction = "refuse"
	Retract ProposalAction = "retract"
	Lapse   ProposalAction = "lapse"
	Finish  ProposalAction = "finish"
	Fail    ProposalAction = "fail"
)

// Transition is a line of a workflow: in From, Action leads to To if Guard holds. Of the lines of one From and Action exactly
// one holds at a time; "" holds always.
type Transition[S, A ~string] struct {
	From   S
	Action A
	Guard  string
	To     S
}

// The guards of items.
const (
	guardAtOnce = "the policy grants it at once"
	guardNeeds  = "somebody has to decide"
	guardMore   = "more approvals are needed"
	guardLast   = "it is the last approval that is needed"
	guardSecond = "it is the second of two"
	guardFirst  = "it is the first of two"
)

// Items is the workflow of an item. What it has no line for is refused. A draft is sent or thrown away: it ends in no state.
var Items = []Transition[ItemState, ItemAction]{
	{Draft, Submit, guardNeeds, Submitted},
	{Draft, Submit, guardAtOnce, Approved},
	{Submitted, Approve, guardMore, Submitted},
	{Submitted, Approve, guardLast, Approved},
	{Submitted, Reject, "", Rejected},
	{Submitted, AskBack, "", NeedsInfo},
	{Submitted, Withdraw, "", Withdrawn},
	{Submitted, Expire, "", Expired},
	{Submitted, BreakGlass, guardFirst, Submitted},
	{Submitted, BreakGlass, guardSecond, Approved},
	{NeedsInfo, Answer, "", Submitted},
	{NeedsInfo, Reject, "", Rejected},
	{NeedsInfo, Withdraw, "", Withdrawn},
	{NeedsInfo, Expire, "", Expired},
}

// Grants is the workflow of a grant.
var Grants = []Transition[GrantState, GrantAction]{
	{Granting, Enforced, "", Active},
	{Granting, EnforceFail, "", Failed},
	{Granting, Extend, "", Granting},
	{Granting, Shorten, "", Granting},
	{Granting, Revoke, "", Revoked},
	{Granting, HandBack, "", HandedBack},
	{Granting, ExpireGrant, "", GrantExpired},
	{Failed, Retry, "", Granting},
	{Failed, Revoke, "", Revoked},
	{Failed, HandBack, "", HandedBack},
	{Failed, ExpireGrant, "", GrantExpired},
	{Active, Enforced, "", Active},
	{Active, Extend, "", Active},
	{Active, Shorten, "", Active},
	{Active, Revoke, "", Revoked},
	{Active, HandBack, "", HandedBack},
	{Active, ExpireGrant, "", GrantExpired},
}

// Proposals is the workflow of an act that somebody else has to confirm.
var Proposals = []Transition[ProposalState, ProposalAction]{
	{Proposed, Confirm, "", Confirmed},
	{Proposed, Refuse, "", Refused},
	{Proposed, Retract, "", Retracted},
	{Proposed, Lapse, "", Lapsed},
	{Confirmed, Finish, "", Done},
	{Confirmed, Fail, "", Broken},
	{Broken, Retract, "", Retracted},
}

// next is the state that an action leads to. guard names the condition that holds, where lines ask for one.
// Errors: Conflict in words if the workflow has no such line.
func next[S, A ~string](table []Transition[S, A], from S, action A, guard string) (S, error) {
	for _, t := range table {
		if t.From == from && t.Action == action && (t.Guard == "" || t.Guard == guard) {
			return t.To, nil
		}
	}
	var none S
	return none, errs.Ef(errs.Conflict, "This is %s; it can't be changed so (%s) any more.", stateWords(string(from)), string(action))
}

// allows tells whether a workflow has a line for an action, whatever its guard.
func allows[S, A ~string](table []Transition[S, A], from S, action A) bool {
	return slices.ContainsFunc(table, func(t Transition[S, A]) bool { return t.From == from && t.Action == action })
}

// stateWords is a state as it stands in a sentence.
func stateWords(s string) string {
	switch s {
	case string(Submitted):
		return "waiting for a decision"
	case string(NeedsInfo):
		return "waiting for an answer"
	case string(Draft):
		return "a draft"
	case string(HandedBack):
		return "handed back"
	case string(Granting):
		return "being granted"
	}
	return s
}
