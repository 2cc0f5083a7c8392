package gqlschema

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"weir/authz"
	"weir/errs"
)

// mediaStream is server-sent events: one connection for each operation, as graphql-sse calls it.
const mediaStream = "text/event-stream"

const (
	streamsEach = 5   // at one time, of one person and his agents, or of one account
	streamsAll  = 200 // at one time
	streamBeat  = 10 * time.Second
	streamTake  = 10 * time.Second // how long a client may take to take an event
	streamCheck = 400 * time.Millisecond
)

// streams counts who follows something.
type streams struct {
	mu  sync.Mutex
	of  map[string]int
	all int
}

// enter takes a place; leave gives it back. Errors: TooMany if there is none.
func (s *streams) enter(who string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who] >= streamsEach || s.all >= streamsAll {
		return nil, &errs.Error{Kind: errs.TooMany, Message: "There are too many streams at one time. End another one first.", RetryAfter: streamBeat}
	}
	if s.of == nil {
		s.of = map[string]int{}
	}
	s.of[who]++
	s.all++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.of[who]--; s.of[who] == 0 {
			delete(s.of, who)
		}
	}, nil
}

// behind is whose streams count together: of an agent those of the person behind it, who may have any number of agents.
func behind(who authz.Principal) string {
	if who.Owner != nil && who.Type == authz.Agent {
		return who.Owner.ID
	}
	return who.ID
}

// ending is why a stream ends, told by who feeds it.
type ending struct {
	mu  sync.Mutex
	err error
}

type endingKey struct{}

// end ends the stream that ctx is about.
func end(ctx context.Context, err error) {
	if e, ok := ctx.Value(endingKey{}).(*ending); ok {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.err = err
	}
}

func (e *ending) why() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// final tells whether trying again won't help; only then a client is told that the stream is complete.
func final(err error) bool {
	switch errs.KindOf(err) {
	case errs.Unauthenticated, errs.Forbidden, errs.Invalid, errs.NotFound:
		return true
	}
	return false
}

// stream answers an operation in events: each answer is "next", and "complete" is the last one.
func (h *handler) stream(ctx context.Context, w http.ResponseWriter, params *graphql.RawParams) {
	out := &events{w: w, to: http.NewResponseController(w)}
	op, refused := h.exec.CreateOperationContext(ctx, params)
	if len(refused) > 0 {
		out.last(h.exec.DispatchError(graphql.WithOperationContext(ctx, op), refused))
		return
	}
	if op.Operation.Operation != ast.Subscription {
		ctx, cancel := context.WithTimeout(ctx, h.Timeout)
		defer cancel()
		out.last(h.once(withLoaders(ctx, newLoaders(h.Options)), op))
		return
	}
	leave, err := h.streams.enter(behind(authz.From(ctx)))
	if err != nil {
		out.last(h.exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{gqlerror.Wrap(err)}))
		return
	}
	defer leave()
	why := &ending{}
	ctx, cancel := context.WithCancel(context.WithValue(ctx, endingKey{}, why))
	defer cancel()
	responses, ctx := h.exec.DispatchOperation(withLoaders(ctx, newLoaders(h.Options)), op)
	ended, err := h.follow(ctx, out, h.produce(ctx, responses))
	if err != nil {
		end(ctx, err)
	}
	switch err := why.why(); {
	case err != nil && final(err):
		out.last(h.exec.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(err)}))
	case err == nil && ended && ctx.Err() == nil:
		out.write(complete)
	}
}

// produce makes the answers of a subscription, each when the one before was taken. They are rendered here: the memory of
// an answer is used again for the next one.
func (h *handler) produce(ctx context.Context, responses graphql.ResponseHandler) <-chan []byte {
	made := make(chan []byte)
	go func() {
		defer close(made)
		for {
			r := responses(withLoaders(ctx, newLoaders(h.Options)))
			if r == nil {
				return
			}
			body, err := json.Marshal(answerOf(r))
			if err != nil {
				end(ctx, errs.Wrap(err, errs.Internal, ""))
				return
			}
			select {
			case made <- body:
			case <-ctx.Done():
				return
			}
		}
	}()
	return made
}

// follow hands answers on until there are no more, which is ended, the client is gone, or may no longer have them, which
// is the error.
func (h *handler) follow(ctx context.Context, out *events, made <-chan []byte) (ended bool, err error) {
	out.begin()
	beat, check := time.NewTicker(h.beat), time.NewTicker(streamCheck)
	defer beat.Stop()
	defer check.Stop()
	for out.err == nil {
		select {
		case body, ok := <-made:
			if !ok {
				return true, nil
			}
			out.next(body)
		case <-beat.C:
			out.write(":\n\n")
		case <-check.C:
			if err := h.recheck(ctx); err != nil {
				return false, err
			}
		case <-h.Stopping:
			return false, nil
		case <-ctx.Done():
			return false, nil
		}
	}
	return false, nil
}

// errChanged ends the stream of somebody who has other rights by now; the client comes back with those.
var errChanged = errs.E(errs.Unavailable, "Your rights have changed.")

// recheck asks whether the principal of a stream is still who he was.
func (h *handler) recheck(ctx context.Context) error {
	if h.Recheck == nil {
		return nil
	}
	was := authz.From(ctx)
	now, err := h.Recheck(ctx, was)
	if err != nil {
		return err
	}
	now.SignedInAt = was.SignedInAt
	if !reflect.DeepEqual(now, was) {
		return errChanged
	}
	return nil
}

// events writes server-sent events. After an error nothing more is written.
type events struct {
	w       http.ResponseWriter
	to      *http.ResponseController
	started bool
	err     error
}

// begin sends the headers, so that the client knows that it is heard.
func (e *events) begin() {
	if e.started {
		return
	}
	e.started = true
	if err := e.to.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		e.err = err // a stream outlives the time that a request has to come in
		return
	}
	e.w.Header().Set("Content-Type", mediaStream+"; charset=utf-8")
	e.w.Header().Set("X-Accel-Buffering", "no")
	e.w.WriteHeader(http.StatusOK)
	e.write(":\n\n")
}

func (e *events) next(body []byte) { e.write("event: next\ndata: " + string(body) + "\n\n") }

// complete is the last event of a stream that is not to be begun again.
const complete = "event: complete\ndata:\n\n"

// last sends an answer and ends the stream.
func (e *events) last(r *graphql.Response) {
	e.begin()
	body, err := json.Marshal(answerOf(r))
	if err != nil {
		e.err = err
		return
	}
	e.next(body)
	e.write(complete)
}

// write gives a client that takes nothing a limited time.
func (e *events) write(text string) {
	if e.err != nil {
		return
	}
	if err := e.to.SetWriteDeadline(time.Now().Add(streamTake)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		e.err = err
		return
	}
	if _, e.err = e.w.Write([]byte(text)); e.err != nil {
		return
	}
	if err := e.to.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		e.err = err
	}
}
