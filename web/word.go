package web

import "strings"

// classWord is a data class as people write it.
func classWord(class string) string {
	if classRank(class) < len(usualClasses) {
		return strings.ToUpper(class)
	}
	return class
}
