package link

import (
	"net/url"
	"strconv"
)

// AuditQuery is what the page of the log is filtered by. Empty fields don't filter.
type AuditQuery struct {
	Actor  string
	Action string
	Asset  string
	From   string // a day, 2006-01-02
	To     string // a day, included
	After  string
}

// URL is the address of the log under these filters.
func (q AuditQuery) URL() string {
	v := url.Values{}
	for name, value := range map[string]string{"actor": q.Actor, "action": q.Action, "asset": q.Asset, "from": q.From, "to": q.To, "after": q.After} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return withQuery("/audit", v)
}

// Audit is the log.
func Audit() string { return "/audit" }

// AuditEntry is the page of one entry by its number.
func AuditEntry(seq int64) string { return "/audit/entries/" + strconv.FormatInt(seq, 10) }

// AuditVerify is that page with its proof checked anew.
func AuditVerify(seq int64) string { return AuditEntry(seq) + "?verify=1" }

// AuditProof is the proof of an entry as a file.
func AuditProof(seq int64) string { return AuditEntry(seq) + ".tlog-proof" }

// AuditCheckpoints lists the signed checkpoints and where they were anchored.
func AuditCheckpoints() string { return "/audit/checkpoints" }

// AuditCheckpoint is the latest checkpoint as a signed note.
func AuditCheckpoint() string { return "/audit/checkpoint" }

// AuditExport takes the form that sends the whole log as a file.
func AuditExport() string { return "/audit/export" }
