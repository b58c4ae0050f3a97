package feed

import "optflow/model/book"

// accounts are the book, and whoever writes down what it is told.
type accounts struct {
	*book.Book
	log Recorder // nil: nobody does, or not yet
}

// Apply tells the book something.
func (a *accounts) Apply(in book.Input) {
	if a.log == nil {
		a.Book.Apply(in)
		return
	}
	a.log.Telling(in)
	a.Book.Apply(in)
	a.log.Told(in)
}
