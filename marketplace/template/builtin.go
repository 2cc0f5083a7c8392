package template

// Default is what holds where no template applies: any one owner decides, and nobody takes a copy out.
var Default = Version{Name: "Where no policy applies", Body: Body{
	Title:     "Where no policy applies",
	Summary:   "The owner decides; 90 days, renewable; no export.",
	Who:       Who{People: true, Services: true, Agents: true},
	Access:    []Access{Metadata, Masked, Read},
	Steps:     ownerDecides,
	MaxDays:   90,
	Renewable: true,
}}
