package serve

import (
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"optflow/model/termsafe"
)

// wordMost bounds a user's name, a TERM and the like, in bytes.
const wordMost = 64

// algorithms are those that nothing is known against, and that OpenSSH has had
// since 8.5 of 2021.
var algorithms = gossh.Config{
	KeyExchanges: []string{gossh.KeyExchangeMLKEM768X25519, gossh.KeyExchangeCurve25519},
	Ciphers:      []string{gossh.CipherChaCha20Poly1305, gossh.CipherAES256GCM, gossh.CipherAES128GCM},
	MACs:         []string{gossh.HMACSHA256ETM, gossh.HMACSHA512ETM},
}

// signatures are those of keys that the viewers file takes.
var signatures = []string{
	gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519, gossh.KeyAlgoSKECDSA256,
	gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521, gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512,
}

// config is how one connection logs in: by a key and nothing else.
func (s *Server) config(ctx ssh.Context) *gossh.ServerConfig {
	l := linkOf(ctx)
	return &gossh.ServerConfig{
		Config:                  algorithms,
		PublicKeyAuthAlgorithms: signatures,
		MaxAuthTries:            s.o.Tries,
		AuthLogCallback: func(conn gossh.ConnMetadata, method string, err error) {
			l.mu.Lock()
			l.user = termsafe.String(conn.User(), wordMost)
			l.mu.Unlock()
			if err == nil && method == "publickey" {
				l.enter()
			}
		},
	}
}

// knows reports whether a key is one of the viewers file that may be used now.
// It is asked for keys that are only offered, too, so that nothing that it finds
// says who somebody is.
func (s *Server) knows(ctx ssh.Context, key ssh.PublicKey) bool {
	l := linkOf(ctx)
	v := s.o.Viewers().Find(key)
	why := "the key is not in the viewers file"
	if v != nil {
		err := v.Refused(time.Now(), l.addr)
		if err == nil {
			return true
		}
		why = err.Error()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.tried) < s.o.Tries {
		l.tried = append(l.tried, gossh.FingerprintSHA256(key))
	}
	l.why = why
	return false
}
