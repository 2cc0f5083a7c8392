package web_test

import "strings"

// kindOf is an address without what names a single thing.
func kindOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.Contains(p, "~") || strings.Contains(p, "_") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}
