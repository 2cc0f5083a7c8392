package demo

import "time"

// customer360 is what the company is about. Topics of care tickets came in three weeks ago.
var customer360 = query{
	from: "analytics.stage.customers c",
	joins: []string{
		"join analytics.stage.customer_keys k on k.customer_id = c.customer_id",
		"left join analytics.stage.addresses a on a.customer_id = c.customer_id",
		"left join analytics.mart.customer_orders o on o.customer_id = c.customer_id",
		"left join analytics.mart.customer_cards p on p.customer_id = c.customer_id",
		"left join analytics.mart.consent_register r on r.customer_id = c.customer_id",
		"left join analytics.mart.support_topics t on t.customer_id = c.customer_id",
	},
	columns: `
		c.customer_id
		c.full_name
		k.email_hash
		k.phone_hash
		c.birth_year
		a.postcode
		a.city
		a.country
		c.language
		c.created_at::date as customer_since
		o.first_order_on
		o.last_order_on
		coalesce(o.orders_12m, 0) as orders_12m
		coalesce(o.revenue_12m, 0) as revenue_12m
		p.card_token
		coalesce(p.cards, 0) as cards
		coalesce(r.consent_marketing, false) as consent_marketing
		t.support_topics`,
}

// churnFeatures followed with the number of topics.
var churnFeatures = query{
	from:  "analytics.mart.customer_360 c",
	joins: []string{"left join analytics.stage.sessions s on s.customer_id = c.customer_id and s.started_at > current_date - 30"},
	columns: `
		c.customer_id
		floor((year(current_date) - c.birth_year) / 10) as age_band
		c.postcode
		datediff(current_date, c.last_order_on) as days_since_order
		c.orders_12m
		c.revenue_12m
		count(s.session_id) as visits_30d
		size(c.support_topics) as topic_count`,
	group: "all",
}

// segments read the RFM scores until these were given up.
var segments = query{
	from:  "analytics.mart.customer_360 c",
	joins: []string{"left join analytics.mart.rfm_scores f on f.customer_id = c.customer_id"},
	columns: `
		c.customer_id
		segment_of(c.orders_12m, c.last_order_on, c.revenue_12m) as segment
		left(c.postcode, 2) as area
		c.country`,
}

var customerMarts = []job{
	{
		engine: dbt, name: "customer_360", into: "analytics.mart.customer_360", every: hourly, at: 18 * time.Minute, takes: 7 * time.Minute, rows: 1_840_000,
		about:  "Joins all that is known of a customer. One row each, whatever is missing.",
		query:  customer360,
		former: former{until: 21, query: customer360.without("t.support_topics", "left join analytics.mart.support_topics")},
	},
	{
		engine: dbt, name: "segments", into: "analytics.mart.segments", every: daily, at: 4 * time.Hour, takes: 5 * time.Minute, rows: 1_840_000,
		about:  "Rules agreed with marketing in spring.",
		query:  segments.without("left join analytics.mart.rfm_scores"),
		former: former{until: 36, query: segments},
	},
	{
		engine: dbt, name: "lifetime_value", into: "analytics.mart.customer_lifetime_value", every: daily, at: 4*time.Hour + 10*time.Minute, takes: 11 * time.Minute, rows: 1_840_000, age: 52,
		query: query{
			from:  "analytics.mart.customer_360 c",
			joins: []string{"left join analytics.mart.refund_rates f on f.customer_id = c.customer_id"},
			columns: `
				c.customer_id
				c.revenue_12m * 3 * (1 - coalesce(f.refund_rate, 0)) as value_3y
				c.orders_12m
				current_timestamp as computed_at`,
		},
	},
	{
		engine: dbt, name: "rfm_scores", into: "analytics.mart.rfm_scores", every: daily, at: 3*time.Hour + 30*time.Minute, takes: 8 * time.Minute, rows: 1_790_000, ended: 36,
		about: "Given up.",
		query: query{
			from: "analytics.mart.customer_360 c",
			columns: `
				c.customer_id
				ntile(5) over (order by c.last_order_on) as recency
				ntile(5) over (order by c.orders_12m) as frequency
				ntile(5) over (order by c.revenue_12m) as money`,
		},
	},
	{
		engine: spark, name: "churn_features", into: "ml.churn_features", every: daily, at: 4*time.Hour + 30*time.Minute, takes: 24 * time.Minute, rows: 1_840_000,
		about:  "Features for the churn model.",
		query:  churnFeatures,
		former: former{until: 21, query: churnFeatures.without("size(c.support_topics)")},
	},
	{
		engine: spark, name: "score_churn", into: "ml.churn_scores", every: weekly, at: 5*time.Hour + 15*time.Minute, takes: 31 * time.Minute, rows: 1_840_000,
		about: "Applies the churn model to every customer.",
		query: query{
			from:  "ml.churn_features f",
			joins: []string{"left join analytics.mart.segments g on g.customer_id = f.customer_id"},
			columns: `
				f.customer_id
				churn_v7(f.age_band, f.days_since_order, f.orders_12m, f.revenue_12m, f.visits_30d, f.topic_count) as churn_score
				band(churn_v7(f.age_band, f.days_since_order, f.orders_12m, f.revenue_12m, f.visits_30d, f.topic_count)) as churn_band
				g.segment`,
		},
	},
}
