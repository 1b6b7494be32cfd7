/* winmail.dat: what Outlook packs its mail into (MS-OXTNEF). Read by hand: the free library for it is under the GPL, copies all it
 * reads, and has let strangers write where they like. Nothing is copied but texts; every length is compared with what is left. */
#pragma once

#include "channel/mime_tree.h"

struct tnef {
    struct list
        files; /* struct attachment; MIME_PARTS_MAX at most. Their bytes are those given, which must outlive them */
    const char *text; /* the mail's words, where they are in it; or NULL */
    const char *html; /* or NULL */
};

/* False: it is none, or there is nothing in it that could be read. */
bool mime_tnef_read(struct arena *a, struct mime_bytes bytes, struct tnef *ret);
