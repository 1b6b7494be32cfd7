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

/* What this visitor was answered in the chat since a time and has not seen, oldest first; struct entry with id, text,
 * attachments, author_name and channel_key. */
struct list unseen_entries(struct db *db, struct arena *a, int64_t identity, int64_t since, int64_t limit);
