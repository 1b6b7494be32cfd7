/* outbox.*: answers that have not left, or perhaps not. */
#include "store/outbox.h"
#include "api/method.h"
#include "api/shapes.h"
#include "base/terms.h"
#include "desk/act/delivery.h"

#define PAGE_STANDARD 50
#define RETRY_MAX 100

struct list_params {
    int state;
    int64_t before, limit;
};

struct unsent_row {
    int64_t cursor;
    struct uuid entry_id, customer_id, channel_id;
    const char *customer_name, *address, *text, *subject, *author_name, *error;
    int64_t attempts, created_at, next_at;
};

struct unsent_list {
    struct list messages;
    bool more;
};

struct retry_params {
    struct list ids;
};

struct retried {
    int64_t retried, left;
};

/* As they are offered, and which they are. */
static const char *const UNSENT_NAMES[] = {"failed", "uncertain", "queued", "scheduled", NULL};
static const int UNSENT_STATES[] = {DELIVERY_FAILED, DELIVERY_UNCERTAIN, DELIVERY_QUEUED, DELIVERY_SCHEDULED};
NAMES_COUNTED(UNSENT_NAMES, (int)COUNT_OF(UNSENT_STATES));

static SHAPE(LIST_PARAMS, list_params, "OutboxListParams", "Which answers.",
    ENUM_REQ(list_params, state, "state", UNSENT_NAMES, "failed: refused, or not accepted for a day; uncertain: handed over, and nothing more is known; queued: on their way; scheduled: planned for a time."),
    INT(list_params, before, "before", 1, INT64_MAX, "`cursor` of the last one of the page before."),
    INT(list_params, limit, "limit", 1, 200, "At most so many; default 50."));
static SHAPE(UNSENT, unsent_row, "Unsent", "An answer that has not left, or perhaps not.",
    INT_REQ(unsent_row, cursor, "cursor", 0, 0, "Its place in the list."),
    UUID_REQ(unsent_row, entry_id, "entry_id", "Which, for message.retry and message.cancel."),
    UUID_REQ(unsent_row, customer_id, "customer_id", "To whom."),
    UUID_REQ(unsent_row, channel_id, "channel_id", "By what."),
    TEXT_REQ(unsent_row, customer_name, "customer_name", 254, "Their name, or what there is of one."),
    TEXT_REQ(unsent_row, address, "address", 254, "Where it goes to."),
    LINES(unsent_row, text, "text", 0, "How it begins."),
    TEXT(unsent_row, subject, "subject", 1000, "Its subject."),
    TEXT(unsent_row, author_name, "author_name", 200, "Who wrote it."),
    SAID(unsent_row, error, "error", "Why it has not left."),
    INT_REQ(unsent_row, attempts, "attempts", 0, 0, "How often it was tried."),
    TIME_REQ(unsent_row, created_at, "created_at", "Since when it waits."),
    TIME(unsent_row, next_at, "next_at", "When it is tried again, or goes as planned; null: not by itself."));
static SHAPE(UNSENT_LIST, unsent_list, "OutboxList", "Answers that have not left, of conversations that are not resolved; planned ones of all.",
    LIST(unsent_list, messages, "messages", &UNSENT, 0, "Newest first."),
    BOOL(unsent_list, more, "more", "There are older ones."));
static SHAPE(RETRY, retry_params, "OutboxRetryParams", "Several to try again.",
    ROW(retry_params, ids, struct list, "ids", .kind = FIELD_UUIDS, .flags = FIELD_REQUIRED, .min = 1, .max = RETRY_MAX, .help = "Entries whose message has failed."));
static SHAPE(RETRIED, retried, "OutboxRetried", "What became of them.",
    INT_REQ(retried, retried, "retried", 0, 0, "So many are on their way again."),
    INT_REQ(retried, left, "left", 0, 0, "So many are not failed any more, or are not the caller's to send."));

static bool list_unsent(struct call *call)
{
    const struct list_params *p = call->params;
    struct unsent_list *ret = call->result;
    int64_t limit = p->limit > 0 ? p->limit : PAGE_STANDARD;
    struct list found = outbox_list(call->db, call->arena, UNSENT_STATES[p->state], (int)call->caller.role,
                                    p->before > 0 ? p->before : 0, limit + 1);
    const struct unsent *items = found.items;
    for (size_t i = 0; i < found.n && (int64_t)i < limit; i++)
        *(struct unsent_row *)list_grow(call->arena, &ret->messages, sizeof(struct unsent_row)) =
            (struct unsent_row){.cursor = items[i].key,
                                .entry_id = items[i].entry,
                                .customer_id = items[i].customer,
                                .channel_id = items[i].channel,
                                .customer_name = items[i].customer_name,
                                .address = items[i].address,
                                .text = items[i].text,
                                .subject = items[i].subject,
                                .author_name = items[i].author,
                                .error = items[i].error,
                                .attempts = items[i].attempts,
                                .created_at = items[i].created_at,
                                .next_at = items[i].at};
    ret->more = (int64_t)found.n > limit;
    return call_db_fine(call);
}

/* Each by itself: one that may not go holds up no other. */
static bool retry_several(struct call *call)
{
    const struct retry_params *p = call->params;
    struct act act = act_of(call);
    struct retried *ret = call->result;
    for (size_t i = 0; i < p->ids.n && call_db_fine(call); i++) {
        bool done = act_retry(&act, (struct uuid *)p->ids.items + i) != NULL;
        ret->retried += done;
        ret->left += !done;
        if (!done && db_failure(call->db) == DB_FINE)
            call->err = (struct error){0};
    }
    return call_db_fine(call);
}

METHODS(OUTBOX_METHODS,
    METHOD("outbox.list", "Answers that have not left, or perhaps not.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &LIST_PARAMS, &UNSENT_LIST, list_unsent),
    METHOD("outbox.retry", "Sends several again that have failed.", ROLE_AGENT, METHOD_ONCE, EFFECT_NONE, &RETRY, &RETRIED, retry_several));
