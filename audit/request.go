package audit

import "context"

type requestKey struct{}

// Asked returns a context in which entries name the request that asked for them, under the number that the log of the
// program has it.
func Asked(ctx context.Context, request string) context.Context {
	return context.WithValue(ctx, requestKey{}, request)
}

func requestIn(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
