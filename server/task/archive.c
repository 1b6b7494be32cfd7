#include "task/archive.h"

#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#define NAME_BYTES_MAX 100

struct archive_file {
    struct archive *zip;
    struct archive_entry *entry;
    locale_t utf8;
    bool open, failed;
    char problem[200];
};

/* libarchive converts names by the thread's locale, and marks them as UTF-8 when that is what it has. */
static locale_t enter(struct archive_file *z)
{
    return z->utf8 ? uselocale(z->utf8) : (locale_t)0;
}

static void leave(locale_t before)
{
    if (before)
        uselocale(before);
}

static void check_archive(struct archive_file *z, bool fine)
{
    if (fine || z->failed)
        return;
    const char *why = archive_error_string(z->zip);
    z->failed = true;
    snprintf(z->problem, sizeof(z->problem), "%s", why ? why : "unknown");
}

struct archive_file *archive_file_new(const char *path, struct error *err)
{
    struct archive_file *z = mem_alloc(sizeof(*z));
    z->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    z->zip = archive_write_new();
    z->entry = archive_entry_new();
    archive_write_set_format_zip(z->zip);
    if (archive_write_open_filename(z->zip, path) == ARCHIVE_OK)
        return z;
    error_set(err, NULL, archive_fault, archive_error_string(z->zip));
    archive_file_free(z);
    return NULL;
}

static void finish_entry(struct archive_file *z)
{
    if (z->open)
        check_archive(z, archive_write_finish_entry(z->zip) == ARCHIVE_OK);
    z->open = false;
}

void archive_file_begin(struct archive_file *z, const char *name, int64_t time)
{
    locale_t before = enter(z);
    finish_entry(z);
    archive_entry_clear(z->entry);
    archive_entry_set_pathname_utf8(z->entry, name);
    archive_entry_set_filetype(z->entry, AE_IFREG);
    archive_entry_set_perm(z->entry, 0644);
    archive_entry_set_mtime(z->entry, time / 1000, 0);
    check_archive(z, archive_write_header(z->zip, z->entry) >= ARCHIVE_WARN);
    z->open = true;
    leave(before);
}

void archive_file_write(struct archive_file *z, const void *data, size_t n)
{
    if (n > 0 && !z->failed)
        check_archive(z, archive_write_data(z->zip, data, n) == (la_ssize_t)n);
}

bool archive_file_end(struct archive_file *z, struct error *err)
{
    locale_t before = enter(z);
    finish_entry(z);
    check_archive(z, archive_write_close(z->zip) == ARCHIVE_OK);
    leave(before);
    return !z->failed || error_set(err, NULL, archive_broken, z->problem);
}

void archive_file_free(struct archive_file *z)
{
    if (!z)
        return;
    archive_entry_free(z->entry);
    archive_write_free(z->zip);
    if (z->utf8)
        freelocale(z->utf8);
    free(z);
}

/* Marks that turn the direction of writing: by them "gpj.exe" looks like "exe.jpg". */
static bool turns_writing(const char *c)
{
    return strncmp(c, "\xe2\x80", 2) == 0   ? strchr("\x8e\x8f\xaa\xab\xac\xad\xae", c[2]) && c[2]
           : strncmp(c, "\xe2\x81", 2) == 0 ? strchr("\xa6\xa7\xa8\xa9", c[2]) && c[2]
                                            : false;
}

const char *archive_file_name(struct arena *a, const char *name)
{
    char *clean = utf8_clean(a, name ? name : "", name ? strlen(name) : 0, NAME_BYTES_MAX);
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f || strchr("/\\:*?\"<>|", *c))
            *c = '_';
        else if (turns_writing(c))
            memset(c, '_', 3);
    while (*clean == '.' || *clean == ' ')
        clean++;
    return *clean ? clean : "file";
}
