package link

// Products lists what the marketplace offers.
func Products() string { return "/products" }

// Templates lists the policy templates.
func Templates() string { return "/templates" }

// Requests lists the reader's requests; a request is sent there, too.
func Requests() string { return "/requests" }

// Grants lists what the reader has.
func Grants() string { return "/grants" }

// Proposals lists acts that somebody else has to confirm.
func Proposals() string { return "/proposals" }

// Notifications lists what the reader was told.
func Notifications() string { return "/notifications" }
