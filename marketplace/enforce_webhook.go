package marketplace

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"weir/audit"
	"weir/errs"
)

// minSecret and maxSecret are how long the key of a webhook's signatures may be, in bytes, as Standard Webhooks has it.
const (
	minSecret = 24
	maxSecret = 64
)

// WebhookEnforcer posts each message as JSON to an address, signed as Standard Webhooks (standardwebhooks.com) says.
type WebhookEnforcer struct {
	url    string
	key    []byte
	now    func() time.Time
	client *http.Client
}

// NewWebhookEnforcer checks the address, https or http to the machine itself, and the secret, "whsec_" and 24 to 64 bytes
// in base64. It follows no redirects: they could lead to where an address may not.
func NewWebhookEnforcer(address, secret string) (*WebhookEnforcer, error) {
	if err := audit.CheckAddress(address); err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return nil, errs.Badf("secret", "has to be whsec_ and %d to %d bytes in base64.", minSecret, maxSecret)
	}
	return &WebhookEnforcer{url: address, key: key, now: time.Now, client: &http.Client{
		Timeout:       sendTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Enforce posts a message. It fails unless the answer is of the 200s.
func (e *WebhookEnforcer) Enforce(ctx context.Context, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "The message can't be written.")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return errs.Wrap(err, errs.Internal, "The message can't be sent.")
	}
	at := strconv.FormatInt(e.now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Webhook-Id", string(m.ID))
	req.Header.Set("Webhook-Timestamp", at)
	req.Header.Set("Webhook-Signature", "v1,"+e.sign(string(m.ID), at, body))
	resp, err := e.client.Do(req)
	if err != nil {
		return unreachable(err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return unreachable(err)
	}
	if resp.StatusCode/100 != 2 {
		return errs.E(errs.Unavailable, fmt.Sprintf("The system answered with status %d.", resp.StatusCode))
	}
	return nil
}

func (e *WebhookEnforcer) sign(id, at string, body []byte) string {
	h := hmac.New(sha256.New, e.key)
	_, _ = fmt.Fprintf(h, "%s.%s.%s", id, at, body) // a hash takes everything
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// unreachable is the error of a call that got no whole answer. The address may hold a secret, so it isn't named.
func unreachable(err error) error {
	if of := (*url.Error)(nil); errors.As(err, &of) {
		err = of.Err
	}
	return errs.Wrap(err, errs.Unavailable, "The system can't be reached.")
}
