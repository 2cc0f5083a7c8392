package gqlschema

import (
	"mime"
	"strconv"
)

// mediaOf is the media type of ours that a part of an Accept header takes, and how much it is wanted, from 0 to 1; no
// weight for anything else.
func mediaOf(part string) (string, float64) {
	media, params, err := mime.ParseMediaType(part)
	if err != nil || !utf8Charset(params["charset"]) {
		return "", 0
	}
	q := 1.0
	if text, ok := params["q"]; ok {
		if q, err = strconv.ParseFloat(text, 64); err != nil {
			return "", 0
		}
	}
	switch media {
	case mediaResponse, mediaJSON, mediaStream:
		return media, q
	case "application/*", "*/*":
		return mediaJSON, q
	}
	return "", 0
}
