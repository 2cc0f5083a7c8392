package notify

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
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

const maxHookBody = 64 << 10 // bytes, of what is sent and of an answer that is read

// event is the body of a Standard Webhook.
type event struct {
	Type      string    `json:"type"` // "notice." and the kind
	Timestamp time.Time `json:"timestamp"`
	Data      told      `json:"data"`
}

type told struct {
	Title  string `json:"title"`
	Text   string `json:"text"`
	URL    string `json:"url"`
	Urgent bool   `json:"urgent"`
}

// payload is what webhooks are told of a notice.
func (s *Service) payload(n Notice) ([]byte, error) {
	b, err := json.Marshal(event{
		Type: "notice." + string(n.Kind), Timestamp: n.At,
		Data: told{Title: n.Title, Text: n.Body, URL: s.Site + n.Link, Urgent: n.Urgent},
	})
	return b, errs.Wrap(err, errs.Internal, "A notice can't be written for webhooks.")
}

// post sends a delivery to its webhook.
func (s *Service) post(ctx context.Context, d delivery) error {
	h, err := hookAt(ctx, s.Store, d.Hook)
	if errs.Is(err, errs.NotFound) {
		return &trouble{why: "The webhook was removed.", final: true}
	}
	if err != nil {
		return err
	}
	if h.Disabled {
		return &trouble{why: "The webhook is switched off.", final: true}
	}
	return s.call(ctx, h, d.ID, d.Payload)
}

// call posts a body to a webhook, as its format wants it.
func (s *Service) call(ctx context.Context, h hook, id graph.ID, body []byte) error {
	if h.Format == Chat {
		var err error
		if body, err = chatText(body); err != nil {
			return &trouble{why: "The message can't be made into one for a chat.", cause: err, final: true}
		}
	}
	if len(body) > maxHookBody {
		return &trouble{why: "The message is too large for a webhook.", final: true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return &trouble{why: "The address is not right.", final: true}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "weir")
	if h.Format == Standard {
		if err := sign(req.Header, h.Secret, string(id), s.Now(), body); err != nil {
			return &trouble{why: "The webhook's secret can't be read.", cause: err, final: true}
		}
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return hookTrouble(err)
	}
	defer resp.Body.Close()
	// Read so that the connection can be used again. Where that fails the status has said all that counts.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxHookBody))
	if resp.StatusCode/100 == 2 {
		return nil
	}
	// 410 says never to come again.
	return &trouble{why: fmt.Sprintf("The webhook answers with status %d.", resp.StatusCode), final: resp.StatusCode == http.StatusGone}
}

// hookTrouble tells without the address, which may hold a secret, what went wrong, and whether the request may have arrived.
func hookTrouble(err error) error {
	var dial *net.OpError
	var late interface{ Timeout() bool }
	switch {
	case errors.Is(err, errPrivate):
		return &trouble{why: "The webhook's address leads to this machine or into a private network.", final: true}
	case errors.As(err, &dial) && dial.Op == "dial":
		return &trouble{why: "The webhook can't be reached."}
	case isTLS(err):
		return &trouble{why: "The webhook's certificate is not good."}
	case errors.As(err, &late) && late.Timeout():
		return &trouble{why: "The webhook does not answer in time.", doubt: true}
	}
	return &trouble{why: "The webhook does not answer.", doubt: true}
}

// sign adds the headers of Standard Webhooks. The id stays the same with each attempt; the time is the attempt's.
func sign(h http.Header, secret, id string, now time.Time, body []byte) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", stamp)
	h.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}

// chatText makes the message of a chat of an event.
func chatText(body []byte) ([]byte, error) {
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, err
	}
	text := e.Data.Title + "\n" + e.Data.Text + "\n" + e.Data.URL
	// As these chats want it: names must not become mentions or links.
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	return json.Marshal(map[string]string{"text": text})
}
