package viewers

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// publicKey is a key as a file has it; the same seed gives the same one.
func publicKey(t testing.TB, seed byte) string {
	t.Helper()
	key, err := ssh.NewPublicKey(ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('a'+seed)), ed25519.SeedSize))).Public())
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

func rsaKey(t testing.TB, bits int) string {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(&private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
}

func TestParse(t *testing.T) {
	a, b, c := publicKey(t, 0), publicKey(t, 1), publicKey(t, 2)
	l := Parse("\ufeff# who may look\r\n\r\n" +
		`name="olaf",role=owner ` + a + " olaf@desk\r\n" +
		`  name=ann,from="10.0.0.0/8,2001:db8::1, ::ffff:192.168.1.5" ` + b + "\n" +
		`role=operator,name="bob",expiry-time="20271231"	` + c)
	if len(l.Wrong) > 0 || len(l.Viewers) != 3 {
		t.Fatalf("%v, wrong %v", l.Viewers, l.Wrong)
	}
	for i, want := range []struct {
		name string
		role Role
		line int
	}{{"olaf", Owner, 3}, {"ann", Plain, 4}, {"bob", Operator, 5}} {
		if v := l.Viewers[i]; v.Name != want.name || v.Role != want.role || v.Line != want.line {
			t.Errorf("%d: %+v, want %+v", i, v, want)
		}
	}
	if got := l.Owner() + " " + strings.Join(l.Others(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)), ","); got != "olaf ann,bob" {
		t.Errorf("people: %s", got)
	}
	if got := l.Others(time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)); strings.Join(got, ",") != "ann" {
		t.Errorf("people later: %s", got)
	}
	key, _, _, _, _ := ssh.ParseAuthorizedKey([]byte(b))
	if v := l.Find(key); v == nil || v.Name != "ann" || v.Fingerprint() != ssh.FingerprintSHA256(key) {
		t.Errorf("found %+v", v)
	}
	stranger, _, _, _, _ := ssh.ParseAuthorizedKey([]byte(publicKey(t, 9)))
	if l.Find(stranger) != nil || l.Find(nil) != nil || (*List)(nil).Find(key) != nil {
		t.Error("somebody was found")
	}
}

// A line that is wrong is said with its place, and costs nobody else.
func TestWrongLines(t *testing.T) {
	a, b := publicKey(t, 0), publicKey(t, 1)
	certificate := "ssh-ed25519-cert-v01@openssh.com " + strings.Fields(a)[1]
	for _, c := range []struct{ line, says string }{
		{a, "1:1: there is no name"},
		{"name=x " + strings.Replace(a, "AAAA", "****", 1), "1:20: the key is not in base64"},
		{"name=x ssh-ed25519 AAAA", "1:20: the key is damaged"},
		{"name=x ssh-ed25519 ", "1:19: there is no key behind its type"},
		{"name=x ssh-rsa " + strings.Fields(a)[1], `1:16: the key is of the type "ssh-ed25519"`},
		{"name=x " + certificate, `1:8: a key of the type "ssh-ed25519-cert-v01@openssh.com" is not taken`},
		{"name=x ssh-dss AAAA", `1:8: a key of the type "ssh-dss" is not taken`},
		{"name=x " + rsaKey(t, 1024), "an RSA key of 1024 bits is too short"},
		{`name="x ` + a, "1:6: the quote does not end"},
		{`name="x"y ` + a, "1:9: after a quote comes a comma or a blank"},
		{`name=x,no-pty ` + a, `1:8: a key of the type "no-pty" is not taken`},
		{`name=x,command="sh" ` + a, `1:8: "command" is no option`},
		{`name=x,cert-authority=1 ` + a, `"cert-authority" is no option`},
		{`name=x,name=y ` + a, "1:8: name is given twice"},
		{`name=x,role=root ` + a, "1:13: role is owner, viewer or operator"},
		{`name=../x ` + a, "1:6: name is up to 24 letters"},
		{`name="x y" ` + a, "1:6: name is up to 24"},
		{`name="" ` + a, "1:6: name is up to 24"},
		{`name=x,expiry-time=tomorrow ` + a, "1:20: expiry-time is YYYYMMDD"},
		{`name=x,expiry-time=20261301 ` + a, "expiry-time is YYYYMMDD"},
		{`name=x,from="*.example.com" ` + a, `1:13: from has "*.example.com", which is neither`},
		{`name=x,from="" ` + a, "1:13: from has"},
		{`name=x,from="!10.0.0.1" ` + a, "from has"},
		{`name=x`, "1:7: there is no key"},
		{`name=x,`, "1:8: there is no key"},
		{`name=x hello`, "1:8: here should be a key"},
		{"\x1b[2J=1 " + a, `"\x1b[2j" is no option`},
		{"name=x " + a + " " + strings.Repeat("c", lineMost), "longer than 8192 bytes"},
		{",", `1:1: "," is neither`},
	} {
		l := Parse(c.line + "\nname=ok " + b + "\n")
		if len(l.Wrong) != 1 || !strings.Contains(l.Wrong[0].String(), c.says) || strings.ContainsRune(l.Wrong[0].String(), 0x1b) {
			t.Errorf("%q: %v, want %q", c.line, l.Wrong, c.says)
		}
		if len(l.Viewers) != 1 || l.Viewers[0].Name != "ok" {
			t.Errorf("%q shuts out others: %v", c.line, l.Viewers)
		}
	}
	l := Parse("name=x,role=owner " + a + "\nname=y,role=owner " + b + "\nname=x " + publicKey(t, 2) + "\nname=z " + a)
	if got := fmt.Sprint(l.Wrong); len(l.Viewers) != 1 || got != "[2:1: the owner is x, in line 1: there is one 3:1: x has another role in line 1 4:1: the key is in line 1 already]" {
		t.Errorf("%v, wrong %s", l.Viewers, got)
	}
}

func TestRefused(t *testing.T) {
	a := publicKey(t, 0)
	for _, c := range []struct{ options, now, from, says string }{
		{"", "2026-12-01T00:00:00Z", "8.8.8.8", ""},
		{`,expiry-time=20261201Z`, "2026-11-30T23:59:59Z", "8.8.8.8", ""},
		{`,expiry-time=20261201Z`, "2026-12-01T00:00:00Z", "8.8.8.8", "the key expired at 2026-12-01 00:00 UTC"},
		{`,expiry-time=202612011430Z`, "2026-12-01T14:29:59Z", "8.8.8.8", ""},
		{`,expiry-time=20261201143000z`, "2026-12-01T14:30:00Z", "8.8.8.8", "expired"},
		{`,from=10.0.0.0/8`, "2026-12-01T00:00:00Z", "10.1.2.3", ""},
		{`,from=10.0.0.0/8`, "2026-12-01T00:00:00Z", "::ffff:10.1.2.3", ""},
		{`,from="10.0.0.0/8,fe80::/10"`, "2026-12-01T00:00:00Z", "fe80::1%eth0", ""},
		{`,from=10.0.0.0/8`, "2026-12-01T00:00:00Z", "11.1.2.3", "may not be used from 11.1.2.3"},
		{`,from=2001:db8::/32`, "2026-12-01T00:00:00Z", "10.0.0.1", "may not be used"},
	} {
		l := Parse("name=x" + c.options + " " + a)
		if len(l.Viewers) != 1 {
			t.Fatalf("%s: %v", c.options, l.Wrong)
		}
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		err = l.Viewers[0].Refused(now, netip.MustParseAddr(c.from))
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s at %s from %s: %v, want %q", c.options, c.now, c.from, err, c.says)
		}
	}
}

func TestAddAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "optflow", Name)
	if l, err := Read(path); err != nil || len(l.Viewers) > 0 {
		t.Fatalf("no file: %v %v", l, err)
	}
	until := time.Date(2027, 12, 31, 0, 0, 0, 0, time.Local)
	if _, err := Add(path, "ann", Plain, "# hers\n"+publicKey(t, 0)+" ann@desk\n", until); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("# mine\n"+strings.TrimSpace(read(t, path))), 0o600); err != nil { // without an end of line
		t.Fatal(err)
	}
	if _, err := Add(path, "bob", Operator, publicKey(t, 1), time.Time{}); err != nil {
		t.Fatal(err)
	}
	l, err := Read(path)
	if err != nil || len(l.Wrong) > 0 || len(l.Viewers) != 2 || l.Viewers[1].Role != Operator || !strings.HasPrefix(read(t, path), "# mine\nname=") {
		t.Errorf("%v %v %v\n%s", l.Viewers, l.Wrong, err, read(t, path))
	}
	if e := l.Viewers[0].Expires; !e.Equal(until.AddDate(0, 0, 1).Add(-time.Second)) {
		t.Errorf("expires at %v", e)
	}
	before := read(t, path)
	for _, c := range []struct{ name, key, says string }{
		{"eve", publicKey(t, 0), "the key is in line 2 already"},
		{"e e", publicKey(t, 3), "name is up to"},
		{"eve\",role=owner", publicKey(t, 3), "name is up to"},
		{"bob", publicKey(t, 3), "bob has another role"},
		{"eve", "-----BEGIN OPENSSH PRIVATE KEY-----\nx", "private key"},
		{"eve", "hello\n", "no public key"},
		{"eve", `command="sh" ` + publicKey(t, 3), "no public key"},
		{"eve", rsaKey(t, 1024), "too short"},
		{"eve", "", "no public key"},
	} {
		if _, err := Add(path, c.name, Plain, c.key, time.Time{}); err == nil || !strings.Contains(err.Error(), c.says) || read(t, path) != before {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(path, 0o662); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "may be used by others") {
		t.Errorf("a file that others write: %v", err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever a file holds, whoever is let in by it has a good line of their own,
// and each line is either theirs, or said to be wrong, or says nothing.
func FuzzParse(f *testing.F) {
	a, b := publicKey(f, 0), publicKey(f, 1)
	f.Add(`name="ann",role=viewer,expiry-time="20261231",from="10.0.0.0/8" ` + a + " c\n# x\n\nname=b,role=owner " + b)
	f.Add("name=\"a\\\"b\" " + a + "\r\nname=x,from=::1 " + b)
	f.Add("name=x,=,\"\t" + a)
	f.Add("name=ok " + a + "\n" + a + "\nrole=owner,name=- " + b)
	f.Fuzz(func(t *testing.T, text string) {
		l := Parse(text)
		lines := strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
		seen := map[int]bool{}
		for i := range l.Viewers {
			v := &l.Viewers[i]
			if CheckName(v.Name) != nil || l.Find(v.Key) != v || seen[v.Line] {
				t.Fatalf("%+v", v)
			}
			seen[v.Line] = true
			alone := Parse(lines[v.Line-1])
			if len(alone.Viewers) != 1 || alone.Viewers[0].Name != v.Name || alone.Viewers[0].Role != v.Role {
				t.Fatalf("line %d alone: %+v, wrong %v", v.Line, alone.Viewers, alone.Wrong)
			}
		}
		for _, p := range l.Wrong {
			if seen[p.Line] || p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len(lines[p.Line-1])+1 {
				t.Fatalf("%v of %q", p, text)
			}
			seen[p.Line] = true
		}
		for i, line := range lines {
			line = strings.TrimLeft(strings.TrimRight(line, "\r"), " \t")
			if says := line != "" && line[0] != '#'; says != seen[i+1] {
				t.Fatalf("line %d, %q: taken %v", i+1, line, seen[i+1])
			}
		}
	})
}
