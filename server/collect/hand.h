/* A mailbox in the hands of one collector: what all that is done with it shares. */
#pragma once

#include "collect/imap.h"
#include "deliver/transfer.h"
#include "desk/ground/account.h"
#include "store/mailbox.h"

struct hand {
    const struct desk *desk;
    struct arena *a; /* as long as it is in hand: what is kept there is little */
    struct db *db;
    const struct due_taken *due;
    changes_publish *publish;
    void *context;
    const struct channel_account *account;
    struct mailbox *row; /* as the table had it last */
    struct imap *imap;   /* COLLECTS_BY_IMAP */
    struct transfer *transfer;
    const char *fault_said; /* LOOK_FAULT: what is wrong, as a saying */
    enum box_fault fault;   /* LOOK_FAULT */
    int64_t slowed_ms;      /* BOX_SLOWED: so long at least; -1: not said */
};

enum look_end {
    LOOK_DONE,
    LOOK_FAULT,
    LOOK_LATER,    /* the database is away, or too much else is done: nobody is to blame */
    LOOK_OVERTAKEN /* it is in somebody else's hands, or was begun anew: whoever has it goes on */
};

/* LOOK_DONE, or what this means, with its words. `folder` may be NULL: the saying of a refusal names it. */
enum look_end hand_end(struct hand *h, enum box_fault fault, const char *folder);

/* Changes the row, in a transaction of its own, while it is in hand; h->row is what it is then. `change` may run again. */
typedef void mailbox_change(struct mailbox *row, void *arg);
enum look_end hand_change(struct hand *h, mailbox_change *change, void *arg);

enum look_end hand_looked(struct hand *h);              /* to the end, without a fault */
enum look_end hand_stuck(struct hand *h, int64_t mail); /* this one could not be had, once more */

/* Opens the folder of the settings; `codes` gets UIDVALIDITY and UIDNEXT, `exists` how many mails lie there. */
struct folder_state {
    int64_t uidvalidity, uidnext, exists; /* -1: not told */
};
enum look_end hand_open_folder(struct hand *h, struct arena *a, struct folder_state *ret);

/* The screens of administrators show channels anew. */
void hand_tell(const struct hand *h);
