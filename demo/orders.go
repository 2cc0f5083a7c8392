package demo

import "time"

var orderJobs = []job{
	{
		engine: dbt, name: "stage_orders", into: "analytics.stage.orders", every: hourly, at: 4 * time.Minute, takes: 3 * time.Minute, rows: 2_600,
		about: "Orders of the web shop, in EUR. Delivery notes stay behind.",
		query: query{
			from: "halden.shop.orders o",
			columns: `
				o.order_id
				o.customer_id
				o.store_id
				o.status
				o.ordered_at
				o.total_amount * rate(o.currency, o.ordered_at) as total_eur`,
			where: "o.status <> 'test'",
		},
	},
	{
		engine: dbt, name: "stage_order_lines", into: "analytics.stage.order_lines", every: daily, at: time.Hour + 10*time.Minute, takes: 5 * time.Minute, rows: 148_000,
		query: query{
			from: "halden.shop.order_lines l",
			joins: []string{
				"join halden.shop.products p on p.product_id = l.product_id",
				"left join halden.shop.returns r on r.order_id = l.order_id and r.line_no = l.line_no",
			},
			columns: `
				l.order_id
				l.line_no
				l.product_id
				p.name as product_name
				p.category
				l.quantity
				l.quantity * l.unit_price as amount_eur
				r.reason as return_reason`,
		},
	},
	{
		engine: spark, name: "read_receipts", into: "analytics.stage.receipts", every: daily, at: time.Hour, takes: 14 * time.Minute, rows: 61_000,
		about: "Receipts of the tills of 84 stores, as they arrive over night.",
		query: query{
			from: "raw/pos/receipts r",
			columns: `
				r.receipt_id
				r.store_id
				tokenise(r.loyalty_card) as loyalty_token
				r.printed_at as sold_at
				r.total as total_eur`,
			where: "r.voided = false",
		},
	},
	{
		engine: dbt, name: "customer_orders", into: "analytics.mart.customer_orders", every: daily, at: 3*time.Hour + 15*time.Minute, takes: 6 * time.Minute, rows: 1_320_000,
		about: "Orders summed up by customer.",
		query: query{
			from: "analytics.stage.orders o",
			columns: `
				o.customer_id
				min(o.ordered_at)::date as first_order_on
				max(o.ordered_at)::date as last_order_on
				count(o.order_id) as orders_12m
				sum(o.total_eur) as revenue_12m`,
			where: "o.status = 'delivered'", group: "o.customer_id",
		},
	},
	{
		engine: dbt, name: "orders_daily", into: "analytics.mart.orders_daily", every: hourly, at: 26 * time.Minute, takes: 4 * time.Minute, rows: 8_400,
		about: "Orders and receipts by day and store. Promised within two hours.", late: 5 * time.Hour,
		query: query{
			from:  "analytics.stage.orders o",
			joins: []string{"full join analytics.stage.receipts r on r.store_id = o.store_id and r.sold_at::date = o.ordered_at::date"},
			columns: `
				coalesce(o.ordered_at::date, r.sold_at::date) as day
				coalesce(o.store_id, r.store_id) as store_id
				count(distinct o.order_id) as orders
				count(distinct r.receipt_id) as receipts
				sum(o.total_eur) + sum(r.total_eur) as revenue_eur`,
			group: "all",
		},
	},
	{
		engine: dbt, name: "product_sales", into: "analytics.mart.product_sales", every: daily, at: 3*time.Hour + 20*time.Minute, takes: 5 * time.Minute, rows: 23_000,
		query: query{
			from:  "analytics.stage.order_lines l",
			joins: []string{"join analytics.stage.orders o on o.order_id = l.order_id"},
			columns: `
				o.ordered_at::date as day
				l.product_id
				l.product_name
				l.category
				sum(l.quantity) as sold
				sum(l.amount_eur) as revenue_eur
				count(l.return_reason) as returned`,
			group: "all",
		},
	},
	{
		engine: flink, name: "find_abandoned_baskets", into: "analytics.mart.abandoned_baskets", every: hourly, at: 8 * time.Minute, takes: 2 * time.Minute, rows: 910, age: 63,
		about: "Baskets with no order an hour later, of customers who may be written to.",
		query: query{
			from: "shop.baskets b",
			joins: []string{
				"join analytics.mart.customer_360 c on c.customer_id = b.customer_id",
				"left join analytics.stage.orders o on o.customer_id = b.customer_id and o.ordered_at > b.changed_at",
			},
			columns: `
				b.basket_id
				b.customer_id
				c.email_hash
				b.value_eur
				b.changed_at as left_at`,
			where: "c.consent_marketing and o.order_id is null",
		},
	},
}
