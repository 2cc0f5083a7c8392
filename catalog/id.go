package catalog

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"

	"weir/graph"
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// idLen is the number of base32 characters after the prefix: 130 bits of the hash.
const idLen = 26

// NewID computes an id: prefix, "_", and the first 26 characters of the lower-case unpadded RFC 4648 base32 of the
// SHA-256 over each part's length (uint32, big-endian) and bytes. The same thing so gets the same id from every source,
// in every order. Parts are not normalised in any way.
func NewID(prefix string, parts ...string) graph.ID {
	h := sha256.New()
	var n [4]byte
	for _, p := range parts {
		binary.BigEndian.PutUint32(n[:], uint32(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return graph.ID(prefix + "_" + base32Lower.EncodeToString(h.Sum(nil))[:idLen])
}

// DatasetID is the id of a dataset.
func DatasetID(namespace, name string) graph.ID { return NewID("ds", namespace, name) }

// ColumnID is the id of a column; path is its name, with the names of the columns around it before, joined by dots.
func ColumnID(dataset graph.ID, path string) graph.ID { return NewID("col", string(dataset), path) }

// TransformID is the id of a transform, which OpenLineage calls a job.
func TransformID(namespace, name string) graph.ID { return NewID("tf", namespace, name) }

// RunID is the id of a run of a job.
func RunID(namespace, name, runUUID string) graph.ID { return NewID("run", namespace, name, runUUID) }

// ConsumerID is the id of a dashboard, report, model, agent or application.
func ConsumerID(namespace, name string) graph.ID { return NewID("con", namespace, name) }

// DomainID is the id of a domain.
func DomainID(name string) graph.ID { return NewID("dom", name) }

// TagID is the id of a tag.
func TagID(name string) graph.ID { return NewID("tag", name) }

// ClassID is the id of a data class, such as pii.
func ClassID(name string) graph.ID { return NewID("cls", name) }

// OwnerID is the id of an owner.
func OwnerID(name string) graph.ID { return NewID("own", name) }

// SourceID is the id of a source: who reports, and with which client.
func SourceID(account, producer string) graph.ID { return NewID("src", account, producer) }
