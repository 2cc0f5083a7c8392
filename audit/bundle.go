package audit

import (
	"context"
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
)

// TilePath names a tile or a bundle of entries as C2SP tlog-tiles does.
type TilePath struct {
	Entries bool
	Level   int   // of a tile
	N       int64 // which one of its level
	Width   int   // hashes or entries; TileWidth for a full one
}

var (
	tileLevel = regexp.MustCompile(`^(entries|[0-9]|[1-5][0-9]|6[0-3])$`)
	tileIndex = regexp.MustCompile(`^((x[0-9]{3}/){0,5}[0-9]{3})(\.p/([1-9][0-9]{0,2}))?$`)
)

// ParseTilePath reads what follows "/audit/tile/" in an address: "<L>/<N>[.p/W]" or "entries/<N>[.p/W]". NotFound for
// anything else, and for another spelling of the same.
func ParseTilePath(path string) (TilePath, error) {
	missing := errs.E(errs.NotFound, "There is no such tile.")
	level, rest, _ := strings.Cut(path, "/")
	m := tileIndex.FindStringSubmatch(rest)
	if !tileLevel.MatchString(level) || m == nil {
		return TilePath{}, missing
	}
	p := TilePath{Entries: level == "entries", Width: TileWidth}
	var err error
	if !p.Entries {
		if p.Level, err = strconv.Atoi(level); err != nil {
			return TilePath{}, missing
		}
	}
	if p.N, err = strconv.ParseInt(strings.NewReplacer("x", "", "/", "").Replace(m[1]), 10, 64); err != nil {
		return TilePath{}, missing
	}
	if m[4] != "" {
		if p.Width, err = strconv.Atoi(m[4]); err != nil || p.Width >= TileWidth {
			return TilePath{}, missing
		}
	}
	if p.String() != path {
		return TilePath{}, missing
	}
	return p, nil
}

// String is the path, without what comes before "<L>" or "entries".
func (p TilePath) String() string {
	t := tlog.Tile{H: tileHeight, L: p.Level, N: p.N, W: p.Width}
	path := strings.TrimPrefix(t.Path(), "tile/8/")
	if p.Entries {
		path = "entries" + strings.TrimPrefix(path, strconv.Itoa(p.Level))
	}
	return path
}

// Read returns the bytes that the path names. Errors: as Tile and Entries.
func (l *Log) Read(ctx context.Context, p TilePath) ([]byte, error) {
	if p.Entries {
		return l.Entries(ctx, p.N, p.Width)
	}
	return l.Tile(ctx, p.Level, p.N, p.Width)
}

// Tile returns the first width hashes of a tile of the sealed tree, one after another. NotFound beyond it.
func (l *Log) Tile(ctx context.Context, level int, n int64, width int) ([]byte, error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return nil, err
	}
	if level < 0 || level > 7 || !within(at.Size>>(tileHeight*level), n, width) { // a higher tile needs more than 2^63 entries
		return nil, errs.E(errs.NotFound, "There is no such tile.")
	}
	p := place{level, n}
	found, err := tiles{ctx: ctx, r: l.store}.read([]place{p})
	if err != nil {
		return nil, err
	}
	if len(found[p]) < width*tlog.HashSize {
		return nil, errs.Ef(errs.Internal, "The tree of the log is damaged: tile %d/%d is too short.", level, n)
	}
	return found[p][:width*tlog.HashSize], nil
}

// within tells whether a tile of n and width lies in the first count hashes of its level.
func within(count, n int64, width int) bool {
	return n >= 0 && n <= count/TileWidth && width >= 1 && width <= TileWidth && n*TileWidth+int64(width) <= count
}

// Entries returns the first width leaves of a bundle of the sealed tree, each after its length in two bytes. NotFound beyond it and
// for entries that were pruned.
func (l *Log) Entries(ctx context.Context, n int64, width int) ([]byte, error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return nil, err
	}
	if !within(at.Size, n, width) || n*TileWidth < at.MinIndex {
		return nil, errs.E(errs.NotFound, "There are no such entries.")
	}
	leaves, err := Leaves(ctx, l.store, n*TileWidth, width)
	if err != nil {
		return nil, err
	}
	var b []byte
	for i, leaf := range leaves {
		if leaf.Seq != n*TileWidth+int64(i)+1 {
			break
		}
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(leaf.Bytes))), leaf.Bytes...) // #nosec G115 -- at most MaxLeaf
		width--
	}
	if width != 0 {
		return nil, errs.E(errs.Internal, "Entries of the log are missing.")
	}
	return b, nil
}
