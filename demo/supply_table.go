package demo

var supplySources = []table{
	{
		on: erp, name: "erp.dbo.suppliers", title: "Suppliers", owner: "Purchasing", level: "confidential",
		about: "Who delivers to us.",
		columns: `
			supplier_id    int       Key
			name           nvarchar  Company
			country        char(2)   ISO 3166
			contact_name   nvarchar  !pii Whom we call
			contact_email  nvarchar  !pii Where we write to`,
	},
	{
		on: erp, name: "erp.dbo.purchase_orders", title: "Purchase orders", owner: "Purchasing", level: "confidential",
		about: "What we ordered, and when it came.",
		columns: `
			purchase_order_id  int            Key
			supplier_id        int            Of whom
			product_id         int            What
			quantity           int            Pieces
			cost               decimal(12,2)  EUR
			promised_on        date           Promised
			arrived_on         date           Arrived`,
	},
	{
		on: wms, name: "wms.stock_levels", title: "Stock levels", owner: "Warehouses", level: "internal",
		columns: `
			store_id    int       Store or warehouse
			product_id  int       Product
			on_hand     int       Counted
			reserved    int       Sold, not shipped
			counted_at  datetime  When`,
	},
	{
		on: wms, name: "wms.shipments", title: "Shipments", owner: "Warehouses", level: "confidential",
		about: "Parcels and pallets on their way.",
		columns: `
			shipment_id   bigint    Key
			order_id      bigint    Order
			recipient     varchar   !pii Name on the parcel
			postcode      varchar   !pii Where it goes
			shipped_at    datetime  Left us
			delivered_at  datetime  Arrived`,
	},
	{
		on: kafka, name: "store.footfall", title: "Store visitors", owner: "Store systems", level: "internal", keep: "P7D",
		about: "Counters at the doors.",
		columns: `
			store_id  int        Store
			door      int        Door
			entered   int        People since the last message
			seen_at   timestamp  When`,
	},
	{
		on: lake, name: "raw/weather/daily", title: "Weather", level: "public",
		columns: `
			day          date    Day
			station      string  Station
			temperature  double  Degrees Celsius, noon
			rain_mm      double  Millimetres`,
	},
}

var supplyTables = []table{
	{
		on: warehouse, name: "analytics.stage.stock", title: "Stock", owner: "Supply chain", level: "internal",
		about: "Pieces that can be sold.",
		columns: `
			store_id    number        Store or warehouse
			product_id  number        Product
			available   number        Counted less reserved
			counted_at  timestamp_tz  When`,
		checks: "not_null available",
	},
	{
		on: warehouse, name: "analytics.stage.shipments", title: "Shipments, without names", owner: "Supply chain", level: "internal",
		columns: `
			shipment_id   number        Key
			order_id      number        Order
			area          varchar       First two digits of the postcode
			shipped_at    timestamp_tz  Left us
			delivered_at  timestamp_tz  Arrived`,
	},
	{
		on: warehouse, name: "analytics.stage.footfall", title: "Visitors by hour", owner: "Store systems", level: "internal",
		about: "How many people came in.",
		columns: `
			store_id  number        Store
			hour      timestamp_tz  Hour
			visitors  number        People`,
	},
	{
		on: warehouse, name: "analytics.mart.stock_cover", title: "Stock cover", owner: "Supply chain", level: "internal",
		about: "Where stock runs out.",
		columns: `
			store_id    number  Store or warehouse
			product_id  number  Product
			available   number  Pieces
			days_left   float   At the demand that is expected`,
	},
	{
		on: warehouse, name: "analytics.mart.delivery_times", title: "Delivery times", owner: "Supply chain", level: "internal",
		about: "From the order to the door.",
		columns: `
			area       varchar  First two digits of the postcode
			day        date     Day of the order
			hours      float    Median
			shipments  number   How many`,
	},
	{
		on: warehouse, name: "analytics.mart.demand_forecast", title: "Demand forecast", owner: "Supply chain", level: "internal",
		about: "Pieces per day for the next two weeks.",
		columns: `
			product_id      number   Product
			category        varchar  Third level of the tree
			pieces_per_day  float    Expected`,
	},
	{
		on: warehouse, name: "analytics.mart.supplier_scorecard", title: "Supplier scorecard", owner: "Purchasing", level: "confidential",
		about: "How reliable suppliers are.",
		columns: `
			supplier_id  number   Key
			supplier     varchar  Company
			days_late    float    Average
			return_rate  float    Lines sent back by lines sold`,
	},
}
