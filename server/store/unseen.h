/* Visitors who have not seen an answer in the chat: a row each in the table `due`, from the first such answer on. */
#pragma once

#include "db/db.h"
#include "store/due.h"
#include "store/records.h"

/* Takes the row off by which somebody has looked after the visitor, unless there is an unseen answer after `until`: then the row
 * stands for that. */
void unseen_done(struct db *db, const struct due_taken *due, int64_t until);

/* Up to which answer the mails to this visitor have gone: the greatest `until` in their payloads; 0: there are none. */
int64_t unseen_mailed_until(struct db *db, struct arena *a, int64_t identity);

/* What this visitor was answered in the chat after a time and has not seen, oldest first; struct entry with id, occurred_at,
 * text, attachments, author_name and channel_key. */
struct list unseen_entries(struct db *db, struct arena *a, int64_t identity, int64_t since, int64_t limit);
