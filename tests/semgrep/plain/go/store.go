// Package store counts what is in a warehouse: it reads a table, sums it up and prints it.
package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
)

// ErrMalformed is returned for a row that does not have two columns.
var ErrMalformed = errors.New("malformed row")

// Store maps the name of an item to how many there are.
type Store struct {
	items map[string]int
}

// New returns an empty store.
func New() *Store {
	return &Store{items: make(map[string]int)}
}

// Load adds the rows of a table, one item and one number each.
func (s *Store) Load(reader io.Reader) error {
	scanner := bufio.NewScanner(reader)
	for line := 1; scanner.Scan(); line++ {
		name, count, ok := strings.Cut(scanner.Text(), ",")
		if !ok {
			return fmt.Errorf("line %d: %w", line, ErrMalformed)
		}
		number, err := strconv.Atoi(strings.TrimSpace(count))
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		s.items[strings.TrimSpace(name)] += number
	}
	return scanner.Err()
}

// Report lists the items in order of their names.
func (s *Store) Report(writer io.Writer) error {
	names := make([]string, 0, len(s.items))
	for name := range s.items {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if _, err := fmt.Fprintf(writer, "%-20s %5d\n", name, s.items[name]); err != nil {
			return err
		}
	}
	return nil
}
