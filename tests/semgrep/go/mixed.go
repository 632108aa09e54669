package samples

import (
	"crypto/rand"
	"math/big"
	mrand "math/rand"
	"time"
)

func inviteToken() string {
	number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return ""
	}
	// ok: go-weak-random-secret
	return number.String()
}

func fill(secret []byte) {
	// ok: go-weak-random
	rand.Read(secret)
	// ruleid: go-weak-random
	mrand.Read(secret)
	time.Sleep(time.Duration(mrand.Intn(10)))
}

func pinCode() int {
	// ruleid: go-weak-random-secret
	pinCode := 1000 + mrand.Intn(9000)
	return pinCode
}
