// Package static holds the files that pages load: style sheets, scripts, the font and the icons.
//
// Each file is served under a name that carries a hash of its content, so that a browser may keep it for ever
// and a new version is a new address. The third-party files are fetched by .ci/vendor; their licences lie in
// vendor/licences and are served beside them.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

// Prefix is the path below which Handler serves.
const Prefix = "/static/"

//go:embed css js img vendor icon
var files embed.FS

var assets = mustLoad(files)

// asset is one file as it is served.
type asset struct {
	url         string
	contentType string
	body        []byte
	zipped      lazyGzip
}

// registry finds assets by their short name ("app.css") and by their hashed address.
type registry struct {
	byName map[string]*asset
	byURL  map[string]*asset
}

// URL returns the content-hashed path of the file with the short name, such as "app.css" or "lineage.js".
// It panics for a name that is not embedded: that is a mistake in the program, never in its input.
func URL(name string) string {
	a, ok := assets.byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return a.url
}

// Names lists the short names of all files, in no particular order.
func Names() []string {
	names := make([]string, 0, len(assets.byName))
	for name := range assets.byName {
		names = append(names, name)
	}
	return names
}

// Read returns the content of the file with the short name, as it is served uncompressed.
func Read(name string) ([]byte, error) {
	a, ok := assets.byName[name]
	if !ok {
		return nil, fmt.Errorf("static: %s: %w", name, fs.ErrNotExist)
	}
	return bytes.Clone(a.body), nil
}

// mustLoad builds the registry. It panics where the embedded tree is broken, which only a faulty build can cause.
func mustLoad(tree fs.FS) *registry {
	r, err := load(tree)
	if err != nil {
		panic(err)
	}
	return r
}

// load reads fonts first: style sheets name them, so their hashes must be known before the sheets are hashed.
func load(tree fs.FS) (*registry, error) {
	r := &registry{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	patterns := []string{"vendor/*.woff2", "vendor/*.css", "vendor/*.js", "vendor/licences/*.txt", "css/*.css", "js/*.js", "img/*.svg"}
	for _, pattern := range patterns {
		names, err := fs.Glob(tree, pattern)
		if err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
		for _, name := range names {
			if err := r.add(tree, name); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

func (r *registry) add(tree fs.FS, name string) error {
	body, err := fs.ReadFile(tree, name)
	if err != nil {
		return fmt.Errorf("static: %w", err)
	}
	short := path.Base(name)
	if _, taken := r.byName[short]; taken {
		return fmt.Errorf("static: two files are named %s", short)
	}
	if path.Ext(short) == ".css" {
		body = r.rewriteURLs(body)
	}
	a := &asset{url: hashedPath(short, body), contentType: contentType(short), body: body}
	r.byName[short], r.byURL[a.url] = a, a
	return nil
}

// rewriteURLs points url("font.woff2") at the hashed address of that font.
func (r *registry) rewriteURLs(sheet []byte) []byte {
	text := string(sheet)
	for name, a := range r.byName {
		if path.Ext(name) == ".woff2" {
			text = strings.ReplaceAll(text, `url("`+name+`")`, `url("`+a.url+`")`)
		}
	}
	return []byte(text)
}

// hashedPath puts the first 8 hex digits of the SHA-256 before the extension.
func hashedPath(short string, body []byte) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(short)
	return Prefix + strings.TrimSuffix(short, ext) + "." + hex.EncodeToString(sum[:4]) + ext
}

func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}
