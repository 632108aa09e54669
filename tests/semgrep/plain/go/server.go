// Package api serves the state of a queue.
package api

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"sync"
	"time"
)

// Queue is what the handlers show.
type Queue struct {
	mu      sync.Mutex
	waiting []string
	started time.Time
}

// Status is the answer of the status page.
type Status struct {
	Waiting int           `json:"waiting"`
	Uptime  time.Duration `json:"uptime"`
}

// ServeHTTP answers with how many entries wait.
func (q *Queue) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	q.mu.Lock()
	status := Status{Waiting: len(q.waiting), Uptime: time.Since(q.started)}
	q.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(status); err != nil {
		log.Printf("write status: %v", err)
	}
}

// Run serves until the context ends.
func (q *Queue) Run(ctx context.Context, address string) error {
	server := &http.Server{Addr: address, Handler: q, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	return server.ListenAndServe()
}
