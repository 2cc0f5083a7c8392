package notice

import "strings"

// kindsWord is what a webhook is told.
func kindsWord(kinds []string) string {
	if len(kinds) == 0 {
		return "told everything"
	}
	return "told of " + strings.Join(kinds, ", ")
}

func switchWord(off bool) string {
	if off {
		return "Switch on"
	}
	return "Switch off"
}

func resultTone(ok bool) string {
	if ok {
		return "green"
	}
	return "red"
}
