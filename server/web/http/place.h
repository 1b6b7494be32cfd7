/* Which file a path of the console, the widget or the demo page names. Pure. */
#pragma once

#include "base/mem.h"
#include "web/http/answer.h"

#include <stdbool.h>

/* Where a file is and what it is. */
struct file_place {
    const char *root; /* a folder; links in its own name are followed */
    const char *path; /* below it; nothing leads out, no link and no ".." */
    const char *type;
    const char *headers; /* "Name: value\r\n…" or NULL */
    enum answer_kind kind;
    bool packed; /* a file beside it may be sent instead: see CODINGS in range.h */
};

/* The file of a decoded path of the console, the widget or the demo page; the texts are in the arena. False: none of them
 * holds such paths. ret->path is NULL where a folder was named without its '/': then `ret->root` is where to go. */
bool file_find(struct arena *a, const char *web_root, bool demo, const char *path, struct file_place *ret);
const char *file_type(const char *path); /* by the name's end */
