/* Files of messages and tasks. Nobody reads a file by knowing its hash: agents read what an entry holds that they may read,
 * visitors what their own chat holds, supervisors and administrators the results of tasks that they might ask for
 * themselves, and everybody what they have brought themselves. What is brought is named by a random handle that only who
 * brought it can use, for UPLOAD_KEEP_MS; what is named by nobody is swept. */
#pragma once

#include "api/call.h"

#define UPLOAD_KEEP_MS (24LL * 3600 * 1000)
#define UPLOAD_HANDLE_MAX 64

/* A file that was brought, as its bringer knows it. */
struct uploaded {
    const char *upload;
    int64_t expires_at;
    const char *name, *type;
    int64_t size;
    const char *sha256, *url;
    const char *cid; /* of what a text shows; or NULL */
};
extern const struct shape UPLOAD_SHAPE;

struct file_given {
    const char *name, *type; /* of the request: borrowed */
    const void *data;
    size_t len;
};

/* Stores a file and gives the answer's JSON. False fills call->err. */
bool file_take(struct call *call, const struct file_given *file, struct buf *out);

/* A file that somebody wants to have. */
struct file_wish {
    const char *sha256; /* hex */
    bool infected;      /* although it may hold a virus: only an administrator gets that, and it is audited */
};

/* False fills call->err: there is no such file, or it is not for the caller, which is the same; or the virus scanner keeps it back.
 * *ret_harmless: a browser may show it in place. */
bool file_may_read(struct call *call, const struct file_wish *wish, bool *ret_harmless);

/* A file of an entry that the caller may read; NULL fills call->err. */
const struct attachment *file_of_entry(struct call *call, const struct uuid *entry, const char *sha256);

/* A file that is wanted by a link (desk/ground/link.h), by whoever has that: its type is as an entry says that holds it, and
 * its name says no more than that. False fills call->err. */
bool file_by_link(struct call *call, const char *text, struct attachment *ret);

/* Handles for files that an entry holds, which the caller may read: those that are here. `ret`: a list of UPLOAD_SHAPE. */
bool file_again(struct call *call, const struct list *files, struct list *ret);

/* struct uploaded of the caller's: without those that have lapsed, and with what is known of the others. */
void file_still_there(struct call *call, struct list *files);
/* They lapse at that time and no sooner or later; what has lapsed stays so. In a transaction. */
void file_keep(struct call *call, const struct list *files, int64_t until);

/* The file that a handle of the caller's stands for; `ret` gets sha256 and size. False fills call->err by `field`. */
bool file_named(struct call *call, const char *handle, const char *field, struct attachment *ret);
