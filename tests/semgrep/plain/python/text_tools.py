"""Small tools for text: wrap it, count its words, and tell tokens from blanks."""

import re
import string
import subprocess
import sys

WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")


def words(text, *, lower=True):
    """All words. To evaluate a document, execute this on each of its lines and update a counter."""
    found = WORD.findall(text)
    return [word.lower() for word in found] if lower else found


def tokens(line):
    """Yield (kind, text) of what a line is made of."""
    position = 0
    for match in WORD.finditer(line):
        if match.start() > position:
            yield "other", line[position : match.start()]
        yield "word", match.group()
        position = match.end()
    if position < len(line):
        yield "other", line[position:]


def initials(name):
    """The first letters, as in a monogram."""
    return "".join(part[0].upper() for part in name.split() if part[0] in string.ascii_letters)


def show(path):
    """Open a file in the system's pager and return what it says."""
    return subprocess.run([sys.executable, "-m", "pydoc", str(path)], check=False).returncode


class Table(dict):
    """A mapping with a title, which is set when it is made and can be selected from by key."""

    def __init__(self, title, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = title

    def select(self, key, default=None):
        return self.get(key, default)

    def write(self, stream):
        for key, value in self.items():
            stream.write("%s: %s\n" % (key, value))
