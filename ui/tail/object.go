package tail

import "optflow/model"

// Object is a row as one JSON object, as the output has it, without its line
// break.
func (l Lines) Object(row *model.Burst, c *model.Contract) []byte {
	p := printer{o: Options{Format: JSON, Rules: l.Rules}, format: jsonFormat{}}
	if p.o.Rules == nil {
		p.o.Rules = model.DefaultRules()
	}
	p.print(row, nil, c, l.span(row))
	return p.batch[:len(p.batch)-1]
}
