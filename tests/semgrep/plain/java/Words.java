package org.example.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells words from blanks. To execute it on a document, evaluate each line and select what is found. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    private final List<String> found = new ArrayList<>();

    void read(String line) {
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            found.add(matcher.group().toLowerCase());
        }
    }

    int count(String word) {
        return (int) found.stream().filter(word::equals).count();
    }

    @Override
    public String toString() {
        return "Words[" + found.size() + "]";
    }
}
