package audit

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"weir/errs"
)

// AnchorWebhook posts each checkpoint to an address, as text/plain.
type AnchorWebhook struct {
	url    string
	client *http.Client
}

// NewAnchorWebhook checks the address: https, or http to the machine itself. A nil client is one that follows no redirects.
func NewAnchorWebhook(address string, client *http.Client) (*AnchorWebhook, error) {
	if err := CheckAddress(address); err != nil {
		return nil, err
	}
	return &AnchorWebhook{address, clientOr(client)}, nil
}

// Name is "webhook".
func (*AnchorWebhook) Name() string { return "webhook" }

// Send posts the note. It fails unless the answer is of the 200s.
func (a *AnchorWebhook) Send(ctx context.Context, c Checkpoint, _ Prover) (string, error) {
	status, _, err := post(ctx, a.client, a.url, c.Note)
	if err == nil && status/100 != 2 {
		err = fmt.Errorf("the webhook answers with status %d", status)
	}
	return "", err
}

// CheckAddress demands an address to which something can be sent without being read or changed on the way: https, or http to
// this machine, without credentials in it. Errors: Invalid for "url".
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return errs.Bad("url", "is not an address.")
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		return errs.Bad("url", "must begin with https://, or http:// to this machine.")
	}
	return nil
}

// clientOr is the given client, or one that follows no redirects: they could lead to where CheckAddress forbids.
func clientOr(c *http.Client) *http.Client {
	if c != nil {
		return c
	}
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// longestAnswer is how much of an answer is read, in bytes.
const longestAnswer = 64 << 10

// post sends a text and returns status and body of the answer.
func post(ctx context.Context, client *http.Client, address, text string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(text))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, longestAnswer))
	if closing := resp.Body.Close(); err == nil {
		err = closing
	}
	return resp.StatusCode, string(b), err
}
