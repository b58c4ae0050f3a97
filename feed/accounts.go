package feed

import "optflow/model/book"

// accounts are the book, and whoever writes down what it is told.
type accounts struct {
	*book.Book
	told func(book.Input) // nil: nobody does
}

// Apply tells the book something.
func (a *accounts) Apply(in book.Input) {
	a.Book.Apply(in)
	if a.told != nil {
		a.told(in)
	}
}
