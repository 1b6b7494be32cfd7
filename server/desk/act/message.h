/* Answers and notes. */
#pragma once

#include "desk/act/act.h"

struct answer {
    struct uuid customer, identity, channel;
    struct uuid entry_id; /* made by the caller: a repeat answers with the entry that is there */
    const char *subject, *text;
    bool is_markdown;        /* the text is; see base/markdown.h */
    struct list attachments; /* struct attachment with sha256, size, name, type */
    bool begins;             /* a conversation of its own: it answers nothing */
};

/* A call that somebody has made or taken, and writes down. */
struct logged_call {
    struct uuid customer, entry_id;
    struct uuid identity; /* which telephone; none: the person's first one, or else where they were last heard of */
    int direction;        /* enum direction: in or out */
    const char *state;    /* completed, missed, busy */
    int64_t at, duration_s;
    const char *text;
};

/* NULL fills *act->err; else the entry as it is. */
struct entry *act_send(struct act *act, const struct answer *answer);
struct entry *act_log_call(struct act *act, const struct logged_call *l);
struct entry *act_note(struct act *act, const struct answer *note); /* customer, entry_id, text, attachments */

/* Ours, so that answers and bounces find their way back: the entry's id at the account's domain. */
const char *own_message_id(struct arena *a, const struct uuid *entry, const struct channel_account *account);
