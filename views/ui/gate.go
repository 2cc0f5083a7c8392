package ui

// Gate is what somebody may do with a thing, drawn as a gate in a river. The zero value is an open one.
type Gate string

// The gates, as the notes on the look define them.
const (
	GateOpen Gate = "open" // it can be read
	GatePart Gate = "part" // it can be read masked
	GateHalf Gate = "half" // somebody has to decide
	GateShut Gate = "shut" // it has to be asked for
	GateSeal Gate = "seal" // not possible
)

// tone is the colour of a gate's picture and word.
func (g Gate) tone() string {
	return map[Gate]string{GateOpen: "green", GatePart: "water", GateHalf: "amber", GateSeal: "red"}[g]
}

// State is where a request stands: a word with its icon and tone.
type State struct {
	Word string
	Icon string
	Tone Tone
}
