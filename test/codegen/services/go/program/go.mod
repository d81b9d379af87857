module example.com/program

go 1.26.0

require (
	example.com/invoices v0.0.0
	example.com/orders v0.0.0
)

replace (
	example.com/invoices => ../invoices
	example.com/orders => ../orders
)
