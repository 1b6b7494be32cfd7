/* Where a conversation stands: one fold over its entries, and the only writer of waiting_since, planned_at, unread, preview (with its code,
 * number and channel), subject, asked_on, notice, last_medium, last_direction, last_at, status, snoozed_until and resolved_at. Pure: no
 * database, no clock but what is given.
 *
 * The order of the fold is that of arrival. Each event has a stamp in milliseconds that is its own in the conversation and higher
 * than those before, whatever the clock does: entry.arrival, and entry.failed_at when an answer has failed for good. History
 * (an import, or what was moved out of a resolved conversation) never arrived: its stamp is 0, it comes first, in the order of its
 * own time, and nobody waits because of it.
 *
 * What agents decide is in the fold as well: a status set by hand is an activity entry, and read_until says what they have seen.
 *
 * | event                                             | the person … | and                                        |
 * |---------------------------------------------------|--------------|--------------------------------------------|
 * | a message, a button, a reaction, voicemail,       | waits        | counts as unread, opens what is not open   |
 * | a call that nobody took                           |              |                                            |
 * | a message to the person, sent or still to be sent | was answered |                                            |
 * | … that is planned for a time: whoever writes      | was answered | counts as planned until it goes            |
 * | before then has still to be answered              |              |                                            |
 * | a call, or a visit, that was taken, whoever rang  | was answered | opens, when the person rang                |
 * | an answer that failed for good                    | waits again  | opens, with why                            |
 * | resolved by hand                                  | was answered |                                            |
 * | a snooze that ends                                | as before    | opens, comes to the top                    |
 * | a message by a bot (AUTHOR_BOT), or a call that   | as before    | is the last entry                          |
 * | one says was taken: a person has                  |              |                                            |
 * | still to look, or whoever runs it resolves        |              |                                            |
 * | automatic mail, a note, a recording,              | as before    | is the last entry                          |
 * | a call of ours that nobody took                   |              |                                            |
 * | undone, moved away, moved back                    | as if it had | never been                                 |
 * | erased                                            | as before    | without a word; a person: out of the queue | */
#pragma once

#include "store/records.h"

/* A conversation in which nothing has been said yet: nobody's business until it has. */
void standing_begin(struct conversation *c);

/* The stamp of an event that comes now. */
int64_t standing_stamp(struct conversation *c, int64_t now);

/* A new entry: gives it its stamp, and follows it in one step. False: it does not come last, so that all must be folded again. */
bool standing_add(struct arena *a, struct conversation *c, struct entry *e, bool history, int64_t now);

/* All entries of the conversation, in any order, from the beginning. `whole` false: older ones were left out, so the subject
 * stays. */
void standing_fold(struct arena *a, struct conversation *c, const struct entry *entries, size_t n, bool whole);

/* An agent has seen all of it. False: had already. */
bool standing_read(struct conversation *c);

/* Whether such a change of an entry's delivery changes where its conversation stands. */
bool standing_sees(int delivery_before, int delivery_after);

#define PREVIEW_LENGTH 140 /* of what a conversation takes over from its entries */
