package catalog

import (
	"encoding/json"

	"github.com/klauspost/compress/zstd"

	"weir/errs"
	"weir/graph"
)

// maxBody is how large a compressed body may become again.
const maxBody = 64 << 20

// EncodeAll and DecodeAll may be called by many goroutines at once.
var (
	packer   = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(256<<10)))
	unpacker = must(zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxBody), zstd.WithDecoderConcurrency(2)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options are constants
	}
	return v
}

// unpack reads the stored form of a statement's body: zstd of JSON.
func unpack[T any](b []byte) (T, error) {
	var out T
	raw, err := unpacker.DecodeAll(b, nil)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	return out, errs.Wrap(err, errs.Internal, "A statement can't be read.")
}

// NewDocument makes a document of a body. Its id follows from media type and content, so the same body is kept once.
func NewDocument(media string, body []byte) Document {
	return Document{ID: NewID(DocType.Spec.Prefix, media, string(body)), Media: media, Size: len(body), Body: packer.EncodeAll(body, nil)}
}

// Text returns the body of a document, decompressed.
func (d Document) Text() ([]byte, error) {
	b, err := unpacker.DecodeAll(d.Body, nil)
	return b, errs.Wrap(err, errs.Internal, "A document can't be read.")
}

func ids(ss []string) []graph.ID {
	out := make([]graph.ID, len(ss))
	for i, s := range ss {
		out[i] = graph.ID(s)
	}
	return out
}
