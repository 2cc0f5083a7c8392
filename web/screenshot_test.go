package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// shots are the pictures for the documentation: each page by day on a wide screen, a few by night and on a phone.
var shots = []struct {
	file, page, theme string
	width, height     int64
}{
	{"home", "home", "light", 1440, 1080}, {"search", "search", "light", 1440, 1080}, {"nothing-found", "nothing-found", "light", 1440, 760},
	{"dataset", "dataset", "light", 1440, 1180}, {"columns", "columns", "light", 1440, 960}, {"dataset-lineage", "lineage-tab", "light", 1440, 1000},
	{"runs", "runs", "light", 1440, 760}, {"activity", "activity", "light", 1440, 900}, {"edit", "edit", "light", 1440, 1260},
	{"column", "column", "light", 1440, 760}, {"transform", "transform", "light", 1440, 1200}, {"consumer", "consumer", "light", 1440, 860},
	{"run", "run", "light", 1440, 860}, {"domains", "domains", "light", 1440, 640}, {"domain", "domain", "light", 1440, 960},
	{"lineage-start", "lineage-start", "light", 1440, 760}, {"lineage", "lineage", "light", 1440, 1000},
	{"lineage-columns", "lineage-columns", "light", 1440, 1000}, {"lineage-table", "lineage-table", "light", 1440, 1000},
	{"versions", "versions", "light", 1440, 420}, {"impact", "impact", "light", 1440, 1000}, {"path", "path", "light", 1440, 900},
	{"missing", "missing", "light", 1440, 700},
	{"home-dark", "home", "dark", 1440, 1080}, {"dataset-dark", "dataset", "dark", 1440, 1180}, {"lineage-dark", "lineage", "dark", 1440, 1000},
	{"home-phone", "home", "light", 390, 844}, {"dataset-phone", "dataset", "light", 390, 844}, {"lineage-phone", "lineage", "light", 390, 844},
	{"search-phone-dark", "search", "dark", 390, 844},
}

// TestScreenshots writes the pictures of the documentation to the folder that WEIR_SCREENSHOTS names.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("WEIR_SCREENSHOTS")
	if dir == "" {
		t.Skip("WEIR_SCREENSHOTS names no folder to write screenshots to")
	}
	ctx, _ := browser(t)
	_, server, pages := companySite(t)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, s := range shots {
		do(t, ctx, append(screen(s.width, s.theme), chromedp.EmulateViewport(s.width, s.height), chromedp.Navigate(server.URL+pages[s.page]))...)
		holds(t, ctx, `document.fonts.status === "loaded" && !document.querySelector("#time-bar[hx-get]")`)
		raw, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		small, err := withPalette(raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.file+".png"), small, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// withPalette writes a PNG with at most 256 colours, which takes a third of the room.
func withPalette(raw []byte) ([]byte, error) {
	from, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	counts := map[color.RGBA]int{}
	eachPixel(from, func(_, _ int, c color.RGBA) { counts[c]++ })
	palette := distinct(slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int { return counts[b] - counts[a] }))
	to := image.NewPaletted(from.Bounds(), palette)
	index := map[color.RGBA]uint8{}
	eachPixel(from, func(x, y int, c color.RGBA) {
		i, ok := index[c]
		if !ok {
			i = uint8(palette.Index(c))
			index[c] = i
		}
		to.SetColorIndex(x, y, i)
	})
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
	return out.Bytes(), err
}

// distinct are the most frequent colours that differ visibly: a small green dot counts more than one more grey.
func distinct(frequent []color.RGBA) color.Palette {
	const near = 18
	var out color.Palette
	for _, c := range frequent {
		close := slices.ContainsFunc(out, func(have color.Color) bool {
			h := have.(color.RGBA)
			return gap(h.R, c.R)+gap(h.G, c.G)+gap(h.B, c.B) < near
		})
		if !close {
			out = append(out, c)
		}
		if len(out) == 256 {
			break
		}
	}
	return out
}

func gap(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func eachPixel(m image.Image, do func(x, y int, c color.RGBA)) {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := m.At(x, y).RGBA()
			do(x, y, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(bl >> 8), 255})
		}
	}
}
