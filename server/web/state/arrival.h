/* A raw input on its way, whoever has brought it (a provider's call, a mail server): who sent it is checked over the raw bytes, it
 * is parsed, goes to the lane of its first identity and is committed with its place in the journal; and only then does whoever
 * brought it say that it was taken. What is small and plain is checked and parsed on the loop; mail, and all that is large, by the
 * parser. On the loop, but for what happens in between. */
#pragma once

#include "channel/channel.h"
#include "desk/ingest/lane.h"
#include "parser/parser.h"
#include "web/loop/loop.h"

struct accounts;
struct server;

enum arrival_outcome {
    ARRIVAL_TAKEN, /* committed, here or by somebody before; `problem` when it was not understood, and is kept for a retry */
    ARRIVAL_REFUSED, /* it is not from whom it should be: `refusal`; it leaves nothing */
    ARRIVAL_LATER, /* the database is away, too much waits, or something must be asked first: nothing is kept, and it should be
                      * brought again */
};

/* Whoever brings it embeds it, fills the first part, and keeps all of it where it is, untouched, until `done`. */
struct arrival {
    struct server *server;
    struct accounts *accounts; /* what holds the account; the bringer's reference */
    const struct channel_account *account;
    struct arena *arena; /* takes what is parsed */
    struct web_request request;
    bool verify; /* false: whoever brings it has seen to who sends */
    /* On the loop: once, later or before arrival_begin returns. What it is part of may be freed here. */
    void (*done)(struct arrival *r, enum arrival_outcome outcome);
    /* What became of it. */
    const char *problem; /* why it was not understood, as a saying; NULL: it was. Logged */
    const char *refusal; /* why it is refused, for the log */
    /* Its own. It is the parser's job when it is not for the loop, and a lane's item after. */
    struct parse_job job;
    struct lane_item item;
    struct raw_input raw;
    struct post post; /* back from the parser, where no lane took it */
    bool waits;       /* it is to come again when something has been asked for (channel_type.ask_first) */
};

/* LATER at once while the database is away, or when the server has no workers any more. */
void arrival_begin(struct arrival *r);
