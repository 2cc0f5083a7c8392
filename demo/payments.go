package demo

import "time"

var paymentTables = []table{
	{
		on: pay, name: "halden.pay.transactions", title: "Card payments", owner: "Payments", level: "restricted", keep: "P10Y",
		about: "Payments as the card acquirer confirms them. In scope of **PCI DSS**: nobody reads card numbers from here but the tokeniser.",
		tags:  []string{"pci-scope"},
		columns: `
			transaction_id  bigint         Key
			order_id        bigint         What was paid
			customer_id     bigint         Who paid
			card_number     varchar        !pci Number of the card
			card_holder     varchar        !pci !pii Name on the card
			card_expiry     char(5)        !pci Month and year
			amount          numeric(12,2)  EUR
			status          varchar        authorised, captured, refused or reversed
			paid_at         timestamptz    When`,
		checks: "unique transaction_id\nnot_null order_id",
	},
	{
		on: pay, name: "halden.pay.refunds", title: "Refunds", owner: "Payments", level: "confidential",
		about: "Money paid back.",
		columns: `
			refund_id       bigint         Key
			transaction_id  bigint         Payment that it belongs to
			amount          numeric(12,2)  EUR
			reason          varchar        Code of the reason
			refunded_at     timestamptz    When`,
	},
	{
		on: warehouse, name: "analytics.stage.payments", title: "Payments", owner: "Payments", level: "confidential",
		about: "Payments with a vault token instead of the card.",
		columns: `
			transaction_id  number        Key
			order_id        number        What was paid
			customer_id     number        Who paid
			card_token      varchar       Vault token, not reversible
			holder_hash     varchar       To compare names on cards
			amount_eur      number(12,2)  EUR
			status          varchar       Where it stands
			paid_at         timestamp_tz  When`,
		checks: "unique transaction_id\nnot_null card_token",
	},
	{
		on: warehouse, name: "analytics.mart.customer_cards", title: "Cards by customer", owner: "Payments", level: "internal",
		columns: `
			customer_id  number   Key
			card_token   varchar  Token of the card used last
			cards        number   Cards used in the last 12 months`,
	},
	{
		on: warehouse, name: "analytics.mart.revenue_daily", title: "Revenue daily", owner: "Finance", level: "confidential",
		about: "Captured payments less refunds: **the number that goes to the board**.",
		tags:  []string{"certified", "tier:1"},
		columns: `
			day          date          Day
			gross_eur    number(14,2)  Captured
			refunds_eur  number(14,2)  Paid back
			net_eur      number(14,2)  The difference`,
		checks: "not_null day\nunique day",
	},
	{
		on: warehouse, name: "analytics.mart.refund_rates", title: "Refund rates", owner: "Finance", level: "internal",
		about: "How much of what a customer buys comes back.",
		columns: `
			customer_id  number  Key
			country      varchar ISO 3166
			refund_rate  float   Refunds by payments`,
	},
	{
		on: warehouse, name: "analytics.mart.fraud_signals", title: "Fraud signals", owner: "Payments", level: "restricted",
		about: "Payments that somebody should look at.",
		columns: `
			transaction_id  number        Key
			card_token      varchar       Vault token
			signal          varchar       Rule that struck
			client_hash     varchar       Hash of the address
			paid_at         timestamp_tz  When`,
	},
}

var paymentJobs = []job{
	{
		engine: airflow, name: "tokenise", into: "analytics.stage.payments", every: hourly, at: 6 * time.Minute, takes: 3 * time.Minute, rows: 2_300,
		about: "Card numbers become tokens of the vault; names on cards become hashes. Runs inside the PCI zone.",
		query: query{
			from: "halden.pay.transactions t",
			columns: `
				t.transaction_id
				t.order_id
				t.customer_id
				tokenise(t.card_number) as card_token
				sha2(upper(t.card_holder), 256) as holder_hash
				t.amount as amount_eur
				t.status
				t.paid_at`,
		},
	},
	{
		engine: dbt, name: "customer_cards", into: "analytics.mart.customer_cards", every: daily, at: 3*time.Hour + 5*time.Minute, takes: 4 * time.Minute, rows: 1_010_000,
		query: query{
			from: "analytics.stage.payments p",
			columns: `
				p.customer_id
				max_by(p.card_token, p.paid_at) as card_token
				count(distinct p.holder_hash) as cards`,
			where: "p.status = 'captured'", group: "p.customer_id",
		},
	},
	{
		engine: dbt, name: "revenue_daily", into: "analytics.mart.revenue_daily", every: daily, at: 3*time.Hour + 40*time.Minute, takes: 3 * time.Minute, rows: 1_400,
		about: "Reconciled with the ledger each month.",
		query: query{
			from:  "analytics.stage.payments p",
			joins: []string{"left join halden.pay.refunds f on f.transaction_id = p.transaction_id"},
			columns: `
				p.paid_at::date as day
				sum(p.amount_eur) as gross_eur
				coalesce(sum(f.amount), 0) as refunds_eur
				sum(p.amount_eur) - coalesce(sum(f.amount), 0) as net_eur`,
			where: "p.status = 'captured'", group: "all",
		},
	},
	{
		engine: dbt, name: "refund_rates", into: "analytics.mart.refund_rates", every: daily, at: 3*time.Hour + 50*time.Minute, takes: 4 * time.Minute, rows: 1_010_000,
		query: query{
			from: "analytics.mart.customer_360 c",
			joins: []string{
				"join analytics.stage.payments p on p.customer_id = c.customer_id",
				"left join halden.pay.refunds f on f.transaction_id = p.transaction_id",
			},
			columns: `
				c.customer_id
				c.country
				sum(f.amount) / nullif(sum(p.amount_eur), 0) as refund_rate`,
			group: "all",
		},
	},
	{
		engine: spark, name: "find_fraud", into: "analytics.mart.fraud_signals", every: daily, at: 5 * time.Hour, takes: 19 * time.Minute, rows: 340,
		about: "Rules of the fraud desk.",
		fails: "java.net.SocketTimeoutException: halden-eu1.snowflakecomputing.example: connect timed out after 60000 ms while reading analytics.stage.payments",
		query: query{
			from:  "analytics.stage.payments p",
			joins: []string{"left join analytics.stage.sessions s on s.customer_id = p.customer_id and s.started_at < p.paid_at"},
			columns: `
				p.transaction_id
				p.card_token
				fraud_rule(p.amount_eur, p.holder_hash, s.client_hash, s.pages) as signal
				s.client_hash
				p.paid_at`,
			where: "p.status in ('authorised', 'captured')",
		},
	},
}
