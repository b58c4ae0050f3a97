package feed

import "optflow/model"

// Accounts are today's accounts of all contracts as the run left them: settled,
// nothing pending. It is valid once Run has returned; before, the accounts are
// the engine's alone.
func (e *Engine) Accounts() []model.Account {
	var all []model.Account
	e.book.Accounts(func(a model.Account) bool {
		all = append(all, a)
		return true
	})
	return all
}
