package model

import "errors"

// ParseContract is defined by the contract room.
func ParseContract(symbol string) (Contract, error) { return Contract{}, errors.New("not yet") }
