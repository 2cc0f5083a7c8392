package demo

var orderTables = []table{
	{
		on: shop, name: "halden.shop.orders", title: "Shop orders", owner: "Web shop", level: "confidential", keep: "P10Y",
		about: "Orders of the web shop, the app and the tablets in the stores. Written by the shop itself; **correct data here**.",
		tags:  []string{"master"},
		columns: `
			order_id       bigint         Key
			customer_id    bigint         Who ordered
			store_id       int            Store that delivers
			status         varchar        placed, paid, packed, delivered, returned or test
			ordered_at     timestamptz    When
			total_amount   numeric(12,2)  Without VAT
			currency       char(3)        ISO 4217
			delivery_note  text           !pii Free text for the driver`,
		checks: "unique order_id\nnot_null customer_id\naccepted_values status",
	},
	{
		on: shop, name: "halden.shop.order_lines", title: "Order lines", owner: "Web shop", level: "internal",
		about: "What was ordered, line by line.",
		columns: `
			order_id    bigint         Order
			line_no     int            From 1
			product_id  bigint         Product
			quantity    int            Pieces
			unit_price  numeric(10,2)  EUR without VAT`,
	},
	{
		on: shop, name: "halden.shop.returns", title: "Returns", owner: "Web shop", level: "internal",
		columns: `
			order_id     bigint       Order
			line_no      int          Line
			reason       varchar      Code of the reason
			returned_at  timestamptz  When it arrived`,
	},
	{
		on: shop, name: "halden.shop.products", title: "Products", owner: "Assortment", level: "public",
		about: "The assortment as the shop shows it.",
		columns: `
			product_id   bigint         Key
			name         varchar        As shown
			category     varchar        Third level of the tree
			supplier_id  int            Who makes it
			price        numeric(10,2)  EUR with VAT`,
	},
	{
		on: kafka, name: "shop.baskets", title: "Baskets", owner: "Web shop", level: "internal", keep: "P7D",
		about: "Each change of a basket.",
		columns: `
			basket_id    string         Key
			customer_id  bigint         Empty without sign-in
			value_eur    decimal(10,2)  EUR with VAT
			changed_at   timestamp      When`,
	},
	{
		on: lake, name: "raw/pos/receipts", title: "Till receipts", owner: "Store systems", level: "confidential",
		about: "One Parquet file per store and night.",
		columns: `
			receipt_id    string         Key
			store_id      int            Store
			loyalty_card  string         !pii Number of the loyalty card
			printed_at    timestamp      Till time
			total         decimal(12,2)  EUR without VAT
			voided        boolean        Taken back at the till`,
	},
	{
		on: warehouse, name: "analytics.stage.orders", title: "Orders", owner: "Order data", level: "internal",
		about: "Orders in EUR, without test orders.",
		columns: `
			order_id     number         Key
			customer_id  number         Who ordered
			store_id     number         Store that delivers
			status       varchar        Where it stands
			ordered_at   timestamp_tz   When
			total_eur    number(12,2)   EUR, no VAT`,
		checks: "unique order_id\nnot_null total_eur",
	},
	{
		on: warehouse, name: "analytics.stage.order_lines", title: "Order lines, with products", owner: "Order data", level: "internal",
		about: "Order lines with product and reason of return.",
		columns: `
			order_id       number        Order
			line_no        number        From 1
			product_id     number        Product
			product_name   varchar       As shown
			category       varchar       Third level of the tree
			quantity       number        Pieces
			amount_eur     number(12,2)  EUR, no VAT
			return_reason  varchar       Empty if kept`,
	},
	{
		on: warehouse, name: "analytics.stage.receipts", title: "Receipts", owner: "Order data", level: "internal",
		columns: `
			receipt_id     varchar       Key
			store_id       number        Store
			loyalty_token  varchar       Token of the loyalty card
			sold_at        timestamp_tz  Till time
			total_eur      number(12,2)  EUR, no VAT`,
	},
	{
		on: warehouse, name: "analytics.mart.customer_orders", title: "Orders by customer", owner: "Order data", level: "internal",
		about: "The last twelve months of each customer.",
		columns: `
			customer_id     number        Key
			first_order_on  date          First order
			last_order_on   date          Last order
			orders_12m      number        Orders
			revenue_12m     number(12,2)  EUR, no VAT`,
	},
	{
		on: warehouse, name: "analytics.mart.orders_daily", title: "Orders daily", owner: "Order data", level: "internal",
		about: "Orders and revenue by day and store. **Fresh within two hours**, or the dashboards say so.",
		tags:  []string{"certified", "tier:1"},
		columns: `
			day          date          Day
			store_id     number        Store
			orders       number        Orders of the shop
			receipts     number        Receipts of the tills
			revenue_eur  number(14,2)  EUR, no VAT`,
		checks: "not_null day\nnot_null store_id",
	},
	{
		on: warehouse, name: "analytics.mart.product_sales", title: "Product sales", owner: "Assortment", level: "internal",
		about: "What sells, by day.",
		columns: `
			day           date          Day
			product_id    number        Product
			product_name  varchar       As shown
			category      varchar       Third level of the tree
			sold          number        Pieces
			revenue_eur   number(14,2)  EUR, no VAT
			returned      number        Lines sent back`,
	},
	{
		on: warehouse, name: "analytics.mart.abandoned_baskets", title: "Abandoned baskets", owner: "Growth", level: "internal",
		about: "Whom to remind of a basket.",
		columns: `
			basket_id    varchar        Key
			customer_id  number         Whose
			email_hash   varchar        To find the address in the mail tool
			value_eur    number(10,2)   EUR with VAT
			left_at      timestamp_tz   Last change`,
	},
}
