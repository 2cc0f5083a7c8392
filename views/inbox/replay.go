package inbox

import "weir/views/ui"

// Replay is a decision as it was made, beside what holds now.
type Replay struct {
	Title   string // "Tomas Reyes approved less: 8 columns for 14 days"
	Asked   string // "Maya Lindqvist asks to read Customer 360 in clear text"
	When    ui.When
	Reason  string
	Void    string // why it counts no more
	Why     string // in the asker's words, as pinned
	Request ui.Link
	Item    ui.Link
	// Pinned tells that there are facts; Exact that their bytes still have their hash.
	Pinned, Exact bool
	Hash          string
	File          string // address of the facts; "" if something in them is hidden from the reader
	Audit         string // address of its entries in the log; "" for those who may not read it
	Gone          string // why nothing can be said about now
	Differs       []string
	Facts         []Compared
	Then, Now     Flows
}

// Compared is one fact then and now.
type Compared struct {
	Name, Then, Now string
}

// Flows is what flowed in at one time.
type Flows struct {
	Inflows []Inflow
	More    int
	Coarse  []Coarse
	Partial bool
}

func (c Compared) differs() bool { return c.Then != c.Now }

// verdict says in a sentence whether the pinned facts are as they were.
func (r Replay) verdict() (text, icon string, tone ui.Tone) {
	switch {
	case !r.Pinned:
		return "No facts were pinned with this: it was no decision on data.", "circle-help", ui.Grey
	case r.Exact:
		return "What you see is what was pinned: the bytes were read again and have the hash that was written with the decision.", "shield-check", ui.Green
	}
	return "The pinned facts don't have the hash that was written with the decision. They were changed past the program.", "triangle-alert", ui.Red
}
