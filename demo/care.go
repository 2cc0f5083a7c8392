package demo

import "time"

var careTables = []table{
	{
		on: care, name: "halden.care.tickets", title: "Care tickets", owner: "Customer care", level: "restricted", keep: "P3Y",
		about: "What customers write and say to us. `health_note` holds needs that they tell us for delivery or assembly: **health data**, " +
			"for care staff only.",
		tags: []string{"data-protection", "special-category"},
		columns: `
			ticket_id    bigint       Key
			customer_id  bigint       Who asked
			order_id     bigint       About what
			subject      varchar      First line
			body         text         !pii As written
			health_note  text         !phi Allergies, mobility, pregnancy
			rating       int          0 to 10, asked at the end
			opened_at    timestamptz  When
			closed_at    timestamptz  When it was solved`,
		checks: "unique ticket_id\nnot_null customer_id",
	},
	{
		on: lake, name: "raw/chat/transcripts", title: "Chat transcripts", owner: "Customer care", level: "restricted", keep: "P1Y",
		about: "Chats of the web shop as JSON lines.",
		columns: `
			chat_id      string     Key
			customer_id  bigint     Who asked
			transcript   string     !pii All that was written
			started_at   timestamp  When`,
	},
	{
		on: warehouse, name: "analytics.stage.tickets", title: "Tickets", owner: "Customer care", level: "restricted",
		about: "Tickets without their text, with topics found in it.",
		columns: `
			ticket_id    number        Key
			customer_id  number        Who asked
			topics       array         Found in text and notes
			rating       number        0 to 10
			opened_at    timestamp_tz  When
			hours_open   number        Until it was solved`,
		checks: "unique ticket_id",
	},
	{
		on: warehouse, name: "analytics.stage.chats", title: "Chats", owner: "Customer care", level: "confidential",
		columns: `
			chat_id      varchar       Key
			customer_id  number        Who asked
			topics       array         Found in the transcript, names taken out
			started_at   timestamp_tz  When`,
	},
	{
		on: warehouse, name: "analytics.mart.support_topics", title: "Support topics", owner: "Customer care", level: "restricted",
		about: "What a customer asked about in the last year.",
		columns: `
			customer_id     number  Key
			support_topics  array   Topics of tickets and chats
			tickets         number  Tickets`,
	},
	{
		on: warehouse, name: "analytics.mart.care_daily", title: "Care daily", owner: "Customer care", level: "internal",
		about: "Tickets and time to solve them, by day and country.",
		columns: `
			day         date    Day
			country     varchar ISO 3166
			tickets     number  Opened
			hours_open  float   Median until solved`,
	},
	{
		on: warehouse, name: "analytics.mart.nps", title: "Net promoter score", owner: "Customer care", level: "internal",
		about: "Promoters less detractors, by segment and month.",
		columns: `
			month    date    First day
			segment  varchar Segment
			nps      float   -100 to 100`,
	},
}

var careJobs = []job{
	{
		engine: airflow, name: "care_daily.extract_topics", into: "analytics.stage.tickets", parent: "care_daily", every: daily, at: 105 * time.Minute, takes: 13 * time.Minute, rows: 6_100,
		about: "Finds topics in text and notes. The text itself goes no further; **topics may still tell of health**.",
		query: query{
			from: "halden.care.tickets t",
			columns: `
				t.ticket_id
				t.customer_id
				extract_topics(t.subject, t.body, t.health_note) as topics
				t.rating
				t.opened_at
				datediff(hour, t.opened_at, t.closed_at) as hours_open`,
		},
	},
	{
		engine: airflow, name: "care_daily.redact_chats", into: "analytics.stage.chats", parent: "care_daily", every: daily, at: 2*time.Hour + 2*time.Minute, takes: 17 * time.Minute, rows: 3_900,
		about: "Takes names and addresses out of chats, then finds topics.",
		query: query{
			from: "raw/chat/transcripts h",
			columns: `
				h.chat_id
				h.customer_id
				extract_topics(mask_names(h.transcript)) as topics
				h.started_at`,
		},
	},
	{
		engine: dbt, name: "support_topics", into: "analytics.mart.support_topics", every: daily, at: 2*time.Hour + 40*time.Minute, takes: 4 * time.Minute, rows: 214_000, age: 24,
		about: "Topics by customer.",
		query: query{
			from:  "analytics.stage.tickets t",
			joins: []string{"full join analytics.stage.chats h on h.customer_id = t.customer_id"},
			columns: `
				coalesce(t.customer_id, h.customer_id) as customer_id
				array_union_agg(array_cat(t.topics, h.topics)) as support_topics
				count(distinct t.ticket_id) as tickets`,
			group: "all",
		},
	},
	{
		engine: dbt, name: "care_daily", into: "analytics.mart.care_daily", every: daily, at: 3*time.Hour + 25*time.Minute, takes: 3 * time.Minute, rows: 2_200,
		query: query{
			from:  "analytics.stage.tickets t",
			joins: []string{"left join analytics.mart.customer_360 c on c.customer_id = t.customer_id"},
			columns: `
				t.opened_at::date as day
				c.country
				count(t.ticket_id) as tickets
				median(t.hours_open) as hours_open`,
			group: "all",
		},
	},
	{
		engine: dbt, name: "nps", into: "analytics.mart.nps", every: weekly, at: 6*time.Hour + 10*time.Minute, takes: 2 * time.Minute, rows: 480,
		query: query{
			from:  "analytics.stage.tickets t",
			joins: []string{"join analytics.mart.segments g on g.customer_id = t.customer_id"},
			columns: `
				date_trunc('month', t.opened_at) as month
				g.segment
				100 * (avg(iff(t.rating >= 9, 1, 0)) - avg(iff(t.rating <= 6, 1, 0))) as nps`,
			group: "all",
		},
	},
}
