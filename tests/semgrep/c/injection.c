#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <syslog.h>

void formats(int argc, char **argv, const char *message, FILE *in)
{
    char line[128];
    // ruleid: c-format-from-input, c-format-not-fixed
    printf(argv[1]);
    if (fgets(line, sizeof line, in) == NULL)
        return;
    // ruleid: c-format-from-input, c-format-not-fixed
    fprintf(stderr, line);
    // ok: c-format-from-input, c-format-not-fixed
    printf("%s", argv[1]);
    // ok: c-format-from-input
    printf("argc is %d\n", argc);
    // ruleid: c-format-not-fixed
    syslog(LOG_ERR, message);
    // ruleid: c-format-not-fixed
    snprintf(line, sizeof line, message);
    // ok: c-format-not-fixed
    syslog(LOG_ERR, "%s", message);
    // ok: c-format-not-fixed
    fprintf(stderr, "usage: report FILE\n");
}

int commands(int argc, char **argv, const char *folder)
{
    char line[256];
    char listing[256];
    // ruleid: c-command-from-input, c-built-command
    system(argv[1]);
    snprintf(line, sizeof line, "ping -c 1 %s", getenv("TARGET"));
    // ruleid: c-command-from-input, c-built-command
    FILE *pipe = popen(line, "r");
    snprintf(listing, sizeof listing, "ls -l %s", folder);
    // ruleid: c-built-command
    FILE *other = popen(listing, "r");
    // ok: c-command-from-input, c-built-command
    system("sync");
    // ok: c-command-from-input, c-built-command
    execlp("ping", "ping", "-c", "1", "--", argv[1], (char *) NULL);
    return pipe == other;
}

int find(sqlite3 *db, const char *name, int id)
{
    char query[256];
    // ruleid: c-sql-from-format
    snprintf(query, sizeof query, "SELECT * FROM users WHERE name = '%s'", name);
    // ruleid: c-sql-from-format, c-sprintf
    sprintf(query, "DELETE FROM users WHERE name = \"%s\"", name);
    // ok: c-sql-from-format
    snprintf(query, sizeof query, "SELECT * FROM users WHERE id = %d", id);
    sqlite3_stmt *statement;
    // ok: c-sql-from-format
    return sqlite3_prepare_v2(db, "SELECT * FROM users WHERE name = ?", -1, &statement, NULL);
}

FILE *served(int client)
{
    char path[512];
    char request[512];
    snprintf(path, sizeof path, "/srv/www/%s", getenv("QUERY_STRING"));
    // ruleid: c-path-from-request
    FILE *file = fopen(path, "r");
    ssize_t n = recv(client, request, sizeof(request) - 1, 0);
    if (n <= 0)
        return file;
    // ruleid: c-path-from-request
    FILE *second = fopen(request, "r");
    char *info = getenv("PATH_INFO");
    if (strstr(info, "..") != NULL)
        return second;
    // ok: c-path-from-request
    FILE *third = fopen(info, "r");
    // ok: c-path-from-request
    return third ? third : fopen("/srv/www/index.html", "r");
}

xmlDocPtr parsed(const char *text, int length, const char *path)
{
    // ruleid: c-xml-external-entities
    xmlDocPtr a = xmlReadMemory(text, length, "in.xml", NULL, XML_PARSE_NOENT | XML_PARSE_DTDLOAD);
    // ruleid: c-xml-external-entities
    xmlDocPtr b = xmlReadFile(path, NULL, XML_PARSE_DTDLOAD);
    // ok: c-xml-external-entities
    xmlDocPtr c = xmlReadMemory(text, length, "in.xml", NULL, XML_PARSE_NONET);
    // ok: c-xml-external-entities
    return a ? a : b ? b : c ? c : xmlReadFile(path, NULL, 0);
}

xmlXPathObjectPtr nodes(xmlXPathContextPtr context, const char *name, int row)
{
    char query[128];
    char second[128];
    snprintf(query, sizeof query, "//user[@name='%s']", name);
    // ruleid: c-xpath-from-format
    xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *) query, context);
    sprintf(second, "//row[%d]", row);
    // ruleid: c-xpath-from-format
    xmlXPathObjectPtr other = xmlXPathEval(second, context);
    // ok: c-xpath-from-format
    xmlXPathObjectPtr all = xmlXPathEvalExpression((const xmlChar *) "//user", context);
    // ok: c-xpath-from-format
    xmlXPathCompExprPtr compiled = xmlXPathCompile((const xmlChar *) "//user[@name=$name]");
    return found ? found : other ? other : compiled ? all : NULL;
}

FILE *attachment(const char *folder, const char *filename)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, filename);
    // ruleid: c-path-joined-unchecked
    return fopen(path, "r");
}

int forget(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    // ruleid: c-path-joined-unchecked
    return unlink(path);
}

FILE *checked_attachment(const char *folder, const char *filename)
{
    char path[512];
    if (strchr(filename, '/') != NULL) {
        return NULL;
    }
    snprintf(path, sizeof path, "%s/%s", folder, filename);
    // ok: c-path-joined-unchecked
    return fopen(path, "r");
}

FILE *settings(const char *home)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", home, ".settings");
    // ok: c-path-joined-unchecked
    return fopen(path, "r");
}
