package marketplace

import (
	"encoding/json"
	"time"

	"weir/graph"
)

// Proposal is an act that waits for somebody else to confirm it, and then runs by itself.
type Proposal struct {
	ID       graph.ID      `graph:",id"`
	Act      string        `graph:"act"`   // one of Acts
	Title    string        `graph:"title"` // what is to be done, in a few words
	State    ProposalState `graph:"state"`
	Proposer graph.ID      `graph:"proposer"`
	Reason   string        `graph:"reason"` // why, in the proposer's words
	About    graph.ID      `graph:"about"`  // who or what it is done to; "" if that isn't there yet, or is many
	Domain   graph.ID      `graph:"domain"` // of About; "" for none
	At       time.Time     `graph:"at"`
	Due      time.Time     `graph:"due"`  // it lapses then
	Hash     string        `graph:"hash"` // of what was shown to the proposer, later to who confirmed
	Decider  graph.ID      `graph:"decider"`
	Decided  time.Time     `graph:"decided"`
	Note     string        `graph:"note"`   // the decider's; needed to refuse
	Result   string        `graph:"result"` // id of what was made; "" if nothing was
	Error    string        `graph:"error"`  // why it couldn't be done
	Until    time.Time     `graph:"until"`  // the proposer may take a list out until then; zero: there is none
	Taken    time.Time     `graph:"taken"`  // when he did
	Body     []byte        `graph:"body"`   // JSON of proposalBody
	Version  int64         `graph:",version"`
}

// proposalBody is what of a proposal is never filtered by.
type proposalBody struct {
	Input     json.RawMessage `json:"input"`
	Lines     []string        `json:"lines"`               // what will change, as it was shown
	Facts     json.RawMessage `json:"facts"`               // what the lines are made of
	Keys      []string        `json:"keys"`                // assignee keys of those who may confirm
	Concerned []graph.ID      `json:"concerned,omitempty"` // who gains by it, beside the proposer
	Circle    []graph.ID      `json:"circle"`              // closure of proposer and concerned when it was proposed, sorted
}

// ProposalTurn is a proposal on the list of somebody who may confirm it.
type ProposalTurn struct {
	ID       graph.ID  `graph:",id"`
	Proposal graph.ID  `graph:"proposal"`
	Audience string    `graph:"audience"`
	Due      time.Time `graph:"due"`
}

// ActRule says of an act whether it needs a second person. There is none for what nobody has changed.
type ActRule struct {
	ID      graph.ID  `graph:",id"`
	Act     string    `graph:"act"`
	Confirm bool      `graph:"confirm"`
	By      graph.ID  `graph:"by"`
	At      time.Time `graph:"at"`
	Version int64     `graph:",version"`
}

var (
	proposalType = graph.Declare[Proposal]("Proposal", graph.Spec{
		Prefix: "prp", Max: 1 << 20,
		Lists: []graph.List{
			{Sort: "at"}, {Where: []string{"proposer"}, Sort: "at"},
			{Where: []string{"state"}, Sort: "at"}, {Where: []string{"state"}, Sort: "due"},
		},
	})
	proposalTurnType = graph.Declare[ProposalTurn]("ProposalTurn", graph.Spec{
		Prefix: "ptn", Lists: []graph.List{{Sort: "due"}, {Where: []string{"proposal"}, Sort: "due"}},
	})
	actRuleType = graph.Declare[ActRule]("ActRule", graph.Spec{Prefix: "acr"})
)
