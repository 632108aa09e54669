package org.example.plain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Counts what is in a store: reads a table, sums it up, prints it. */
public final class Store {
    private final Path path;
    private final Map<String, Integer> items = new TreeMap<>();

    public Store(Path path) {
        this.path = path;
    }

    /** Reads the table; the key of a row is its name. */
    public void load() throws IOException {
        for (String line : Files.readAllLines(path)) {
            String[] parts = line.split(",");
            items.merge(parts[0], Integer.parseInt(parts[1].trim()), Integer::sum);
        }
    }

    public void update(String name, int count) {
        items.put(name, items.getOrDefault(name, 0) + count);
    }

    public String report() {
        StringBuilder text = new StringBuilder();
        items.forEach((name, count) -> text.append(String.format("%-20s %5d%n", name, count)));
        return text.toString();
    }

    public static void main(String[] args) throws IOException {
        Store store = new Store(Path.of("store.csv"));
        store.load();
        System.out.println(store.report());
    }
}
