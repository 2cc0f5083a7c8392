// Package session keeps who is signed in at which browser. The browser holds a random token in a cookie; the store holds the
// session under the SHA-256 of it, so that whoever reads the store can't take a session over. A session is read on each
// request: one that was ended anywhere is over everywhere with the next request.
package session

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
)

// The usual times: without a request for Idle a session ends, after Lifetime it ends in any case.
const (
	Idle     = 30 * time.Minute
	Lifetime = 12 * time.Hour
	// touchEvery is how often at most an unchanged session is written, to note that it is in use.
	touchEvery = time.Minute
	// flowTime is how long somebody may take to sign in elsewhere.
	flowTime = 10 * time.Minute
)

// Session is one browser's session. Without a User it only remembers that somebody went to sign in elsewhere.
type Session struct {
	ID       graph.ID  `graph:",id"` // tells nothing of the cookie
	User     graph.ID  `graph:"user"`
	Rights   string    `graph:"rights"`    // what RightsOf said of the person when the cookie was made
	How      string    `graph:"how"`       // HowPassword, HowProvider, HowSetup, HowDemo
	SignedIn time.Time `graph:"signed_in"` // when the person last proved who he is
	Began    time.Time `graph:"began"`
	Seen     time.Time `graph:"seen"` // of the last request, to the minute
	Expires  time.Time `graph:"expires"`
	Device   string    `graph:"device"`  // coarse, as the browser says: "Firefox on Linux"
	Address  string    `graph:"address"` // IP address at sign-in
	Flow     string    `graph:"flow"`    // what the way through a provider needs when it comes back
	Version  int64     `graph:",version"`
}

// How somebody proved who he is.
const (
	HowPassword = "password"
	HowProvider = "oidc"
	HowSetup    = "setup"
	HowDemo     = "demo"
)

var sessionType = graph.Declare[Session]("Session", graph.Spec{
	Prefix: "ses", Lists: []graph.List{{Where: []string{"user"}, Sort: "seen"}, {Sort: "expires"}},
})

// Schema declares what sessions keep in the store.
func Schema() graph.Schema { return sessionType.Schema() }

// idOf is the node of a token.
func idOf(token string) graph.ID {
	sum := sha256.Sum256([]byte(token))
	return graph.ID(sessionType.Spec.Prefix + "_" + hex.EncodeToString(sum[:]))
}

// over tells whether the session has ended by time alone.
func (s Session) over(now time.Time, idle time.Duration) bool {
	return !now.Before(s.Expires) || now.Sub(s.Seen) >= idle
}

// RightsOf is a short text that changes with the rights of a person: when it differs from that of a session, the session
// gets a new token.
func RightsOf(p authz.Principal) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	if err := enc.Encode([]any{p.Teams, p.Roles}); err != nil {
		panic(err) // lists of strings can be written
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}
