/* How a person can be written to, now: every identity with every account that reaches its kind, and why some of these
 * ways are closed. */
#pragma once

#include "db/db.h"
#include "desk/ground/account.h"

/* Why a way is closed. */
enum way_closed {
    WAY_OFF,
    WAY_WRITE_FIRST,
    WAY_WINDOW_OVER,
    WAY_OPTED_OUT,
    WAY_BOUNCED,
    WAY_UNPROVEN,
    WAY_NO_IDENTITY, /* nothing is known that this channel reaches */
    WAY_RESTRICTED,  /* who asks may not read what goes by this channel */
};
extern const char *const WAY_CLOSED_NAMES[];

struct way {
    const struct identity *identity; /* NULL: WAY_NO_IDENTITY */
    const struct channel_account *account;
    const char *address; /* for people */
    const char *from;    /* which of our addresses it goes out from; NULL: the account has none */
    bool is_there;       /* they were heard of there just now */
    int64_t last_here;   /* when the person was last heard of there; 0: never */
    bool usable;
    int closed;           /* enum way_closed; -1: usable */
    const char *reason;   /* the same in sayings, with what would open it */
    bool unproven;        /* somebody has typed the address: whoever reads there may be somebody else */
    int64_t window_until; /* 0: always open */
    bool best;
};

/* A chat is seen while the visitor is there: so long after a word of theirs they count as there. Who is looking at the chat without a
 * word only screens know (web/hub/presence.h). */
#define CHAT_JUST_THERE_MS 600000

/* Fills *err with why it is closed. */
void way_refuse(const struct way *way, struct error *err);

/* struct way, the best first, for somebody of that role: where it will be seen soonest. `customer` from customer_get; `last_in`: struct last_in, when they
 * wrote by other channels than the last one, since the longest window. */
struct list reach_of(struct arena *a, const struct accounts *accounts, const struct customer *customer,
                     const struct list *last_in, int role, int64_t now);

/* Of these (struct way), the one to that identity by that channel; NULL: there is none. */
const struct way *way_find(const struct list *ways, const struct uuid *identity, const struct uuid *channel);

/* The same, of what is in the database: one look more when somebody has written to two of our numbers. */
struct list reach_now(struct db *db, struct arena *a, const struct accounts *accounts, const struct customer *customer,
                      int role, int64_t now);
