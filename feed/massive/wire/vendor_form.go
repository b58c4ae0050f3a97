package wire

import (
	"cmp"
	"encoding/json"
)

// InVendorsForm reads the body of an answer that is no success. Only what is
// JSON in the vendor's form says something of a plan: a firewall, a proxy or an
// edge answers 403 with a page of its own, and that passes.
func InVendorsForm(body []byte) (message string, is bool) {
	var said struct {
		Status    Text `json:"status"`
		RequestID Text `json:"request_id"`
		Error     Text `json:"error"`
		Message   Text `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", false
	}
	message = string(cmp.Or(said.Error, said.Message))
	return message, message != "" || said.Status != "" || said.RequestID != ""
}
