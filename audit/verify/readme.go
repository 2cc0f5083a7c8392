package verify

import "strconv"

// The names of the files of a bundle. Those of parts end with the index of their first entry, those of checkpoints with
// their size, in twelve digits.
const (
	readmeName     = "README"
	keysName       = "keys"
	checkpointsDir = "checkpoints/"
	hashesDir      = "hashes/"
	leavesDir      = "leaves/"
	payloadsDir    = "payloads/"
	latestName     = "checkpoint"
)

// numbered is the name of a file of a folder.
func numbered(dir string, n int64) string {
	s := strconv.FormatInt(n, 10)
	for len(s) < 12 {
		s = "0" + s
	}
	return dir + s
}

// readme is the README of every bundle of this format. It does not change within a version of the format, so that it is
// checked like all the rest.
const readme = `An exported audit log, format weir-audit-bundle v1

Check all of it with one command, on a machine without network:

    weir-verify FILE.tar --key VERIFIER-KEY

It exits with 0 if all holds, with 1 and the first entry that does not if something was changed, and with 2 if it can't
read the file. Take the verifier key from somewhere else than from this file: from the operator in person, from a paper,
from an earlier audit. If you have a signed checkpoint from earlier, add --checkpoint FILE: then nobody can have rewritten what
came before it either. The sources of weir-verify are short and need nothing but Go and golang.org/x/mod.

What is in it

  keys           The verifier keys (golang.org/x/mod/sumdb/note) that were in force where the entries begin, with the size of
                 the log from which each signs and up to which, 0 if there is no end. Keys that came later are announced by
                 entries of the log (audit.key, audit.key_retire).
  checkpoints/N  Signed statements "the log has N entries, and their Merkle tree has this root" (C2SP tlog-checkpoint).
  hashes/I       The hashes of the entries from index I (the first entry has index 0), in hexadecimal, one a line.
  leaves/I       The entries themselves, one a line, canonical JSON (RFC 8785). They hold no personal data.
  payloads/I     What the entries changed, one payload a line: seq is the number of the entry (its index + 1), key and body are
                 explained below.
  checkpoint     The latest of the checkpoints.

How to check by hand

  1. An entry is what its hash says:  the SHA-256 of a zero byte followed by the line without its line end
         (printf '\0'; head -n 1 leaves/000000000000 | tr -d '\n') | sha256sum
     is the first line of hashes/000000000000.
  2. The hashes are what was signed:  the root of N hashes is made as in RFC 6962, section 2.1: split them at the largest power
     of two below N, and take the SHA-256 of a byte 1, the root of the left part and the root of the right part; the root
     of one hash is that hash. In base64 it is the third line of checkpoints/N.
  3. The checkpoint was signed by the key:  the signature is Ed25519 over its first three lines with their line ends
     (C2SP signed-note).
  4. A payload is what its entry committed to:  the HMAC-SHA-256 of the text behind "body": (without the last brace) under
     the key in "key" is the value of the field "c" of the entry.
  5. What is missing was taken out by the rules:  for each payload that is missing there is a later entry audit.erase (the data
     of that subject was erased on request), audit.redact or audit.prune; for entries missing at the beginning an entry
     audit.prune. The hashes stay, so that all of the above can still be checked.

What it proves, and what not

It proves that these are the entries which the holder of the key signed, in that order, none changed, added or left out. Who
holds both the database and the key can write another history and sign it; he is found out by whoever has a checkpoint of
the first one. That is why checkpoints are sent out of the house: keep the one that you get here for the next audit.
`
