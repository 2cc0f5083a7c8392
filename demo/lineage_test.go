package demo

import (
	"slices"
	"strings"
	"testing"

	"weir/catalog"
)

// queries are all queries of a job, today's first.
func (j *job) queries() []query {
	if j.former.until > 0 {
		return []query{j.query, j.former.query}
	}
	return []query{j.query}
}

func (t *table) has(name string) bool {
	return slices.ContainsFunc(t.fields(), func(c column) bool { return c.name == name })
}

func TestColumnsExist(t *testing.T) {
	for i := range jobs {
		j := &jobs[i]
		for _, q := range j.queries() {
			var text strings.Builder
			for _, o := range q.outputs() {
				text.WriteString(o.expression + "\n")
				if !tableOf(j.into).has(o.column) {
					t.Errorf("%s makes %s, which %s doesn't have", j.name, o.column, j.into)
				}
			}
			for _, c := range q.conditions() {
				text.WriteString(c[1] + "\n")
			}
			for _, o := range q.origins(text.String()) {
				if !tableOf(o.dataset).has(o.column) {
					t.Errorf("%s reads %s of %s, which it doesn't have", j.name, o.column, o.dataset)
				}
			}
		}
	}
}

func TestEveryColumnIsMade(t *testing.T) {
	for i := range jobs {
		if j := &jobs[i]; j.writes() {
			made, want := []string{}, []string{}
			for _, o := range j.query.outputs() {
				made = append(made, o.column)
			}
			for _, c := range tableOf(j.into).fields() {
				want = append(want, c.name)
			}
			if !slices.Equal(made, want) {
				t.Errorf("%s makes %v of %v", j.name, made, want)
			}
		}
	}
}

func TestEveryNameIsUsedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range tables {
		if seen[d.name] {
			t.Errorf("two datasets are called %s", d.name)
		}
		seen[d.name] = true
	}
	for _, j := range jobs {
		if key := j.engine.namespace + " " + j.name; seen[key] {
			t.Errorf("two jobs are called %s", key)
		} else {
			seen[key] = true
		}
		if j.parent != "" && !slices.ContainsFunc(parents, func(p job) bool { return p.name == j.parent }) {
			t.Errorf("%s has no parent %s", j.name, j.parent)
		}
	}
}

func TestEveryDatasetIsUsed(t *testing.T) {
	read := map[string]bool{}
	for i := range jobs {
		for _, name := range jobs[i].names(jobs[i].query) {
			read[name] = true
		}
	}
	for _, d := range tables {
		if d.maker() == nil && !read[d.name] {
			t.Errorf("nobody reads %s", d.name)
		}
	}
}

func TestCodeMentionsWhatItReadsAndWrites(t *testing.T) {
	for i := range jobs {
		j := &jobs[i]
		for _, q := range j.queries() {
			if !j.writes() {
				continue
			}
			for _, name := range append(j.names(q), j.into) {
				if code := j.code(q); !strings.Contains(code, name) {
					t.Errorf("%s doesn't mention %s: %s", j.name, name, code)
				}
			}
		}
	}
}

func TestCodeReadsWell(t *testing.T) {
	tests := []struct{ job, want string }{
		{"refund_rates", `create or replace table analytics.mart.refund_rates as
select
    c.customer_id,
    c.country,
    sum(f.amount) / nullif(sum(p.amount_eur), 0) as refund_rate
from analytics.mart.customer_360 c
join analytics.stage.payments p on p.customer_id = c.customer_id
left join halden.pay.refunds f on f.transaction_id = p.transaction_id
group by all`},
		{"read_receipts", `from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("read_receipts").getOrCreate()

spark.read.parquet("s3://halden-lake/raw/pos/receipts").createOrReplaceTempView("r")

result = spark.sql("""
    select
        r.receipt_id,
        r.store_id,
        tokenise(r.loyalty_card) as loyalty_token,
        r.printed_at as sold_at,
        r.total as total_eur
    from r
    where r.voided = false
""")

result.write.mode("overwrite").format("snowflake").option("dbtable", "analytics.stage.receipts").save()
`},
	}
	for _, tt := range tests {
		i := slices.IndexFunc(jobs, func(j job) bool { return j.name == tt.job })
		if got := jobs[i].code(jobs[i].query); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.job, got, tt.want)
		}
	}
}

func TestSubtypes(t *testing.T) {
	tests := []struct {
		expression, subtype string
		masked              bool
	}{
		{"c.full_name", "IDENTITY", false},
		{"left(c.postcode, 2)", "TRANSFORMATION", false},
		{"sum(o.total_eur)", "AGGREGATION", false},
		{"sha2(lower(c.email), 256)", "TRANSFORMATION", true},
		{"extract_topics(mask_names(h.transcript))", "TRANSFORMATION", true},
	}
	for _, tt := range tests {
		if kind, masked := subtype(tt.expression); kind != tt.subtype || masked != tt.masked {
			t.Errorf("%s: %s, %t", tt.expression, kind, masked)
		}
	}
}

// derivation finds how a column of a dataset is made of another in the last event that says it.
func derivation(events []catalog.Event, to, column, from, origin string) (found catalog.Derivation, ok bool) {
	for _, e := range events {
		for _, d := range e.Datasets {
			for _, x := range d.Derivations {
				if d.Name == to && x.Column == column && x.Name == from && x.From == origin && !x.Indirect {
					return x, true
				}
			}
		}
	}
	return found, false
}

func TestSensitiveDataFlows(t *testing.T) {
	tests := []struct {
		to, column, from, origin string
		masked                   bool
	}{
		{"analytics.stage.customer_keys", "email_hash", "halden.crm.customers", "email", true},
		{"analytics.stage.payments", "card_token", "halden.pay.transactions", "card_number", true},
		{"analytics.stage.chats", "topics", "raw/chat/transcripts", "transcript", true},
		{"analytics.stage.tickets", "topics", "halden.care.tickets", "health_note", false},
		{"analytics.mart.customer_360", "full_name", "analytics.stage.customers", "full_name", false},
		{"analytics.mart.campaign_list", "contact_name", "analytics.mart.customer_360", "full_name", false},
		{"warehouse/ml/churn_features", "postcode", "analytics.mart.customer_360", "postcode", false},
	}
	events := parsed(t, morning)
	for _, tt := range tests {
		if d, ok := derivation(events, tt.to, tt.column, tt.from, tt.origin); !ok || d.Masked != tt.masked {
			t.Errorf("%s.%s from %s.%s: found %t, masked %t", tt.to, tt.column, tt.from, tt.origin, ok, d.Masked)
		}
	}
}

func TestOneDatasetFeedsMany(t *testing.T) {
	n := 0
	for i := range jobs {
		if jobs[i].ended == 0 && slices.Contains(jobs[i].names(jobs[i].query), "analytics.mart.customer_360") {
			n++
		}
	}
	if n <= 12 {
		t.Errorf("Customer 360 feeds %d", n)
	}
}
