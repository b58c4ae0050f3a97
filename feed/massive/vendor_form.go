package massive

import (
	"cmp"
	"encoding/json"
)

// inVendorsForm reads the body of an answer that is no success. Only what is
// JSON in the vendor's form says something of a plan: a firewall, a proxy or an
// edge answers 403 with a page of its own, and that passes.
func inVendorsForm(body []byte) (message string, is bool) {
	var said struct {
		Status    text `json:"status"`
		RequestID text `json:"request_id"`
		Error     text `json:"error"`
		Message   text `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", false
	}
	message = string(cmp.Or(said.Error, said.Message))
	return message, message != "" || said.Status != "" || said.RequestID != ""
}
