package demo

import "time"

var supplyJobs = []job{
	{
		engine: dbt, name: "stage_stock", into: "analytics.stage.stock", every: hourly, at: 12 * time.Minute, takes: 4 * time.Minute, rows: 412_000,
		about: "What lies where.",
		query: query{
			from: "wms.stock_levels l",
			columns: `
				l.store_id
				l.product_id
				l.on_hand - l.reserved as available
				l.counted_at`,
		},
	},
	{
		engine: dbt, name: "stage_shipments", into: "analytics.stage.shipments", every: daily, at: 70 * time.Minute, takes: 5 * time.Minute, rows: 31_000,
		about: "Shipments without whom they go to.",
		query: query{
			from: "wms.shipments s",
			columns: `
				s.shipment_id
				s.order_id
				left(s.postcode, 2) as area
				s.shipped_at
				s.delivered_at`,
		},
	},
	{
		engine: flink, name: "count_visitors", into: "analytics.stage.footfall", every: hourly, at: 3 * time.Minute, takes: 2 * time.Minute, rows: 1_000,
		query: query{
			from: "store.footfall f",
			columns: `
				f.store_id
				date_trunc('hour', f.seen_at) as hour
				sum(f.entered) as visitors`,
			group: "f.store_id, date_trunc('hour', f.seen_at)",
		},
	},
	{
		engine: dbt, name: "stock_cover", into: "analytics.mart.stock_cover", every: daily, at: 4*time.Hour + 5*time.Minute, takes: 6 * time.Minute, rows: 390_000,
		about: "For how many days stock lasts.",
		query: query{
			from:  "analytics.stage.stock k",
			joins: []string{"left join analytics.mart.demand_forecast d on d.product_id = k.product_id"},
			columns: `
				k.store_id
				k.product_id
				k.available
				k.available / nullif(d.pieces_per_day, 0) as days_left`,
		},
	},
	{
		engine: dbt, name: "delivery_times", into: "analytics.mart.delivery_times", every: daily, at: 3*time.Hour + 55*time.Minute, takes: 4 * time.Minute, rows: 9_100,
		about: "How long customers wait, by area.",
		query: query{
			from:  "analytics.stage.shipments s",
			joins: []string{"join analytics.stage.orders o on o.order_id = s.order_id"},
			columns: `
				s.area
				o.ordered_at::date as day
				median(datediff(hour, o.ordered_at, s.delivered_at)) as hours
				count(s.shipment_id) as shipments`,
			group: "all",
		},
	},
	{
		engine: spark, name: "forecast_demand", into: "analytics.mart.demand_forecast", every: daily, at: 3*time.Hour + 35*time.Minute, takes: 21 * time.Minute, rows: 18_000,
		about: "Pieces per day for the next two weeks, with the weather.",
		query: query{
			from: "analytics.mart.product_sales p",
			joins: []string{
				"left join raw/weather/daily w on w.day = p.day",
				"left join analytics.stage.footfall f on f.hour = p.day",
			},
			columns: `
				p.product_id
				p.category
				forecast(p.sold, w.temperature, w.rain_mm, f.visitors) as pieces_per_day`,
			group: "all",
		},
	},
	{
		engine: dbt, name: "supplier_scorecard", into: "analytics.mart.supplier_scorecard", every: weekly, at: 6*time.Hour + 30*time.Minute, takes: 3 * time.Minute, rows: 620,
		query: query{
			from: "erp.dbo.suppliers s",
			joins: []string{
				"left join erp.dbo.purchase_orders p on p.supplier_id = s.supplier_id",
				"left join halden.shop.products a on a.supplier_id = s.supplier_id",
				"left join analytics.mart.product_sales v on v.product_id = a.product_id",
			},
			columns: `
				s.supplier_id
				s.name as supplier
				avg(datediff(day, p.promised_on, p.arrived_on)) as days_late
				sum(v.returned) / nullif(sum(v.sold), 0) as return_rate`,
			group: "all",
		},
	},
}
