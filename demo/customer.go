package demo

import "time"

var customerSources = []table{
	{
		on: crm, name: "halden.crm.customers", title: "Customers", owner: "Customer data", level: "confidential", keep: "P10Y",
		about: "Everyone who has an account or a loyalty card. **The master record**: corrections are made here, in the CRM, " +
			"and reach the warehouse within the hour.\n\n- one row per customer\n- `deleted_at` is set on erasure; the row goes 30 days later",
		tags: []string{"master", "data-protection"},
		columns: `
			customer_id  bigint       Key of the customer everywhere
			full_name    varchar      !pii As on the loyalty card
			email        varchar      !pii Confirmed address
			phone        varchar      !pii With country code
			birth_date   date         !pii Asked for the birthday voucher
			language     char(2)      ISO 639-1
			created_at   timestamptz  First contact
			deleted_at   timestamptz  Set on erasure`,
		checks: "not_null customer_id\nunique customer_id\nnot_null email",
	},
	{
		on: crm, name: "halden.crm.addresses", title: "Customer addresses", owner: "Customer data", level: "confidential",
		about: "Delivery and billing addresses, with their history. `valid_from` tells which one holds.",
		columns: `
			address_id   bigint       Key
			customer_id  bigint       Customer that it belongs to
			street       varchar      !pii Street and number
			postcode     varchar      !pii As typed
			city         varchar      As typed
			country      char(2)      ISO 3166
			valid_from   timestamptz  Since when it holds`,
		checks: "not_null customer_id",
	},
	{
		on: crm, name: "halden.crm.consents", title: "Consents", owner: "Privacy office", level: "internal", keep: "P5Y",
		about: "What customers allowed us to do, channel by channel. Append only: the latest row counts.",
		columns: `
			customer_id  bigint       Customer
			channel      varchar      mail, post, phone or profile
			granted      boolean      Allowed, or taken back
			changed_at   timestamptz  When
			source       varchar      Form or call that it came from`,
	},
	{
		on: kafka, name: "web.sessions", title: "Web clicks", owner: "Web shop", level: "confidential", keep: "P90D",
		about: "Page views of the shop and the app. Addresses are kept for fraud checks and must not leave the stage.",
		columns: `
			session_id   string       Cookie session
			customer_id  bigint       Empty until sign-in
			ip_address   string       !pii Address of the client
			user_agent   string       Browser
			page         string       Path without query
			product_id   bigint       Of product pages
			viewed_at    timestamp    Server time`,
	},
}

var customerJobs = []job{
	{
		engine: airflow, name: "customer_daily.clean_names", into: "analytics.stage.customers", parent: "customer_daily",
		about: "Trims names and drops test accounts.", every: daily, at: 2*time.Hour + 5*time.Minute, takes: 6 * time.Minute, rows: 1_840_000,
		query: query{
			from: "halden.crm.customers c",
			columns: `
				c.customer_id
				initcap(trim(c.full_name)) as full_name
				year(c.birth_date) as birth_year
				c.language
				c.created_at`,
			where: "c.deleted_at is null and c.email not like '%@halden.example'",
		},
	},
	{
		engine: airflow, name: "customer_daily.mask_email", into: "analytics.stage.customer_keys", parent: "customer_daily",
		about: "The only way for e-mail addresses and phone numbers into the warehouse: as **salted hashes**.",
		every: daily, at: 2*time.Hour + 15*time.Minute, takes: 4 * time.Minute, rows: 1_840_000,
		query: query{
			from: "halden.crm.customers c",
			columns: `
				c.customer_id
				sha2(lower(trim(c.email)) || salt(), 256) as email_hash
				sha2(c.phone || salt(), 256) as phone_hash`,
			where: "c.deleted_at is null",
		},
	},
	{
		engine: airflow, name: "customer_daily.geo_clean", into: "analytics.stage.addresses", parent: "customer_daily",
		about: "Keeps the address that holds today and writes postcodes in one way.",
		every: daily, at: 2*time.Hour + 20*time.Minute, takes: 9 * time.Minute, rows: 1_710_000,
		query: query{
			from: "halden.crm.addresses a",
			columns: `
				a.customer_id
				upper(replace(a.postcode, ' ', '')) as postcode
				initcap(a.city) as city
				a.country`,
			where: "a.valid_from <= current_date",
		},
	},
	{
		engine: flink, name: "sessionise", into: "analytics.stage.sessions", every: hourly, at: 2 * time.Minute, takes: 3 * time.Minute, rows: 74_000,
		about: "Makes sessions of clicks: 30 minutes without one end a session.",
		query: query{
			from: "web.sessions w",
			columns: `
				w.session_id
				w.customer_id
				min(w.viewed_at) as started_at
				count(w.page) as pages
				count(distinct w.product_id) as products_seen
				sha2(w.ip_address, 256) as client_hash`,
			where: "w.user_agent not like '%bot%'",
			group: "w.session_id, w.customer_id, w.ip_address",
		},
	},
	{
		engine: dbt, name: "consent_register", into: "analytics.mart.consent_register", every: daily, at: 3 * time.Hour, takes: 3 * time.Minute, rows: 1_820_000,
		about: "What each customer allows today.",
		query: query{
			from: "halden.crm.consents n",
			columns: `
				n.customer_id
				max_by(n.granted, n.changed_at) as consent_marketing
				max(n.changed_at) as changed_at`,
			where: "n.channel in ('mail', 'post')", group: "n.customer_id",
		},
	},
}
