package lineage

import "unicode"

// Widths of Inter's printable ASCII letters, in hundredths of the font size, measured in a browser. The server lays
// the picture out, so it has to know where a name ends.
var (
	regular = [95]uint8{28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 63, 41, 61, 62, 65, 59, 62, 57, 62, 62, 29, 30, 66, 66, 66, 51, 97, 69, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 69, 99, 68, 68, 63, 36, 36, 36, 47, 46, 32, 56, 61, 57, 61, 58, 37, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53, 33, 59, 56, 82, 55, 56, 55, 43, 33, 43, 66}
	bold    = [95]uint8{25, 32, 52, 64, 65, 100, 66, 33, 37, 37, 54, 67, 32, 47, 32, 38, 66, 42, 62, 64, 67, 61, 64, 58, 64, 64, 32, 33, 67, 67, 67, 54, 100, 73, 66, 74, 72, 61, 59, 75, 75, 28, 58, 70, 57, 92, 76, 77, 65, 77, 65, 65, 66, 74, 73, 102, 72, 71, 65, 37, 38, 37, 48, 47, 35, 57, 62, 58, 62, 59, 39, 63, 61, 26, 26, 57, 26, 90, 61, 61, 62, 62, 40, 55, 35, 61, 59, 84, 57, 59, 57, 45, 36, 45, 67}
)

// wide is what any other letter is taken to be, emoji and ideographs included: rather too wide than cut by an edge.
const wide = 100

// Width is the width in pixels of a text set in Inter at the size in pixels; strong means weight 500 and above.
func Width(text string, size float64, strong bool) float64 {
	table := &regular
	if strong {
		table = &bold
	}
	sum := 0
	for _, r := range text {
		sum += advance(table, r)
	}
	return float64(sum) * size / 100
}

func advance(table *[95]uint8, r rune) int {
	switch {
	case r >= ' ' && r <= '~':
		return int(table[r-' '])
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case r < 0x250:
		return 70
	}
	return wide
}

// Fit cuts a text in its middle until it is no wider than room pixels: both ends of a name tell things apart.
func Fit(text string, room, size float64, strong bool) string {
	if Width(text, size, strong) <= room {
		return text
	}
	runes := []rune(text)
	// A name can be thousands of letters long; no more than these could ever fit.
	if most := int(room) + 1; len(runes) > 2*most {
		runes = append(runes[:most:most], runes[len(runes)-most:]...)
	}
	for keep := len(runes) - 1; keep > 1; keep-- {
		head := (keep + 1) / 2
		cut := string(runes[:head]) + "…" + string(runes[len(runes)-(keep-head):])
		if Width(cut, size, strong) <= room {
			return cut
		}
	}
	return "…"
}
