package static

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

var icons = mustIcons(files)

// Icon returns the inner markup of a lucide icon drawn on a 24 by 24 grid: trusted, made of shapes only.
// It panics for a name that is not vendored; static/icon/icons.txt lists the names.
func Icon(name string) string {
	shapes, ok := icons[name]
	if !ok {
		panic("static: no icon " + name)
	}
	return shapes
}

// HasIcon says whether Icon knows the name.
func HasIcon(name string) bool {
	_, ok := icons[name]
	return ok
}

func mustIcons(tree fs.FS) map[string]string {
	found, err := readIcons(tree)
	if err != nil {
		panic(err)
	}
	return found
}

func readIcons(tree fs.FS) (map[string]string, error) {
	names, err := fs.Glob(tree, "icon/*.svg")
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	found := make(map[string]string, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
		shapes, err := innerShapes(string(text))
		if err != nil {
			return nil, fmt.Errorf("static: %s: %w", name, err)
		}
		found[strings.TrimSuffix(path.Base(name), ".svg")] = shapes
	}
	return found, nil
}

// innerShapes cuts the <svg> element off, since the page's own element carries size, class and stroke.
func innerShapes(svg string) (string, error) {
	start := strings.Index(svg, "<svg")
	if start < 0 {
		return "", fmt.Errorf("no svg element")
	}
	_, rest, open := strings.Cut(svg[start:], ">")
	body, _, closed := strings.Cut(rest, "</svg>")
	if !open || !closed {
		return "", fmt.Errorf("svg element is not closed")
	}
	return strings.Join(strings.Fields(body), " "), nil
}
