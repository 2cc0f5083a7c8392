package demo

var customerTables = []table{
	{
		on: warehouse, name: "analytics.stage.customers", title: "Customers, cleaned", owner: "Customer data", level: "confidential",
		about: "Customers without test accounts and without contact data.",
		columns: `
			customer_id  number       Key
			full_name    varchar      First letters in capitals
			birth_year   number       Year only
			language     varchar      ISO 639-1
			created_at   timestamp_tz First contact`,
		checks: "not_null customer_id\nunique customer_id",
	},
	{
		on: warehouse, name: "analytics.stage.customer_keys", title: "Customer keys", owner: "Customer data", level: "internal",
		about: "Hashes to match customers by, instead of addresses and numbers. Not reversible; the salt is in the vault.",
		columns: `
			customer_id  number   Key
			email_hash   varchar  SHA-256 of the salted e-mail address
			phone_hash   varchar  SHA-256 of the salted phone number`,
		checks: "unique email_hash",
	},
	{
		on: warehouse, name: "analytics.stage.addresses", title: "Addresses, cleaned", owner: "Customer data", level: "confidential",
		columns: `
			customer_id  number   Key
			postcode     varchar  Without spaces
			city         varchar  First letters in capitals
			country      varchar  ISO 3166`,
		checks: "not_null postcode",
	},
	{
		on: warehouse, name: "analytics.stage.sessions", title: "Sessions", owner: "Web shop", level: "internal", keep: "P13M",
		about: "One row per visit of the shop or the app.",
		columns: `
			session_id     varchar       Key
			customer_id    number        Empty without sign-in
			started_at     timestamp_tz  First click
			pages          number        Pages seen
			products_seen  number        Different products seen
			client_hash    varchar       Hash of the address`,
	},
	{
		on: warehouse, name: "analytics.mart.consent_register", title: "Consent register", owner: "Privacy office", level: "internal",
		about: "**May we write to this customer?** Read it before you send anything.",
		columns: `
			customer_id        number        Key
			consent_marketing  boolean       May be written to
			changed_at         timestamp_tz  When the customer said so`,
		checks: "unique customer_id",
	},
	{
		on: warehouse, name: "analytics.mart.customer_360", title: "Customer 360", owner: "Customer data", level: "confidential", keep: "P25M",
		about: "One row per customer: identity, orders, cards, consent and what they asked care about. Rebuilt each hour.\n\n" +
			"## Use it for\n\n- analysis and planning\n- features of registered models\n\n## Don't\n\n" +
			"- write to single customers from it: use `campaign_list`\n- copy `support_topics` elsewhere: it is **health data** in part",
		tags: []string{"certified", "tier:1"},
		columns: `
			customer_id        number         Key, same as in the CRM
			full_name          varchar        !pii As on the loyalty card
			email_hash         varchar        SHA-256 of the e-mail address
			phone_hash         varchar        SHA-256 of the phone number
			birth_year         number         Year only
			postcode           varchar        Delivery postcode
			city               varchar        Delivery city
			country            varchar        ISO 3166
			language           varchar        ISO 639-1
			customer_since     date           First contact
			first_order_on     date           First order
			last_order_on      date           Last order
			orders_12m         number         Orders in the last 12 months
			revenue_12m        number(12,2)   EUR, no VAT, no returns
			card_token         varchar        Vault token, not reversible
			cards              number         Cards used in the last 12 months
			consent_marketing  boolean        May be written to
			support_topics     array          Topics of care tickets`,
		checks: "not_null customer_id\nunique customer_id\nnot_null country\naccepted_values country\nnot_null orders_12m fails",
	},
	{
		on: warehouse, name: "analytics.mart.segments", title: "Segments", owner: "Growth", level: "internal",
		about: "The six customer segments that everybody talks about.",
		columns: `
			customer_id  number   Key
			segment      varchar  new, loyal, at risk, lost, big ticket or occasional
			area         varchar  First two digits of the postcode
			country      varchar  ISO 3166`,
	},
	{
		on: warehouse, name: "analytics.mart.customer_lifetime_value", title: "Customer lifetime value", owner: "Growth", level: "internal",
		about: "What a customer is expected to spend in three years.",
		columns: `
			customer_id   number        Key
			value_3y      number(12,2)  EUR
			orders_12m    number        Orders in the last 12 months
			computed_at   timestamp_tz  When`,
	},
	{
		on: warehouse, name: "analytics.mart.rfm_scores", title: "RFM scores", owner: "Growth", level: "internal", dropped: 34,
		about: "Recency, frequency, money. **Given up** for `customer_lifetime_value`.",
		columns: `
			customer_id  number  Key
			recency      number  1 to 5
			frequency    number  1 to 5
			money        number  1 to 5`,
	},
	{
		on: metastore, name: "ml.churn_features", title: "Churn features", owner: "Machine learning", level: "restricted",
		path:  "warehouse/ml/churn_features",
		about: "What the churn model learns from, rebuilt each night from Customer 360 and sessions.",
		tags:  []string{"model:churn"},
		columns: `
			customer_id        bigint   Key
			age_band           int      Decade of birth
			postcode           string   As in Customer 360
			days_since_order   int      Days since the last order
			orders_12m         int      Orders in the last 12 months
			revenue_12m        double   EUR
			visits_30d         bigint   Visits in 30 days
			topic_count        int      Topics asked about`,
		checks: "not_null customer_id\nnot_null orders_12m",
	},
	{
		on: metastore, name: "ml.churn_scores", title: "Churn scores", owner: "Machine learning", level: "confidential",
		about: "Weekly probability, per customer, of no order in the next 90 days.",
		columns: `
			customer_id  bigint  Key
			churn_score  double  0 to 1
			churn_band   string  low, middle or high
			segment      string  Segment at that time`,
	},
}
