package link

// outcome is what asking for events comes to for the connection.
type outcome struct {
	kind  outcomeKind
	words string
}

type outcomeKind uint8

const (
	waits  outcomeKind = iota
	serves             // something was acknowledged
	silent             // nothing was
	lacks              // the plan lacks it, in the server's words
	redial             // it takes another connection, in ours
)

// outbox collects what is to be done.
type outbox []Action

func (o *outbox) do(a Action) { *o = append(*o, a) }

func (o *outbox) note(text string) { o.do(Note{text}) }
