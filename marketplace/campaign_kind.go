package marketplace

import (
	"time"

	"weir/graph"
)

// The scopes of a campaign: the grants of one product or dataset, of a domain, or of one owner.
const (
	CampaignProduct = "product"
	CampaignDomain  = "domain"
	CampaignOwner   = "owner"
)

// What becomes of grants that nobody has looked at when a campaign is due.
const (
	OutcomeRevoke = "revoke" // they are revoked
	OutcomeRemind = "remind" // their reviewers are reminded each week
)

// The states of a campaign.
const (
	CampaignOpen   = "open"
	CampaignClosed = "closed"
)

// Campaign is a time in which owners look through grants and say whether each is still needed.
type Campaign struct {
	ID        graph.ID  `graph:",id"`
	Name      string    `graph:"name"`
	Scope     string    `graph:"scope"`
	Target    graph.ID  `graph:"target"` // product or dataset, domain, or person or team, by Scope
	Domain    graph.ID  `graph:"domain"` // "" for CampaignOwner
	Outcome   string    `graph:"outcome"`
	State     string    `graph:"state"`
	Due       time.Time `graph:"due"`
	Next      time.Time `graph:"next"` // when a job has something to do with it; zero: never
	By        graph.ID  `graph:"by"`
	At        time.Time `graph:"at"`
	Closed    time.Time `graph:"closed"`
	Total     int       `graph:"total"`
	Kept      int       `graph:"kept"`
	Shortened int       `graph:"shortened"`
	Revoked   int       `graph:"revoked"`
	Gone      int       `graph:"gone"` // ended by themselves, or left when the campaign was closed
	Version   int64     `graph:",version"`
}

// Open is how many grants nobody has looked at yet.
func (c Campaign) Open() int { return c.Total - c.Kept - c.Shortened - c.Revoked - c.Gone }

// ReviewState is where a review stands.
type ReviewState string

// The states of a review.
const (
	ReviewOpen      ReviewState = "open"
	ReviewKept      ReviewState = "kept"
	ReviewShortened ReviewState = "shortened"
	ReviewRevoked   ReviewState = "revoked"
	ReviewGone      ReviewState = "gone" // the grant ended, or the campaign did, before anybody looked
)

// ReviewAction is what a reviewer says of a grant.
type ReviewAction string

// The actions on a review.
const (
	ReviewKeep    ReviewAction = "keep"
	ReviewShorten ReviewAction = "shorten"
	ReviewRevoke  ReviewAction = "revoke"
)

// Review is one grant in a campaign. What its list shows of the grant stands in it, as it was when the campaign began.
type Review struct {
	ID       graph.ID    `graph:",id"`
	Campaign graph.ID    `graph:"campaign"`
	Grant    graph.ID    `graph:"grant"`
	Audience string      `graph:"audience"` // assignee key of who is asked
	State    ReviewState `graph:"state"`
	Until    time.Time   `graph:"until"` // of the grant
	By       graph.ID    `graph:"by"`    // who said so
	At       time.Time   `graph:"at"`
	Reason   string      `graph:"reason"`
	Version  int64       `graph:",version"`
}

var (
	campaignType = graph.Declare[Campaign]("Campaign", graph.Spec{
		Prefix: "cmp", Lists: []graph.List{{Where: []string{"state"}, Sort: "next"}, {Where: []string{"state"}, Sort: "due"}, {Sort: "due"}},
	})
	reviewType = graph.Declare[Review]("Review", graph.Spec{
		Prefix: "rev",
		Lists: []graph.List{
			{Where: []string{"campaign"}, Sort: "until"}, {Where: []string{"campaign", "state"}, Sort: "until"},
			{Where: []string{"grant", "state"}, Sort: "until"},
		},
	})
)
