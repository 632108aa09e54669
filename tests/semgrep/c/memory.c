#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>

#define ROWS 16

struct item {
    char *name;
    int count;
};

int read_line(FILE *in)
{
    char line[80];
    // ruleid: c-gets
    gets(line);
    // ruleid: c-gets
    while (gets(line) != NULL) {
        puts(line);
    }
    // ok: c-gets, c-size-beyond-buffer
    if (fgets(line, sizeof line, in) == NULL) {
        return -1;
    }
    // ok: c-gets
    return in->gets(line);
}

void words(FILE *in)
{
    char name[32];
    int age;
    // ruleid: c-scanf-without-width
    scanf("%s", name);
    // ruleid: c-scanf-without-width
    fscanf(in, "%d %[^\n]", &age, name);
    // ok: c-scanf-without-width
    scanf("%31s", name);
    // ok: c-scanf-without-width
    scanf("%d%%s", &age);
    // ruleid: c-sscanf-without-width
    sscanf(name, "%d=%s", &age, name);
    // ruleid: c-sscanf-without-width
    if (sscanf(name, "%[a-z]", name) != 1) {
        return;
    }
    // ok: c-sscanf-without-width
    sscanf(name, "%d %31s", &age, name);
    // ok: c-sscanf-without-width
    sscanf(name, "%*s %d", &age);
}

void copy(char *target, const char *text)
{
    char title[16];
    // ruleid: c-strcpy
    strcpy(target, text);
    // ruleid: c-strcpy
    strcat(title, text);
    // ok: c-strcpy
    strcpy(title, "untitled");
    if (strlen(text) < sizeof title) {
        // ok: c-strcpy
        strcpy(title, text);
    }
    puts(title);
}

char *copied(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    if (copy == NULL)
        return NULL;
    // ok: c-strcpy, c-no-room-for-terminator
    strcpy(copy, text);
    return copy;
}

int start(int argc, char **argv)
{
    char path[64];
    char name[64];
    // ruleid: c-copy-of-input, c-strcpy
    strcpy(path, argv[1]);
    char *home = getenv("HOME");
    // ruleid: c-copy-of-input, c-sprintf
    sprintf(name, "%s/.profile", home);
    // ok: c-copy-of-input, c-sprintf
    snprintf(name, sizeof name, "%s/.profile", home);
    if (strlen(argv[2]) >= sizeof path) {
        return 1;
    }
    // ok: c-copy-of-input
    strcpy(path, argv[2]);
    return puts(path);
}

void formatted(char *line, const char *name, double value, int count)
{
    // ruleid: c-sprintf
    sprintf(line, "%s: %d", name, count);
    // ruleid: c-sprintf
    sprintf(line, "%f", value);
    // ok: c-sprintf
    sprintf(line, "%d of %04x", count, count);
    // ok: c-sprintf
    sprintf(line, "%.8s", name);
}

void bounds(char *target, const char *text)
{
    char title[32];
    // ruleid: c-bound-of-the-source
    strncpy(title, text, strlen(text));
    // ruleid: c-bound-of-the-source
    strncat(title, text, sizeof(title));
    // ok: c-bound-of-the-source
    strncpy(title, text, sizeof(title) - 1);
    // ok: c-bound-of-the-source
    strncat(title, text, sizeof(title) - strlen(title) - 1);
    puts(target);
}

void wipe(unsigned char *buffer, size_t length, struct item *item)
{
    unsigned char block[64];
    // ruleid: c-sizeof-pointer
    memset(buffer, 0, sizeof(buffer));
    // ok: c-sizeof-pointer
    memset(buffer, 0, length);
    // ok: c-sizeof-pointer
    memset(block, 0, sizeof(block));
    // ok: c-sizeof-pointer
    memset(item, 0, sizeof(*item));
}

struct item *new_item(const char *name)
{
    struct item *item;
    // ruleid: c-sizeof-pointer
    item = malloc(sizeof(item));
    if (item == NULL)
        return NULL;
    item->count = 0;
    return item;
}

char *short_copy(const char *text, const char *other)
{
    char *copy = malloc(strlen(text));
    char *second = (char *) malloc(strlen(other));
    if (copy == NULL || second == NULL)
        return NULL;
    // ruleid: c-no-room-for-terminator, c-strcpy
    strcpy(copy, text);
    // ruleid: c-no-room-for-terminator, c-sprintf
    sprintf(second, "%s", other);
    char *third = malloc(strlen(text) + strlen(other) + 1);
    if (third == NULL)
        return NULL;
    // ok: c-no-room-for-terminator
    memcpy(third, text, strlen(text));
    puts(second);
    return copy;
}

void too_much(FILE *in, const char *text, int fd)
{
    char line[64];
    unsigned char packet[128];
    // ruleid: c-size-beyond-buffer
    fgets(line, 100, in);
    // ruleid: c-size-beyond-buffer
    if (recv(fd, packet, 1500, 0) < 0) {
        return;
    }
    // ok: c-size-beyond-buffer
    snprintf(line, 64, "%s", text);
    // ok: c-size-beyond-buffer
    recv(fd, packet, 128, 0);
}

int behind(int fd)
{
    int table[ROWS];
    char buffer[256];
    for (int i = 0; i <= ROWS; i++) {
        // ruleid: c-index-behind-array
        table[i] = 0;
    }
    // ruleid: c-index-behind-array
    table[ROWS] = -1;
    ssize_t n = read(fd, buffer, sizeof(buffer));
    // ruleid: c-index-behind-array
    buffer[n] = '\0';
    for (int i = 0; i < ROWS; i++) {
        // ok: c-index-behind-array
        table[i] = 1;
    }
    // ok: c-index-behind-array
    table[ROWS - 1] = 2;
    ssize_t m = read(fd, buffer, sizeof(buffer) - 1);
    // ok: c-index-behind-array
    buffer[m] = '\0';
    return table[0];
}

int chosen(int argc, char **argv, const int *table)
{
    int row = atoi(argv[1]);
    // ruleid: c-index-from-input
    int value = table[row];
    int column;
    scanf("%d", &column);
    // ruleid: c-index-from-input
    value += table[column];
    int checked = atoi(argv[2]);
    if (checked < 0 || checked >= ROWS) {
        return -1;
    }
    // ok: c-index-from-input
    value += table[checked];
    // ok: c-index-from-input
    return value + table[argc];
}

int *records(const char *text, const unsigned char *packet, unsigned char *target)
{
    int count = atoi(text);
    // ruleid: c-size-from-input, c-product-as-size
    int *items = malloc(count * sizeof(int));
    size_t length = ntohl(*(const unsigned *) packet);
    // ruleid: c-size-from-input
    memcpy(target, packet + 4, length);
    int known = atoi(text + 8);
    if (known <= 0 || known > ROWS) {
        return NULL;
    }
    // ok: c-size-from-input
    memcpy(target, packet, known);
    // ok: c-size-from-input
    items = malloc(strlen(text) + 1);
    return items;
}

int *table_of(size_t rows, size_t columns)
{
    // ruleid: c-product-as-size
    int *small = malloc(rows * columns);
    // ruleid: c-product-as-size
    int *table = malloc(rows * sizeof(int));
    // ok: c-product-as-size
    int *fixed = malloc(ROWS * sizeof(int));
    // ok: c-product-as-size
    int *checked = calloc(rows, sizeof(int));
    free(small);
    free(fixed);
    free(checked);
    return table;
}

void stack(size_t length, int count)
{
    // ruleid: c-alloca
    char *text = alloca(length);
    // ruleid: c-alloca
    int *numbers = alloca(count * 4);
    // ok: c-alloca
    char *small = alloca(16);
    // ok: c-alloca
    char *other = malloc(length);
    free(other);
    use(text, numbers, small);
}

int after(struct item *item, struct item *other)
{
    free(item->name);
    free(item);
    // ruleid: c-use-after-free
    int count = item->count;
    free(other);
    // ruleid: c-use-after-free
    report(other);
    return count;
}

int before(struct item *item, char *text)
{
    int count = item->count;
    // ok: c-use-after-free
    free(item);
    free(text);
    text = strdup("again");
    // ok: c-use-after-free
    puts(text);
    return count;
}

void twice(char *text, char *other, char *third)
{
    free(text);
    puts("freed");
    // ruleid: c-double-free
    free(text);
    free(other);
    // ruleid: c-double-free
    free(other);
    // ok: c-double-free
    free(third);
    third = NULL;
    // ok: c-double-free
    free(third);
}

char *stamp(int day)
{
    char text[32];
    snprintf(text, sizeof text, "%d", day);
    // ruleid: c-returns-own-stack
    return text;
}

const char *label(int day)
{
    char text[32] = "day";
    text[3] = '0' + day;
    // ruleid: c-returns-own-stack
    return text;
}

char *kept(int day)
{
    static char text[32];
    snprintf(text, sizeof text, "%d", day);
    // ok: c-returns-own-stack
    return text;
}

char *owned(int day)
{
    char text[32];
    snprintf(text, sizeof text, "%d", day);
    // ok: c-returns-own-stack
    return strdup(text);
}

void arrays(char *given)
{
    char text[32];
    unsigned char bytes[8];
    // ruleid: c-free-of-array
    free(text);
    // ruleid: c-free-of-array
    free(bytes);
    // ok: c-free-of-array
    free(given);
    char *copy = strdup("x");
    // ok: c-free-of-array
    free(copy);
}

char *grow(char *text, size_t size, struct item *items)
{
    // ruleid: c-realloc-into-itself
    text = realloc(text, size);
    // ruleid: c-realloc-into-itself
    items = (struct item *) realloc(items, size);
    // ok: c-realloc-into-itself
    char *grown = realloc(text, size);
    if (grown == NULL) {
        return text;
    }
    // ok: c-realloc-into-itself
    text = grown;
    return text;
}

int unchecked(size_t size)
{
    // ruleid: c-allocation-unchecked
    char *text = malloc(size);
    text[0] = 'a';
    // ruleid: c-allocation-unchecked
    FILE *log = fopen("log", "a");
    fprintf(log, "started\n");
    // ok: c-allocation-unchecked
    char *other = malloc(size);
    if (other == NULL) {
        return -1;
    }
    other[0] = 'b';
    // ok: c-allocation-unchecked
    char *third = calloc(size, 2);
    return third == NULL;
}

int positions(char *buffer, size_t size, const char *name)
{
    int used = 0;
    // ruleid: c-written-length-as-index
    used += snprintf(buffer + used, size - used, "%s", name);
    int n = snprintf(buffer, size, "%s", name);
    // ruleid: c-written-length-as-index
    buffer[n] = ';';
    int m = snprintf(buffer, size, "%s", name);
    if (m < 0 || (size_t) m >= size) {
        return -1;
    }
    // ok: c-written-length-as-index
    buffer[m] = ';';
    // ok: c-written-length-as-index
    return snprintf(buffer, size, "%s", name);
}

int log_in(char *user)
{
    char password[64];
    ask(password);
    int good = check(user, password);
    // ruleid: c-wipe-removed
    memset(password, 0, sizeof(password));
    return good;
}

void forget(char *session_key, size_t length, char *name)
{
    // ruleid: c-wipe-removed
    memset(session_key, 0, length);
    free(session_key);
    // ok: c-wipe-removed
    memset(name, 0, length);
    free(name);
}

void forget_well(char *session_key, size_t length)
{
    // ok: c-wipe-removed
    explicit_bzero(session_key, length);
    free(session_key);
}

void digest(const unsigned char *data, size_t length, const unsigned char *iv, size_t count)
{
    unsigned char block[64];
    unsigned char vector[16];
    // ruleid: c-copy-of-unchecked-length
    memcpy(block, data, length);
    // ruleid: c-copy-of-unchecked-length
    memmove(vector, iv, count);
    update(block, vector);
}

int digest_well(const unsigned char *data, size_t length)
{
    unsigned char block[64];
    // ok: c-copy-of-unchecked-length
    memcpy(block, data, sizeof block);
    if (length > sizeof block) {
        return -1;
    }
    // ok: c-copy-of-unchecked-length
    memcpy(block, data, length);
    return update(block, block);
}
