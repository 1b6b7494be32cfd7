/* Where the collecting of mail stands: a row for each channel whose type fetches from a mailbox (channel_type.collects), with a row
 * of DUE_MAILBOX, by whose holder alone it is moved on. sql/045_mailbox.sql
 *
 * The watermark is UIDVALIDITY and UID (RFC 9051 §2.3.1.1), never \Seen, which others set. Where a server makes its UIDs anew, all is
 * looked at again, and marks tell what was taken in: they outlive the entries. */
#pragma once

#include "db/db.h"
#include "store/due.h"
#include "store/records.h"

struct mailbox {
    int64_t channel;     /* inside: its key */
    const char *folder;  /* inside: of which uidvalidity and uid are */
    int64_t uidvalidity; /* inside; 0: not known yet */
    int64_t uid;         /* inside: up to here all is done */
    int64_t uid_old;     /* inside: what is below lay there when the folder was first looked at, or again */
    int64_t started_at;  /* 0: it is only looked at, until somebody says from when on mail is taken in */
    int64_t since_at;    /* of what lay there, what came since then is taken in */
    int64_t looked_at;   /* to the end, without a fault */
    int64_t in_at;
    const char *problem;         /* why it cannot be looked at, as a saying */
    int64_t problem_at;          /* since when */
    const char *after_problem;   /* what is to be done after fetching could not be done: it holds up nothing */
    const char *sent_problem;    /* answers that have left cannot be filed there: likewise */
    const char *sent_folder;     /* inside: the name of that folder; NULL: not asked for yet */
    const char *delta_link;      /* inside: by Graph, where it goes on, as it was given; NULL: from the beginning */
    int64_t slowed_until;        /* the provider wants to be asked no sooner; 0: it does not mind */
    int64_t tries;               /* inside: looks in a row that failed; 0: the last did not */
    int64_t stuck_uid;           /* inside: of a mail that could not be fetched … */
    int64_t stuck_tries;         /* inside: … so often */
    int64_t tried_at;            /* when `found` was seen */
    const char *found;           /* JSON: what lies there */
    int64_t signed_in_at;        /* in a browser, at the provider … */
    const char *signed_in_as;    /* … as whom; NULL: it does not say */
    const char *sign_in_problem; /* why nothing came of the last try, as a saying */
};
extern const struct shape MAILBOX_SHAPE;

/* A channel that is new or has changed: its row, if it has none, without a problem; it is looked at now. */
void mailbox_touch(struct db *db, const struct uuid *channel, int64_t now);

struct list mailbox_list(struct db *db, struct arena *a);                     /* struct mailbox */
struct mailbox *mailbox_get(struct db *db, struct arena *a, int64_t channel); /* or NULL */

/* For a change by the holder of its row of `due`, in a transaction; both are locked. NULL: it has another holder by now. */
struct mailbox *mailbox_hold(struct db *db, struct arena *a, const struct due_taken *due);
void mailbox_save(struct db *db, struct arena *a, const struct mailbox *m);
void mailbox_save_found(struct db *db, int64_t channel, const char *found);
bool mailbox_is_held(struct db *db, struct arena *a, const struct due_taken *due); /* outside of one */

/* Mail is taken in from now on, of what lies there that since then; all that lies there is looked at again. In a transaction. */
void mailbox_start(struct db *db, const struct uuid *channel, int64_t now, int64_t since);

/* What came of signing in: `problem` NULL: it is done. A channel that is signed in is looked at now. */
struct mailbox_sign_in {
    int64_t now;
    const char *as;
    const char *problem;
};
void mailbox_signed_in(struct db *db, const struct uuid *channel, const struct mailbox_sign_in *s);

/* A mark has the size of an id. */
struct list mailbox_known(struct db *db, struct arena *a, int64_t channel, const struct uuid *marks,
                          size_t n); /* struct uuid: those that are there */
void mailbox_mark(struct db *db, struct arena *a, int64_t channel, const struct uuid *marks, size_t n);
