/* Answers and notes. */
#pragma once

#include "desk/act/mail.h"

/* In characters, where the channel has no limit: what was written, and what Markdown makes of it. */
#define ANSWER_TEXT_MAX 100000

struct answer {
    struct uuid customer, identity, channel;
    struct uuid entry_id; /* made by the caller: a repeat answers with the entry that is there */
    const char *subject, *text;
    bool is_markdown;        /* the text is; see base/markdown.h */
    struct list attachments; /* struct attachment with sha256, size, name, type, and cid where the text shows it */
    int64_t send_at;         /* planned for that time (act/planned.h); 0: it goes at once */
    bool begins;             /* a conversation of its own: it answers nothing */
    struct uuid answers;     /* which mail it answers; none: the newest one there (act/mail.h) */
    const char *from;        /* email: which sender of the channel; NULL: as of act/mail.h */
    struct copies copies;    /* who has it besides */
};

/* A call, a visit or a letter that came by no channel, and that somebody writes down. */
struct logged_contact {
    struct uuid customer, entry_id;
    struct uuid
        identity;  /* which telephone; none: of a call the person's first one, or else where they were last heard of */
    int medium;    /* MEDIUM_PHONE, MEDIUM_IN_PERSON: spoken, an entry of the kind call; MEDIUM_LETTER: a message */
    int direction; /* enum direction: in or out */
    const char *state; /* of what is spoken: completed, missed, busy */
    int64_t at, duration_s;
    const char *text;
    struct list attachments; /* as of an answer */
};

/* NULL fills *act->err; else the entry as it is. */
struct entry *act_send(struct act *act, const struct answer *answer);
struct entry *act_log_contact(struct act *act, const struct logged_contact *l);
struct entry *act_note(struct act *act, const struct answer *note); /* customer, entry_id, text, attachments */
