package oidc

import (
	"io"
	"net/http"
)

// mostAnswer is how many bytes of an answer of the provider are read.
const mostAnswer = 1 << 20

// limited reads no more of an answer than fits: what is cut can't be parsed.
type limited struct{ http.RoundTripper }

// RoundTrip answers as the transport below does.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = body{io.LimitReader(resp.Body, mostAnswer), resp.Body}
	return resp, nil
}

type body struct {
	io.Reader
	io.Closer
}
