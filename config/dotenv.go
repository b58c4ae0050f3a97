package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/joho/godotenv"

	"optflow/config/textfile"
)

const (
	// dotEnv is the file's name, in the working directory only.
	dotEnv = ".env"
	// largestDotEnv and largestValue bound what is read of it: bytes, and lines
	// of one quoted value.
	largestDotEnv = 256 << 10
	largestValue  = 100
	// dollar stands for $ while the library reads: it would put other values in
	// its place, and a key is to be taken as it is written.
	dollar = "\x01"
)

// readDotEnv takes our variables from .env. It may be the file of another
// program, so what is none of ours is not judged.
func (l *loader) readDotEnv() {
	path := filepath.Join(l.Dir, dotEnv)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return // a pipe of that name would keep us waiting
	}
	var text []byte
	if err == nil && info.Size() > largestDotEnv {
		l.warn(dotEnv + " is not read: it is too large")
		return
	}
	if err == nil {
		text, err = textfile.Read(path)
	}
	if err != nil {
		l.warn(dotEnv + " cannot be read: " + cause(err))
		return
	}
	l.takeDotEnv(decodeText(text))
	for _, name := range keyNames {
		if _, holds := l.dot[name]; holds {
			l.judgeFile(dotEnv, info)
			break
		}
	}
}

func (l *loader) takeDotEnv(text string) {
	values, broken := parseDotEnv(text)
	l.dot = values
	var others []int
	for _, b := range broken {
		if b.ours {
			l.fail(&Error{Source: dotEnv + line(b.line), Problem: "the line is malformed", Allowed: "NAME=value, the value in quotes when it has spaces"})
		} else {
			others = append(others, b.line)
		}
	}
	switch {
	case len(others) == 1:
		l.warn(fmt.Sprintf("%s%s is malformed and left out", dotEnv, line(others[0])))
	case len(others) > 1:
		l.warn(fmt.Sprintf("lines %s of %s are malformed and left out", lineNumbers(others), dotEnv))
	}
}

// judgeFile warns of a file with a key in it that is not its user's alone.
func (l *loader) judgeFile(name string, info fs.FileInfo) {
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		l.warn(fmt.Sprintf("%s holds a key and other users may open it: chmod 600 %s", name, name))
	}
	if textfile.Foreign(info) {
		l.warn(name + " holds a key and belongs to another user")
	}
}

// brokenLine is a line that cannot be read; ours when it speaks of a name that
// this program looks for.
type brokenLine struct {
	line int
	ours bool
}

// parseDotEnv reads the variables of a .env file. The library reads one
// statement at a time, so that a malformed one costs no other and its line is
// known without the library's error text, which repeats the line.
func parseDotEnv(text string) (map[string]given, []brokenLine) {
	values := make(map[string]given)
	var broken []brokenLine
	text = strings.TrimPrefix(text, "\ufeff")
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for i := 0; i < len(lines); i++ {
		first := i
		if trimmed := strings.TrimSpace(lines[i]); trimmed == "" || trimmed[0] == '#' {
			continue
		}
		statement := withoutShell(lines[i])
		if open(statement) {
			if last := closes(statement, lines[first:min(len(lines), first+largestValue)]); last > 0 {
				i = first + last
				statement += "\n" + strings.Join(lines[first+1:i+1], "\n")
			}
		}
		name, value, ok := parseStatement(statement)
		if !ok {
			broken = append(broken, brokenLine{first + 1, speaksOfUs(lines[first])})
			i = first
			continue
		}
		if value == "" {
			delete(values, name) // set to nothing counts as not set
			continue
		}
		from := Source{Kind: FromDotEnv, Line: first + 1}
		if names.MatchString(name) {
			from.Name = name
		}
		values[name] = given{value, from}
	}
	capitals(values, variables())
	return values, broken
}

// blanks may stand before a value.
const blanks = " \t\v\f\u0085\u00a0"

// open reports whether a statement's quoted value goes on in the next line.
func open(statement string) bool {
	at := strings.IndexAny(statement, "=:")
	if at < 0 {
		return false
	}
	value := strings.TrimLeft(statement[at+1:], blanks)
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return false
	}
	for i := 1; i < len(value); i++ {
		if value[i] == value[0] && value[i-1] != '\\' {
			return false
		}
	}
	return true
}

// closes is which of the lines ends the quoted value of a statement that is open
// in the first of them, 0 none.
func closes(statement string, lines []string) int {
	quote := statement[strings.IndexAny(statement, "=:")+1:]
	quote = strings.TrimLeft(quote, blanks)[:1]
	for n := 1; n < len(lines); n++ {
		for i := range len(lines[n]) {
			if lines[n][i] == quote[0] && (i == 0 || lines[n][i-1] != '\\') {
				return n
			}
		}
	}
	return 0
}

func parseStatement(statement string) (name, value string, ok bool) {
	if open(statement) || strings.Contains(statement, dollar) || strings.Contains(statement, "\x00") || !utf8.ValidString(statement) {
		return "", "", false
	}
	parsed, err := godotenv.Unmarshal(strings.NewReplacer(`\$`, dollar, "$", dollar).Replace(statement))
	if err != nil || len(parsed) != 1 {
		return "", "", false
	}
	for name, value = range parsed {
		value = strings.ReplaceAll(value, dollar, "$")
	}
	return name, value, name != "" && !strings.Contains(name, dollar)
}

// speaksOfUs reports whether a line was meant for this program.
func speaksOfUs(line string) bool {
	upper := strings.ToUpper(line)
	return strings.Contains(upper, "MASSIVE_") || strings.Contains(upper, "POLYGON_") || strings.Contains(upper, envPrefix)
}

// cause is the reason of a file error without its path.
func cause(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
