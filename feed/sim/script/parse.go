package script

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// word is one word of a step; a quoted one is a text.
type word struct {
	text   string
	quoted bool
}

// split cuts a line into steps and those into words.
func split(line string) (steps [][]word, err error) {
	var words []word
	end := func() {
		if len(words) > 0 {
			steps = append(steps, words)
			words = nil
		}
	}
	for line != "" {
		switch c := line[0]; {
		case c == '#':
			line = ""
		case c == ';':
			end()
			line = line[1:]
		case c == ' ' || c == '\t' || c == '\r':
			line = line[1:]
		case c == '"':
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return nil, errors.New("a text is not closed, or holds an unknown escape")
			}
			text, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, errors.New("a text holds an unknown escape")
			}
			words = append(words, word{text, true})
			line = line[len(quoted):]
		default:
			n := strings.IndexAny(line, " \t\r;#\"")
			if n < 0 {
				n = len(line)
			}
			words = append(words, word{line[:n], false})
			line = line[n:]
		}
	}
	end()
	return steps, nil
}

// choices are the words that a verb takes.
var choices = map[Verb][]string{
	Connect:   {"ok", "mute", "hang", "drop", "page", "status", "redirect"},
	Auth:      {"ok", "failed", "plan", "timeout", "silent"},
	Subscribe: {"ok", "silent", "refused"},
	Pongs:     {"on", "off"},
	REST:      {"ok", "late", "hang", "page", "cut", "refused", "status"},
}

var verbs = []Verb{Connect, Auth, Subscribe, Pongs, REST, Contracts, Send, Lose, Status, Text, Bytes, Ping, Stall, Freeze, Close, Drop}

// reader takes a step's words one after another; the first error stays.
type reader struct {
	words []word
	err   error
}

func parseStep(words []word) (Step, error) {
	r := &reader{words: words}
	step := Step{Verb: Verb(r.plain("a verb"))}
	if r.err == nil && !slices.Contains(verbs, step.Verb) {
		return step, fmt.Errorf("no step %q: want one of %s", step.Verb, joined(verbs))
	}
	switch step.Verb {
	case Connect, Auth, Subscribe, Pongs, REST:
		step.Word = r.choice(choices[step.Verb])
		switch {
		case step.Word == "status":
			step.N = r.number(100, 599)
			if r.next("after") {
				step.Text = r.any("a time or a date")
			}
			if r.next("says") {
				step.Body = r.any("a body")
			}
		case step.Word == "redirect":
			step.Text = r.any("a URL")
		case step.Verb == Auth && step.Word == "failed", step.Verb == Subscribe && step.Word == "refused":
			step.Text = r.optional()
		}
	case Contracts:
		step.N = r.number(1, maxContracts)
	case Send, Lose:
		step.N = r.number(1, maxCount)
		if !r.next("bars") && !r.next("bar") {
			r.fail("%s wants a number and then bars", step.Verb)
		}
		if step.Verb == Send {
			step.Every = r.every()
		}
	case Status:
		step.Word = r.any("a word")
		step.Text = r.optional()
	case Text, Bytes:
		step.Text = r.any("a text")
		step.Every = r.every()
	case Ping:
		step.N = r.number(1, maxCount)
		step.Every = r.every()
	case Stall, Freeze:
		step.For = r.duration()
	case Close:
		step.N = r.number(1000, 4999)
		if step.Text = r.optional(); len(step.Text) > 123 {
			r.fail("a reason has at most 123 bytes")
		}
	}
	if r.err == nil && len(r.words) > 0 {
		r.fail("nothing is expected after %s, but %q follows", step.Verb, r.words[0].text)
	}
	return step, r.err
}

func joined[T ~string](all []T) string {
	var b strings.Builder
	for i, one := range all {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(one))
	}
	return b.String()
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reader) take(what string) word {
	if len(r.words) == 0 {
		r.fail("%s is missing", what)
		return word{}
	}
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

func (r *reader) plain(what string) string {
	w := r.take(what)
	if w.quoted {
		r.fail("%s is expected, not the text %q", what, w.text)
	}
	return w.text
}

func (r *reader) any(what string) string { return r.take(what).text }

// optional is a text, if one follows.
func (r *reader) optional() string {
	if len(r.words) == 0 || !r.words[0].quoted {
		return ""
	}
	return r.take("a text").text
}

// next takes the word if it is the next one.
func (r *reader) next(want string) bool {
	if len(r.words) == 0 || r.words[0] != (word{want, false}) {
		return false
	}
	r.words = r.words[1:]
	return true
}

func (r *reader) choice(of []string) string {
	w := r.plain("one of " + joined(of))
	if r.err == nil && !slices.Contains(of, w) {
		r.fail("%q is none of %s", w, joined(of))
	}
	return w
}

func (r *reader) number(least, most int) int {
	w := r.plain("a number")
	n, err := strconv.Atoi(w)
	if r.err == nil && (err != nil || n < least || n > most) {
		r.fail("%q is not a number from %d to %d", w, least, most)
	}
	return n
}

func (r *reader) duration() time.Duration {
	w := r.plain("a duration such as 50s")
	d, err := time.ParseDuration(w)
	if r.err == nil && (err != nil || d <= 0 || d > maxDuration) {
		r.fail("%q is not a duration such as 50s, of a week at most", w)
	}
	return d
}

func (r *reader) every() time.Duration {
	if !r.next("every") {
		return 0
	}
	return r.duration()
}
