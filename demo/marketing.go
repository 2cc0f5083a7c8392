package demo

import "time"

// campaignList had the segment in it until lists were cut by the mail tool itself.
var campaignList = query{
	from: "analytics.mart.customer_360 c",
	joins: []string{
		"join analytics.mart.consent_register r on r.customer_id = c.customer_id",
		"join halden.mkt.campaigns m on m.country = c.country",
		"left join analytics.mart.segments g on g.customer_id = c.customer_id and g.segment = m.segment",
	},
	columns: `
		m.campaign_id
		c.customer_id
		c.full_name as contact_name
		c.email_hash
		left(c.postcode, 2) as area
		c.language`,
	where: "r.consent_marketing and m.starts_on >= current_date",
}

var marketingJobs = []job{
	{
		engine: spark, name: "read_clicks", into: "analytics.stage.campaign_clicks", every: daily, at: 90 * time.Minute, takes: 12 * time.Minute, rows: 88_000,
		query: query{
			from: "halden-ads.ga4.campaign_clicks k",
			columns: `
				k.campaign_id
				sha2(k.client_id, 256) as client_hash
				k.clicked_at
				k.cost_micros / 1000000 as cost_eur`,
		},
	},
	{
		engine: spark, name: "read_mail_events", into: "analytics.stage.mail_events", every: daily, at: 100 * time.Minute, takes: 9 * time.Minute, rows: 212_000,
		about: "What the mail tool reports. Addresses are hashed like those of the CRM, so that both can be matched.",
		query: query{
			from: "raw/mail/events e",
			columns: `
				e.campaign_id
				sha2(lower(e.recipient), 256) as email_hash
				e.event
				e.happened_at`,
			where: "e.event <> 'deferred'",
		},
	},
	{
		engine: dbt, name: "audience", into: "analytics.mart.campaign_list", every: daily, at: 4*time.Hour + 20*time.Minute, takes: 6 * time.Minute, rows: 640_000,
		about:  "Who gets which campaign. Only those who said yes.",
		query:  campaignList.without("left join analytics.mart.segments"),
		former: former{until: 12, query: campaignList},
	},
	{
		engine: dbt, name: "campaign_performance", into: "analytics.mart.campaign_performance", every: daily, at: 4*time.Hour + 40*time.Minute, takes: 5 * time.Minute, rows: 1_900,
		query: query{
			from: "halden.mkt.campaigns m",
			joins: []string{
				"left join analytics.stage.mail_events e on e.campaign_id = m.campaign_id",
				"left join analytics.stage.campaign_clicks k on k.campaign_id = m.campaign_id",
			},
			columns: `
				m.campaign_id
				m.name as campaign
				count_if(e.event = 'sent') as sent
				count_if(e.event = 'opened') as opened
				count(distinct k.client_hash) as clicked
				sum(k.cost_eur) as cost_eur`,
			group: "all",
		},
	},
	{
		engine: dbt, name: "winback", into: "analytics.mart.winback_journeys", every: weekly, at: 6 * time.Hour, takes: 7 * time.Minute, rows: 38_000, age: 47,
		about: "Messages to customers at risk.",
		query: query{
			from: "ml.churn_scores h",
			joins: []string{
				"join analytics.mart.customer_360 c on c.customer_id = h.customer_id",
				"left join analytics.stage.mail_events e on e.email_hash = c.email_hash",
			},
			columns: `
				h.customer_id
				h.churn_band
				c.email_hash
				count_if(e.event = 'opened') as opened`,
			where: "h.churn_band = 'high' and c.consent_marketing", group: "all",
		},
	},
	{
		engine: dbt, name: "loyalty_tiers", into: "analytics.mart.loyalty_tiers", every: daily, at: 4*time.Hour + 15*time.Minute, takes: 3 * time.Minute, rows: 1_120_000,
		query: query{
			from: "analytics.mart.customer_360 c",
			columns: `
				c.customer_id
				c.full_name as card_name
				tier(c.orders_12m, c.revenue_12m) as tier
				c.customer_since as member_since`,
		},
	},
	{
		engine: dbt, name: "attribution", into: "analytics.mart.attribution", every: daily, at: 5*time.Hour + 5*time.Minute, takes: 16 * time.Minute, rows: 52_000,
		about: "Last touch within seven days of an order.",
		query: query{
			from: "analytics.stage.orders o",
			joins: []string{
				"join analytics.mart.customer_360 c on c.customer_id = o.customer_id",
				"join analytics.stage.mail_events e on e.email_hash = c.email_hash and e.happened_at < o.ordered_at",
			},
			columns: `
				o.order_id
				max_by(e.campaign_id, e.happened_at) as campaign_id
				c.country
				o.total_eur`,
			where: "e.event in ('opened', 'clicked')", group: "all",
		},
	},
}
