package demo

var marketingTables = []table{
	{
		on: ads, name: "halden-ads.ga4.campaign_clicks", title: "Campaign clicks", owner: "Growth", level: "internal",
		about: "Clicks on our advertisements, as the ad network exports them.",
		columns: `
			campaign_id  string     Campaign
			client_id    string     !pii Id of the browser
			clicked_at   timestamp  When
			cost_micros  int64      Millionths of EUR`,
	},
	{
		on: lake, name: "raw/mail/events", title: "Mail events", owner: "Growth", level: "confidential", keep: "P13M",
		about: "Export of the mail tool: sent, opened, clicked, bounced.",
		columns: `
			campaign_id  string     Campaign
			recipient    string     !pii E-mail address
			event        string     What happened
			happened_at  timestamp  When`,
	},
	{
		on: crm, name: "halden.mkt.campaigns", title: "Campaigns", owner: "Growth", level: "internal",
		about: "The calendar of campaigns.",
		columns: `
			campaign_id  varchar  Key
			name         varchar  As everybody calls it
			country      char(2)  Where it runs
			segment      varchar  Whom it is for
			starts_on    date     First day`,
	},
	{
		on: warehouse, name: "analytics.stage.campaign_clicks", title: "Clicks", owner: "Growth", level: "internal",
		columns: `
			campaign_id  varchar        Campaign
			client_hash  varchar        Hash of the browser's id
			clicked_at   timestamp_tz   When
			cost_eur     number(12,4)   EUR`,
	},
	{
		on: warehouse, name: "analytics.stage.mail_events", title: "Mail events, hashed", owner: "Growth", level: "internal",
		about: "Mail events without addresses.",
		columns: `
			campaign_id  varchar        Campaign
			email_hash   varchar        As in the customer keys
			event        varchar        What happened
			happened_at  timestamp_tz   When`,
	},
	{
		on: warehouse, name: "analytics.mart.campaign_list", title: "Campaign list", owner: "Growth", level: "confidential", keep: "P90D",
		about: "Whom the coming campaigns go to. Goes out to the print shop and the mail tool: **names are in clear**.",
		columns: `
			campaign_id   varchar  Campaign
			customer_id   number   Customer
			contact_name  varchar  Name on the envelope
			email_hash    varchar  To find the address in the mail tool
			area          varchar  First two digits of the postcode
			language      varchar  Language of the text`,
		checks: "not_null contact_name\nnot_null email_hash",
	},
	{
		on: warehouse, name: "analytics.mart.campaign_performance", title: "Campaign performance", owner: "Growth", level: "internal",
		about: "Sent, opened, clicked and cost, by campaign.",
		columns: `
			campaign_id  varchar        Key
			campaign     varchar        As everybody calls it
			sent         number         Messages
			opened       number         Messages opened
			clicked      number         Browsers that clicked
			cost_eur     number(12,2)   Advertisements`,
	},
	{
		on: warehouse, name: "analytics.mart.winback_journeys", title: "Win-back journeys", owner: "Growth", level: "restricted",
		about: "Messages sent to customers at risk, with opens.",
		columns: `
			customer_id  number   Key
			churn_band   varchar  Risk when it was sent
			email_hash   varchar  To find the address in the mail tool
			opened       number   Messages opened`,
	},
	{
		on: warehouse, name: "analytics.mart.loyalty_tiers", title: "Loyalty tiers", owner: "Growth", level: "confidential",
		columns: `
			customer_id   number   Key
			card_name     varchar  Name on the card
			tier          varchar  wood, copper or silver
			member_since  date     First contact`,
	},
	{
		on: warehouse, name: "analytics.mart.attribution", title: "Attribution", level: "internal",
		about: "Which campaign an order is due to.",
		columns: `
			order_id     number         Key
			campaign_id  varchar        Last touch
			country      varchar        ISO 3166
			total_eur    number(12,2)   EUR, no VAT`,
	},
}
