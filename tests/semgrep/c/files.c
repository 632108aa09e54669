#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int temporary(void)
{
    char name[L_tmpnam];
    char pattern_name[] = "/tmp/report-XXXXXX";
    // ruleid: c-temporary-name
    FILE *a = fopen(tmpnam(name), "w");
    // ruleid: c-temporary-name
    mktemp(pattern_name);
    // ok: c-temporary-name
    int fd = mkstemp(pattern_name);
    // ok: c-temporary-name
    FILE *b = tmpfile();
    // ruleid: c-fixed-temporary-file
    FILE *c = fopen("/tmp/report.txt", "w");
    // ruleid: c-fixed-temporary-file
    int d = open("/tmp/report.lock", O_WRONLY | O_CREAT, 0600);
    // ok: c-fixed-temporary-file
    FILE *e = fopen("/tmp/report.txt", "r");
    // ok: c-fixed-temporary-file
    int f = open("/tmp/report.lock", O_WRONLY | O_CREAT | O_EXCL, 0600);
    return a == b && c == e && d == f && fd;
}

int checked(const char *path, const char *other, const char *third)
{
    struct stat info;
    if (access(path, W_OK) == 0) {
        // ruleid: c-check-then-use
        FILE *file = fopen(path, "w");
        return file != NULL;
    }
    if (lstat(other, &info) != 0) {
        return -1;
    }
    // ruleid: c-check-then-use
    unlink(other);
    int fd = open(third, O_RDONLY | O_NOFOLLOW);
    // ok: c-check-then-use
    if (fstat(fd, &info) != 0) {
        return -1;
    }
    // ok: c-check-then-use
    FILE *again = fopen("/etc/hosts", "r");
    return again != NULL;
}

void rights(const char *path)
{
    // ruleid: c-world-writable
    chmod(path, 0777);
    // ruleid: c-world-writable
    umask(0);
    // ruleid: c-world-writable
    int fd = open(path, O_WRONLY | O_CREAT, S_IRWXU | S_IRWXO);
    // ok: c-world-writable
    chmod(path, 0640);
    // ok: c-world-writable
    int other = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    close(fd);
    close(other);
}

void drop(uid_t uid, gid_t gid)
{
    // ruleid: c-privileges-unchecked
    setgid(gid);
    // ruleid: c-privileges-unchecked
    setuid(uid);
    // ok: c-privileges-unchecked
    if (setegid(gid) != 0) {
        abort();
    }
    // ok: c-privileges-unchecked
    int failed = seteuid(uid);
    if (failed) {
        abort();
    }
}

int jail(const char *root)
{
    // ruleid: c-chroot-without-chdir
    if (chroot(root) != 0) {
        return -1;
    }
    return 0;
}

void jail_again(const char *root)
{
    // ruleid: c-chroot-without-chdir
    chroot(root);
}

int good_jail(const char *root)
{
    // ok: c-chroot-without-chdir
    if (chroot(root) != 0 || chdir("/") != 0) {
        return -1;
    }
    return 0;
}

int other_jail(const char *root)
{
    // ok: c-chroot-without-chdir
    if (chroot(root) != 0)
        return -1;
    if (chdir("/") != 0)
        return -1;
    return 0;
}

void told(const char *user, const char *password, const char *api_key)
{
    // ruleid: c-secret-in-output
    printf("%s logs in with %s\n", user, password);
    // ruleid: c-secret-in-output
    fprintf(stderr, "key: %s\n", api_key);
    // ok: c-secret-in-output
    printf("%s logs in\n", user);
    // ok: c-secret-in-output
    printf("password: ");
}
