package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"weir/errs"
)

// The limits of passwords, in characters and in bytes.
const (
	MinPassword = 15
	MaxPassword = 1_000
)

// CheckPassword refuses passwords that are easily guessed. There are no rules of composition: length is what counts, and
// that a password is none of the long ones that everybody thinks of. login and name are those of the person.
// Errors: Invalid for the field "password".
func CheckPassword(password, login, name string) error {
	switch {
	case !utf8.ValidString(password):
		return errs.Bad("password", "is not valid text.")
	case utf8.RuneCountInString(password) < MinPassword:
		return errs.Badf("password", "is shorter than %d characters. A few words in a row make a good one.", MinPassword)
	case len(password) > MaxPassword:
		return errs.Badf("password", "is longer than %d bytes.", MaxPassword)
	}
	plain := folded(password)
	switch {
	case repeats(password) || repeats(plain):
		return errs.Bad("password", "repeats the same characters over and over.")
	case runs(strings.ToLower(password)):
		return errs.Bad("password", "follows the alphabet, the numbers or the keyboard.")
	case holdsName(plain, login, name):
		return errs.Bad("password", "holds your name or login.")
	case common(plain):
		return errs.Bad("password", "is one of the first that are tried.")
	}
	return nil
}

// folded is a password without what people add to a word to please a rule: case, signs, and digits for letters.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			return 'o'
		case '1', '!', '|':
			return 'i'
		case '3':
			return 'e'
		case '4', '@':
			return 'a'
		case '5', '$':
			return 's'
		case '7':
			return 't'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// repeats tells whether s has fewer than five different characters, or is one part three times or more.
func repeats(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	if len(seen) < 5 {
		return true
	}
	rs := []rune(s)
	for period := 1; period*3 <= len(rs); period++ {
		same := 0
		for i := period; i < len(rs); i++ {
			if rs[i] == rs[i-period] {
				same++
			}
		}
		if same == len(rs)-period {
			return true
		}
	}
	return false
}

// rows are what fingers run along.
var rows = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
}

// runs tells whether more than two thirds of the steps from one character to the next follow a row, either way.
func runs(s string) bool {
	steps, along := 0, 0
	var last rune
	for i, r := range s {
		if i > 0 {
			steps++
			if nextTo(last, r) {
				along++
			}
		}
		last = r
	}
	return along*3 > steps*2
}

func nextTo(a, b rune) bool {
	for _, row := range rows {
		if strings.Contains(row, string([]rune{a, b})) || strings.Contains(row, string([]rune{b, a})) {
			return true
		}
	}
	return false
}

// holdsName tells whether the login, the whole name or a longer part of it stands in the password.
func holdsName(plain, login, name string) bool {
	parts := []string{login, name}
	for _, word := range strings.FieldsFunc(name+" "+login, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(word) >= 5 {
			parts = append(parts, word)
		}
	}
	for _, part := range parts {
		if p := folded(part); utf8.RuneCountInString(p) >= 4 && strings.Contains(plain, p) {
			return true
		}
	}
	return false
}

// commonWords are what the long passwords of known breaches are made of, folded, longest first where one begins another.
var commonWords = strings.Fields(`
	correcthorsebatterystaple maytheforcebewithyou thequickbrownfox jumpsoverthelazydog tobeornottobe thatisthequestion
	letmeinplease iloveyousomuch iloveyouforever onceuponatime nevergonnagiveyouup loremipsumdolorsitamet
	hakunamatata openthedoorplease thisismypassword mypasswordis trustnoone supercalifragilisticexpialidocious
	administrator passwords password passwort motdepasse contrasena wachtwoord senha passord salasana
	iloveyou welcome letmein changeme princess sunshine football baseball superman batman master monkey dragon
	shadow michael jennifer jordan hunter starwars whatever computer internet secret default example test
	admin root user guest login system server oracle postgres neoaj weir company business enterprise
	qwertyuiop qwertzuiop qwerty qwertz azerty asdfghjkl asdfgh zxcvbnm qazwsx
	spring summer autumn winter january february march april june july august september october november december
	monday tuesday wednesday thursday friday saturday sunday liverpool arsenal chelsea barcelona
	abcdefgh abcdef abcd abc onetwothree hello love you my the is this please forever
	`)

// common tells whether a folded password is little else than such words and digits.
func common(plain string) bool {
	rest := plain
	for _, w := range commonWords {
		rest = strings.ReplaceAll(rest, w, " ")
	}
	left := 0
	for _, r := range rest {
		if unicode.IsLetter(r) && !strings.ContainsRune("oieast", r) { // these stand for digits, too
			left++
		}
	}
	return left < 4 && len(rest) < len(plain)
}
