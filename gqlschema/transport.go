package gqlschema

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/identity/session"
)

// The media types of an answer. Under the newer one a request that can't be run is a 4xx; under plain JSON it is a 200,
// since there clients can't tell an answer of ours from one of something in between.
const (
	mediaResponse = "application/graphql-response+json"
	mediaJSON     = "application/json"
)

const (
	mostBody   = 64 << 10 // bytes of a request
	mostErrors = 50       // of an answer: a failed read fails every field that needed it
)

// answer is what goes back. Data is absent, not null, where nothing was run.
type answer struct {
	Errors     gqlerror.List   `json:"errors,omitempty"`
	Data       json.RawMessage `json:"data,omitempty"`
	Extensions map[string]any  `json:"extensions,omitempty"`
}

// ServeHTTP takes POST alone, with a body that a form of another site can't send.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := graphql.StartOperationTrace(withRequestID(r.Context(), w))
	ctx = context.WithValue(ctx, addressKey{}, session.Peer(r))
	if h.Audit != nil {
		ctx = audit.Sealing(ctx, h.Audit.Keys())
	}
	media := accepted(r)
	w.Header().Set("Vary", "Accept")
	if media == "" {
		http.Error(w, "Accept "+mediaResponse+", "+mediaJSON+" or "+mediaStream+".", http.StatusNotAcceptable)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		h.refuse(ctx, w, media, http.StatusMethodNotAllowed, errs.E(errs.Invalid, "Send a POST."))
		return
	}
	if h.Policy != nil && !authz.From(ctx).Known() {
		w.Header().Set("WWW-Authenticate", `Bearer realm="weir"`)
		h.refuse(ctx, w, media, http.StatusUnauthorized, errs.E(errs.Unauthenticated, "Sign in first."))
		return
	}
	params, status, err := read(w, r)
	if err != nil {
		h.refuse(ctx, w, media, status, err)
		return
	}
	if media == mediaStream {
		h.stream(ctx, w, params)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	h.run(withLoaders(ctx, newLoaders(h.Options)), w, media, params)
}

// run checks the document and runs it.
func (h *handler) run(ctx context.Context, w http.ResponseWriter, media string, params *graphql.RawParams) {
	op, refused := h.exec.CreateOperationContext(ctx, params)
	if len(refused) == 0 && op.Operation.Operation == ast.Subscription {
		refused = gqlerror.List{gqlerror.Wrap(errs.Bad("Accept", "has to be "+mediaStream+" for a subscription."))}
	}
	if len(refused) > 0 {
		status := http.StatusOK
		if media == mediaResponse {
			status = http.StatusBadRequest
		}
		send(w, media, status, h.exec.DispatchError(graphql.WithOperationContext(ctx, op), refused))
		return
	}
	send(w, media, http.StatusOK, h.once(ctx, op))
}

// once runs what has one answer.
func (h *handler) once(ctx context.Context, op *graphql.OperationContext) *graphql.Response {
	responses, ctx := h.exec.DispatchOperation(ctx, op)
	if r := responses(ctx); r != nil {
		return r
	}
	return h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(errs.E(errs.Timeout, tooLate))}) // it was over before it began
}

// refuse answers a request that holds no document.
func (h *handler) refuse(ctx context.Context, w http.ResponseWriter, media string, status int, err error) {
	if media == mediaStream {
		media = mediaJSON
	}
	ctx = graphql.WithOperationContext(ctx, &graphql.OperationContext{})
	send(w, media, status, h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}))
}

// read reads the request; the status goes with the error.
func read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != mediaJSON || !utf8Charset(params["charset"]) {
		return nil, http.StatusUnsupportedMediaType, errs.Bad("Content-Type", "has to be application/json in UTF-8.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, http.StatusRequestEntityTooLarge, errs.Ef(errs.TooLarge, "The request is larger than %d bytes.", mostBody)
	case err != nil:
		return nil, http.StatusBadRequest, errs.Wrap(err, errs.Invalid, "The body ended early.")
	case bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")):
		return nil, http.StatusBadRequest, errs.E(errs.Invalid, "Send one operation at a time: batches are not answered.")
	}
	return parse(body)
}

func utf8Charset(name string) bool { return name == "" || strings.EqualFold(name, "utf-8") }

// parse reads the body. Unknown members are passed over, as the specification wants.
func parse(body []byte) (*graphql.RawParams, int, error) {
	var in struct {
		Query         *string         `json:"query"`
		OperationName *string         `json:"operationName"`
		Variables     *map[string]any `json:"variables"`
		Extensions    *map[string]any `json:"extensions"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&in); err != nil {
		return nil, http.StatusBadRequest, badBody(err)
	}
	if decoder.More() {
		return nil, http.StatusBadRequest, errs.E(errs.Invalid, "The body holds more than one JSON value.")
	}
	if or(in.Query, "") == "" {
		return nil, http.StatusBadRequest, errs.Bad("query", "is missing.")
	}
	return &graphql.RawParams{
		Query: *in.Query, OperationName: or(in.OperationName, ""), Variables: or(in.Variables, nil), Extensions: or(in.Extensions, nil),
	}, http.StatusOK, nil
}

// badBody names the member that has a wrong type.
func badBody(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return errs.Bad(wrong.Field, "has the wrong type.")
	}
	return errs.Wrap(err, errs.Invalid, "The body is not a JSON object.")
}

// accepted is the media type to answer in; "" if the client takes neither.
func accepted(r *http.Request) string {
	header := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(header) == "" {
		return mediaJSON
	}
	best, weight := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		media, q := mediaOf(part)
		if q > weight {
			best, weight = media, q
		}
	}
	return best
}

func answerOf(r *graphql.Response) answer {
	return answer{Errors: r.Errors[:min(mostErrors, len(r.Errors))], Data: r.Data, Extensions: r.Extensions}
}

func send(w http.ResponseWriter, media string, status int, r *graphql.Response) {
	body, err := json.Marshal(answerOf(r))
	if err != nil {
		slog.Error("a GraphQL answer can't be written", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media+"; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		slog.Debug("the client went away", "error", err)
	}
}
