package verify

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileWidth  = 256 // hashes in a tile, and entries in a bundle of entries
	maxTile    = tileWidth * tlog.HashSize
	maxEntries = tileWidth * (maxLeaf + 2)
)

// errGone says that a server does not have something.
var errGone = errors.New("the server does not have it")

// Source answers for the files of a log under /audit/: "checkpoint", "tile/0/000", "tile/entries/000.p/7". What it does not
// have is errGone; larger answers than most bytes are refused.
type source func(ctx context.Context, path string, most int) ([]byte, error)

// Live checks the log of a running server from its first entry to its last: the latest checkpoint, all tiles of hashes and all
// entries, as C2SP tlog-tiles. Payloads are not served and so not checked. url is where the server answers; token, if not
// empty, that of an auditor. The key has to be given.
func Live(ctx context.Context, client *http.Client, url, token string, o Options) (Result, error) {
	if o.Key == "" {
		return Result{What: "log", Broken: -1}, errNoKey
	}
	w, err := newWalk("log", o)
	if err == nil {
		w.bare, w.keys.alone = true, true
		err = w.begins([]Span{{Key: o.Key}})
	}
	if err == nil {
		err = w.live(ctx, web(client, url, token))
		w.result.Size = w.tree.size
	}
	return settle(w.result, err)
}

// web is the log of a server.
func web(client *http.Client, url, token string) source {
	base := strings.TrimSuffix(strings.TrimSuffix(url, "/"), "/audit") + "/audit/"
	return func(ctx context.Context, path string, most int) (body []byte, err error) {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
		if err != nil {
			return nil, err
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		res, err := client.Do(req)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, res.Body.Close()) }()
		switch res.StatusCode {
		case http.StatusOK:
		case http.StatusNotFound, http.StatusGone:
			return nil, errGone
		case http.StatusUnauthorized, http.StatusForbidden:
			return nil, fmt.Errorf("%s%s: the server wants the token of an auditor in WEIR_TOKEN", base, path)
		default:
			return nil, fmt.Errorf("%s%s: the server answers %s", base, path, res.Status)
		}
		body, err = io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
		if err == nil && len(body) > most {
			err = problem(-1, TooLarge, "%s is larger than it may be", path)
		}
		return body, err
	}
}

// live walks through a log by its tiles.
func (w *walk) live(ctx context.Context, from source) error {
	note, err := from(ctx, "checkpoint", maxNote)
	if errors.Is(err, errGone) {
		return errors.New("there is no log, or nothing of it was signed yet")
	}
	if err != nil {
		return err
	}
	if err := w.checkpoint(note); err != nil {
		return err
	}
	for size := w.pending[0].size; w.tree.size < size; {
		if err := w.tile(ctx, from, min(tileWidth, size-w.tree.size)); err != nil {
			return err
		}
	}
	w.notice("payloads are not part of this check: an exported bundle holds them")
	return w.finish()
}

// tile takes the next so many hashes and their entries.
func (w *walk) tile(ctx context.Context, from source, width int64) error {
	n := w.tree.size / tileWidth
	raw, err := from(ctx, "tile/0/"+tilePath(n, width), maxTile)
	switch {
	case errors.Is(err, errGone):
		return problem(w.tree.size, BadHash, "its hash is missing")
	case err != nil:
		return err
	case len(raw) != int(width)*tlog.HashSize:
		return problem(w.tree.size, BadHash, "its tile has %d bytes instead of %d", len(raw), width*tlog.HashSize)
	}
	hashes := make([]tlog.Hash, width)
	for i := range hashes {
		copy(hashes[i][:], raw[i*tlog.HashSize:])
	}
	if err := w.part(hashes); err != nil {
		return err
	}
	raw, err = from(ctx, "tile/entries/"+tilePath(n, width), maxEntries)
	if errors.Is(err, errGone) {
		return w.ends(true)
	}
	if err != nil {
		return err
	}
	texts, err := w.unpack(raw)
	if err != nil {
		return err
	}
	if err := w.entries(texts); err != nil {
		return err
	}
	return w.ends(false)
}

// unpack reads a bundle of entries: each has its length before it, in two bytes.
func (w *walk) unpack(raw []byte) ([][]byte, error) {
	var texts [][]byte
	for len(raw) > 0 {
		if len(raw) < 2 || len(raw)-2 < int(binary.BigEndian.Uint16(raw)) {
			return nil, problem(w.begin+int64(len(texts)), BadLeaf, "it is cut")
		}
		n := int(binary.BigEndian.Uint16(raw))
		texts = append(texts, raw[2:2+n])
		raw = raw[2+n:]
	}
	return texts, nil
}

// tilePath is where a tile lies: its number in groups of three digits, and its width if it is not full.
func tilePath(n, width int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	if width < tileWidth {
		path += ".p/" + strconv.FormatInt(width, 10)
	}
	return path
}
