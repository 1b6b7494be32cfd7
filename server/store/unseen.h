/* Visitors who have not seen an answer in the chat (table chat_unseen). */
#pragma once

#include "db/db.h"
#include "store/records.h"

struct unseen {
    int64_t identity; /* key */
    int64_t due_at;
};

/* A visitor who is there already stays due when the first answer made it so. */
void unseen_insert(struct db *db, struct arena *a, const struct unseen *rows, size_t n);

/* Who is due, longest first; struct unseen. */
struct list unseen_due_rows(struct db *db, struct arena *a, int64_t now, int64_t limit);
void unseen_delete(struct db *db, int64_t identity);
/* Unless there is an unseen answer after `until`: then the row stands for that. */
void unseen_delete_until(struct db *db, int64_t identity, int64_t until);

/* Up to which answer the mails to this visitor have gone: the greatest `until` in their payloads; 0: there are none. */
int64_t unseen_mailed_until(struct db *db, struct arena *a, int64_t identity);

/* What this visitor was answered in the chat after a time and has not seen, oldest first; struct entry with id, occurred_at,
 * text, attachments, author_name and channel_key. */
struct list unseen_entries(struct db *db, struct arena *a, int64_t identity, int64_t since, int64_t limit);
