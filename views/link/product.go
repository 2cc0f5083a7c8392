package link

import (
	"net/url"
	"strconv"
)

// ProductPart is a part of the list of products: what was searched for, the filters, and how many stand before it.
type ProductPart struct {
	Text, State, Domain string
	Offset              int
}

// ProductList is a part of the list of products.
func ProductList(p ProductPart) string {
	values := url.Values{"q": {p.Text}, "state": {p.State}, "domain": {p.Domain}}
	if p.Offset > 0 {
		values.Set("from", strconv.Itoa(p.Offset))
	}
	return withQuery(Products(), values)
}

// Product is the page of one product.
func Product(slug string) string { return Products() + "/" + url.PathEscape(slug) }

// ProductSub is a form of a product: "edit", "data", "terms", "publish", "deprecate", "retire".
func ProductSub(slug, part string) string { return Product(slug) + "/" + part }

// ProductFind is the form of a product's datasets with those that a text finds.
func ProductFind(slug, text string) string {
	return withQuery(ProductSub(slug, "data"), url.Values{"q": {text}})
}

// Template is the page of one policy template.
func Template(name string) string { return Templates() + "/" + url.PathEscape(name) }

// TemplateSub is a form or part of a policy template: "edit", "end", "versions", "simulate", "confirm", "refuse".
func TemplateSub(name, part string) string { return Template(name) + "/" + part }

// NewTemplateFor is the form of a new policy template that holds for a product.
func NewTemplateFor(product string) string {
	return withQuery(New(Templates()), url.Values{"product": {product}})
}
