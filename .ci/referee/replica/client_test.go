package replica

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

const (
	namespace = "replica"
	datasets  = 4 // that are described, by all clients at once
)

// ledger is what clients were told.
type ledger struct {
	token string

	mu        sync.Mutex
	jobs      []string            // of acknowledged events
	described map[string]graph.ID // acknowledged descriptions and what they are of
	sent      map[string]graph.ID // all descriptions that were sent: those without an answer may be there or not
	by        map[string]int      // acknowledged through a server and of a kind
	failed    map[string]int      // answers that acknowledged nothing
}

func newLedger(token string) *ledger {
	return &ledger{token: token, described: map[string]graph.ID{}, sent: map[string]graph.ID{}, by: map[string]int{}, failed: map[string]int{}}
}

var client = &http.Client{Timeout: 30 * time.Second}

// post sends JSON and returns the answer.
func (l *ledger) post(url, body string) (int, []byte, error) {
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+l.token)
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, b, errors.Join(err, resp.Body.Close())
}

// ask sends a GraphQL request and reads its data, of which nothing may be missing.
func (l *ledger) ask(server *server, query string, variables, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	status, answer, err := l.post(server.at()+"/graphql", string(body))
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	var a struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return fmt.Errorf("%d: %w", status, err)
	}
	if len(a.Errors) > 0 {
		return fmt.Errorf("%d %s %s", status, a.Errors[0].Extensions.Code, a.Errors[0].Message)
	}
	return json.Unmarshal(a.Data, data)
}

// report sends the event of a job that reads one dataset and writes one of its own.
func (l *ledger) report(server *server, n int, job string) {
	status, _, err := l.post(server.at()+"/api/v1/lineage", fmt.Sprintf(`{"eventType":"COMPLETE","eventTime":"2026-03-01T00:00:00Z",
		"producer":"https://example.com/replica","run":{"runId":"0190a3c4-0000-7000-8000-000000000000"},
		"job":{"namespace":%q,"name":%q},"inputs":[{"namespace":%[1]q,"name":"in 0"}],"outputs":[{"namespace":%[1]q,"name":%[3]q}]}`,
		namespace, job, "out of "+job))
	if err == nil && status != http.StatusCreated {
		err = fmt.Errorf("%d", status)
	}
	l.note("event", n, err, func() { l.jobs = append(l.jobs, job) })
}

// describe says something of a dataset that nobody else says.
func (l *ledger) describe(server *server, n int, of graph.ID, words string) {
	l.mu.Lock()
	l.sent[words] = of
	l.mu.Unlock()
	var data struct {
		Describe struct{ Asset struct{ ID graph.ID } }
	}
	err := l.ask(server, `mutation($in: DescribeInput!) { describe(input: $in) { asset { id } } }`,
		map[string]any{"in": map[string]any{"id": of, "description": words}}, &data)
	if err == nil && data.Describe.Asset.ID != of {
		err = fmt.Errorf("the answer is about %q", data.Describe.Asset.ID)
	}
	l.note("description", n, err, func() { l.described[words] = of })
}

// note writes down an answer.
func (l *ledger) note(what string, n int, err error, done func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.by[fmt.Sprintf("%s through %d", what, n)]++
		done()
		return
	}
	l.failed[what+": "+kindOf(err)]++
}

// kindOf shortens an error to what its like have in common.
func kindOf(err error) string {
	var dead *net.OpError
	if errors.As(err, &dead) {
		return dead.Err.Error()
	}
	return err.Error()
}

// work sends from several clients, each through all servers in turn, until the time is over and all is answered.
func (l *ledger) work(servers []*server, until time.Time) {
	var clients sync.WaitGroup
	for c := range 12 {
		clients.Go(func() {
			for i := 0; time.Now().Before(until); i++ {
				n := (c + i) % len(servers)
				if c%2 == 0 {
					l.report(servers[n], n, fmt.Sprintf("job %d %d", c, i))
				} else {
					l.describe(servers[n], n, dataset(i%datasets), fmt.Sprintf("words %d %d", c, i))
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	clients.Wait()
}

// dataset is one of those that are described.
func dataset(i int) graph.ID { return catalog.DatasetID(namespace, fmt.Sprintf("in %d", i)) }

// prepare reports the datasets that are described. A database that was just begun takes its time.
func (l *ledger) prepare(t *testing.T, s *server) {
	t.Helper()
	var in []string
	for i := range datasets {
		in = append(in, fmt.Sprintf(`{"namespace":%q,"name":"in %d"}`, namespace, i))
	}
	event := fmt.Sprintf(`{"eventType":"COMPLETE","eventTime":"2026-03-01T00:00:00Z",
		"producer":"https://example.com/replica","run":{"runId":"0190a3c4-0000-7000-8000-000000000001"},
		"job":{"namespace":%q,"name":"first"},"inputs":[%s],"outputs":[]}`, namespace, strings.Join(in, ","))
	for end := time.Now().Add(time.Minute); ; {
		status, answer, err := l.post(s.at()+"/api/v1/lineage", event)
		if err == nil && status == http.StatusCreated {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d %s %v", status, answer, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
