#include "web/http/place.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *end, *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
};

const char *file_type(const char *path)
{
    size_t n = strlen(path);
    for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
        size_t n_end = strlen(TYPES[i].end);
        if (n >= n_end && strcasecmp(path + n - n_end, TYPES[i].end) == 0)
            return TYPES[i].type;
    }
    return "application/octet-stream";
}

#define ASKED_ANEW "Cache-Control: no-cache\r\n"
#define FOR_EVER "Cache-Control: public, max-age=31536000, immutable\r\n"

/* Longer ones first. Without a '/' at its end it is a file. */
static const struct {
    const char *path, *folder, *headers;
    enum answer_kind kind;
    bool demo;
} FOLDERS[] = {
    {"/widget.js", "widget/dist", ASKED_ANEW, ANSWER_SHARED, false},   /* the one script tag; no hash in its name */
    {"/assets/", "console/dist/assets", FOR_EVER, ANSWER_PAGE, false}, /* their names hold a hash of their content */
    {"/widget/", "widget/dist", ASKED_ANEW, ANSWER_SHARED, false},
    {"/demo/", "widget/demo", ASKED_ANEW, ANSWER_PAGE, true},
    {"/", "console/dist", ASKED_ANEW, ANSWER_PAGE, false},
};

/* What the path names below that folder; NULL: nothing of it. */
static const char *below_folder(struct arena *a, const char *folder, const char *path)
{
    size_t n = strlen(folder);
    if (folder[n - 1] != '/')
        return strcmp(path, folder) == 0 ? path + 1 : NULL;
    if (strncmp(path, folder, n) != 0)
        return NULL;
    const char *below = path + n;
    return !below[0] || below[strlen(below) - 1] == '/' ? arena_printf(a, "%sindex.html", below) : below;
}

bool file_find(struct arena *a, const char *web_root, bool demo, const char *path, struct file_place *ret)
{
    for (size_t i = 0; i < COUNT_OF(FOLDERS); i++) {
        size_t n = strlen(FOLDERS[i].path);
        if (FOLDERS[i].demo && !demo)
            continue;
        bool folder = FOLDERS[i].path[n - 1] == '/';
        if (folder && n > 1 && strlen(path) == n - 1 && strncmp(path, FOLDERS[i].path, n - 1) == 0) {
            *ret = (struct file_place){.root = FOLDERS[i].path};
            return true;
        }
        const char *below = below_folder(a, FOLDERS[i].path, path);
        if (!below)
            continue;
        *ret = (struct file_place){.root = arena_printf(a, "%s/%s", web_root, FOLDERS[i].folder),
                                   .path = below,
                                   .type = file_type(below),
                                   .headers = FOLDERS[i].headers,
                                   .kind = FOLDERS[i].kind,
                                   .packed = true};
        return true;
    }
    return false;
}
