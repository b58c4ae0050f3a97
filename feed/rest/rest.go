// Package rest decides what is asked by REST, and when: each sort of question is
// a type of its own that is told the moment, queues what it wants to ask in the
// Budget, and books the answers. Nothing here waits, sends or reads a clock: the
// engine sends what the budget permits and hands the answers back, all on its
// one goroutine.
package rest
