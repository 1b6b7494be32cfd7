/* Who sends a mail, and to which channels it goes by the addresses it is for. On the loop. */
#pragma once

#include "base/buf.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "web/http/span.h"
#include "web/state/arrival.h"

#define ENVELOPE_RECIPIENTS_MAX 100 /* RFC 5321 §4.5.3.1.8 asks for as many */
#define ENVELOPE_REFUSED_MAX 1000   /* of one mail; each is a line of the log */

struct recipient {
    const char *address; /* as it was written */
    const struct channel_account *account;
    bool answered; /* `outcome` tells what became of it */
    enum arrival_outcome outcome;
};

/* Zero: there is none. Moves by assignment. */
struct envelope {
    struct arena *arena;       /* NULL: none has begun */
    struct accounts *accounts; /* as they were when it began; what the recipients point into */
    const char *sender;        /* "": nobody, as of a bounce */
    bool utf8;                 /* addresses may have letters beyond ASCII (RFC 6531) */
    struct list recipients;    /* struct recipient */
    size_t refused;            /* so many were named that no channel has */
};

/* Takes a reference of the accounts. */
void envelope_begin(struct envelope *e, struct accounts *accounts, struct span sender, bool utf8);
void envelope_end(struct envelope *e); /* also of none */

/* False: no active channel that takes mails has that address. It counts in any case, with a tag behind a plus sign or without; a
 * channel that has it with the tag comes first. */
bool envelope_add(struct envelope *e, struct span address);

/* Adds the lines that final delivery puts at the top (RFC 5321 §4.4): who sent it, and each address of that channel that it is for;
 * NULL: of all. */
void envelope_lines(const struct envelope *e, const struct channel_account *account, struct buf *out);
