package samples

import (
	"crypto/aes"
	"math/rand"
	"strconv"
	"time"
)

const letters = "abcdefghijklmnopqrstuvwxyz"

func sessionToken() string {
	text := make([]byte, 32)
	for i := range text {
		text[i] = letters[rand.Intn(len(letters))]
	}
	// ruleid: go-weak-random-secret
	return string(text)
}

func reset(user *account) {
	// ruleid: go-weak-random-secret
	user.resetToken = strconv.FormatInt(rand.Int63(), 36)
	source := rand.New(rand.NewSource(time.Now().UnixNano()))
	// ruleid: go-weak-random-secret
	password := string(letters[source.Intn(26)])
	mail(user, password)
	// ok: go-weak-random-secret
	delay := rand.Intn(10)
	wait(delay)
	// ok: go-weak-random-secret, go-weak-random
	colour := letters[rand.Intn(26)]
	paint(colour)
}

func key() {
	key := make([]byte, 32)
	// ruleid: go-weak-random
	rand.Read(key)
	// ruleid: go-weak-random-secret
	aes.NewCipher(key)
}

func session(buffer []byte) {
	// ruleid: go-weak-random
	rand.Read(buffer)
	// ok: go-weak-random
	rand.Shuffle(len(buffer), func(i, j int) { swap(buffer, i, j) })
}
