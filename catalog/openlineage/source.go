package openlineage

import (
	"regexp"
	"strings"
)

// What makes a segment of a producer's URI a version. A bare number counts only after a word that says so, as "v2" may
// be the second generation of an interface.
var (
	version       = regexp.MustCompile(`(?i)^v?\d+([._-]\d+)+` + versionTail + `$`)
	versionSuffix = regexp.MustCompile(`(?i)[@_-]v?\d+(\.\d+)+` + versionTail + `$`)
	revision      = regexp.MustCompile(`(?i)^(v?\d+` + versionTail + `|[0-9a-f]{7,40})$`)
	commit        = regexp.MustCompile(`(?i)^[0-9a-f]{40}$`)
	versionParam  = regexp.MustCompile(`(?i)^(v|ver|version|tag|rev|commit|build)=`)
)

// versionTail is what may follow the numbers: -SNAPSHOT, rc1, .dev3, +build.7, -20260101.
const versionTail = `([._+-]?(snapshot|rc|alpha|beta|dev|post|final|release|ga|a|b|m|pre|preview|nightly|incubating)[._-]?[0-9a-z.]*)?(\+[0-9a-z.-]+|-g?[0-9a-f]{6,40}|-\d+)?`

// SourceURI is a producer's URI without its version, so that each version of a client is the same source:
// …/tree/1.27.0/client/python is …/tree/client/python. A name that is no URI is taken the same way.
func SourceURI(producer string) string {
	rest, fragment, hasFragment := strings.Cut(producer, "#")
	rest, query, _ := strings.Cut(rest, "?")
	scheme, path, hasScheme := strings.Cut(rest, "://")
	if !hasScheme {
		scheme, path = "", rest
	}
	var b strings.Builder
	b.WriteString(scheme)
	if hasScheme {
		b.WriteString("://")
	}
	b.WriteString(withoutVersions(path, hasScheme))
	separator := "?"
	for param := range strings.SplitSeq(query, "&") {
		if param != "" && !versionParam.MatchString(param) {
			b.WriteString(separator + param)
			separator = "&"
		}
	}
	if hasFragment && fragment != "" && !version.MatchString(fragment) {
		b.WriteString("#" + fragment)
	}
	return b.String()
}

// withoutVersions leaves out segments that are versions. The host of a URI stays, were it an address of numbers.
func withoutVersions(path string, hasHost bool) string {
	segments := strings.Split(strings.TrimRight(path, "/"), "/")
	kept := segments[:0]
	former := ""
	for i, segment := range segments {
		isHost := i == 0 && hasHost
		if !isHost && isVersion(segment, former) {
			former = segment
			continue
		}
		former = segment
		if !isHost {
			segment = versionSuffix.ReplaceAllString(segment, "")
		}
		kept = append(kept, segment)
	}
	return strings.Join(kept, "/")
}

func isVersion(segment, former string) bool {
	if version.MatchString(segment) || commit.MatchString(segment) {
		return true
	}
	switch strings.ToLower(former) {
	case "tree", "blob", "tag", "tags", "version", "versions", "release", "releases", "commit", "raw":
		return revision.MatchString(segment)
	}
	return false
}
