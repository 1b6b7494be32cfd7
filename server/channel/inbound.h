/* What every provider's input is translated into, and what an answer looks like before it is translated out.
 * Plain records: all text is clean UTF-8 and all memory is in the arena given to the translator. */
#pragma once

#include "base/field.h"
#include "base/id.h"
#include "base/terms.h"

/* What a translator keeps to, in bytes, so that it fits the database. A longer external id is replaced by its SHA-256,
 * a longer text is cut. */
#define EXTERNAL_ID_MAX 250
#define IDENTITY_VALUE_MAX 254 /* RFC 5321: the longest e-mail address */
#define PERSON_NAME_MAX 200
#define SUBJECT_MAX 1000
#define REASON_MAX 500

/* The space in which a value is unique: 0 everywhere, SPACE_OF_ACCOUNT the account that it comes by, or a key that several
 * accounts may share (customer_space). */
#define SPACE_OF_ACCOUNT (-1)

/* One way of naming a person. `value` is normalised (identity_normalise). */
struct identity_ref {
    enum identity_kind kind;
    int64_t space;
    const char *value;
    const char *name; /* what the provider calls the person, or NULL */
    enum proof proof;
    enum consent consent; /* INBOUND_PERSON: what the source knows of it; unknown: nothing */
};

struct attachment {
    const char *name;
    const char *type; /* MIME type, lower case */
    const char *cid;  /* Content-ID without brackets, or NULL */
    bool is_inline;
    int64_t size;
    const char *sha256; /* hex, once stored; with `remote` what the provider says it is, or NULL */
    const void *data;   /* the decoded bytes, until stored; NULL after */
    const char
        *remote;       /* the provider keeps it, and gives it by this name (channel_type.ask_file); NULL: it does not */
    int fetch;         /* enum file_fetch: of one that is stored, whether it is here */
    int scan;          /* enum file_scan_state: of one that is stored, what a virus scanner says … */
    const char *found; /* … and has found, or NULL */
};

struct order_item {
    const char *sku;
    const char *name;
    int64_t quantity;
    const char *price; /* of one, decimal text in the order's currency */
    const char *image_url;
};

struct order_refund {
    int64_t at;
    const char *amount; /* decimal text in the order's currency */
    const char *note;
    struct list items; /* struct order_item: for what; empty: for no line of it */
};

struct order_tracking {
    const char *carrier;
    const char *number;
    const char *url;
};

/* An order as the shop says it is at `updated_at`: a snapshot, not a difference. */
struct order_facts {
    const char *external_id; /* the shop's own id; unique within the channel */
    const char *number;      /* as people say it: "#1029" */
    int state;               /* enum order_state */
    int payment;             /* enum order_payment; -1: unknown */
    int place;               /* enum order_place */
    const char *store;       /* name of the physical store, or NULL */
    int64_t placed_at;
    int64_t updated_at;
    const char *currency; /* ISO 4217 */
    const char *total;    /* decimal text */
    struct list items;    /* struct order_item: what is bought now */
    struct list removed;  /* struct order_item: what was ordered once, and is not any more */
    struct list refunds;  /* struct order_refund */
    struct list tracking; /* struct order_tracking */
    const char *note;
};
extern const struct shape ORDER_FACTS_SHAPE, ORDER_ITEM_SHAPE, ORDER_TRACKING_SHAPE;

enum inbound_type {
    INBOUND_ENTRY, /* a new entry; with `rank` also a newer state of one known by its external_id (a call) */
    INBOUND_EDIT,  /* what an entry says from now on, by who has written it; one that is not known yet comes with it */
    INBOUND_RECEIPT, /* what became of an outgoing entry */
    INBOUND_PERSON,  /* identities that a source says are one person's, and no entry; points in the payload */
};

#define INBOUND_ALSO_MAX 4
#define RANK_TAKEN_BACK INT64_MAX /* of an edit that takes all words away: nothing comes after it */

struct inbound {
    enum inbound_type type;
    struct identity_ref from;                   /* whose timeline; for an outgoing echo the person written to */
    struct identity_ref also[INBOUND_ALSO_MAX]; /* other names of the same person that the source vouches for */
    size_t n_also;
    struct identity_ref passed_on; /* email: whose timeline instead, where `from` is an agent of the desk; or none */
    const char *external_id;       /* the provider's id; required: it is what makes a repeat harmless */
    bool other_is_new; /* the same id with other content is another entry: a Message-ID that somebody uses for all
                              * their mails, two states of an order in one second */
    int64_t occurred_at;
    enum entry_kind kind;
    enum direction direction;
    const char *author_name; /* of an agent or system outside; NULL: the person */
    const char *subject;
    const char *text;
    const char *html;        /* as sent, not sanitised */
    const char *payload;     /* JSON object text: what the provider told besides, or NULL */
    struct list attachments; /* struct attachment */
    struct list references;  /* const char *: external ids it answers, nearest first (mail threading) */
    const struct order_facts
        *order;             /* kind order. Without a payload it says which order it is, its state and the time alone */
    int64_t rank;           /* 0: create only. Else a higher rank replaces text and payload of the entry; of an edit
                             * when it was made */
    enum delivery delivery; /* INBOUND_RECEIPT */
    struct uuid entry_id;   /* INBOUND_RECEIPT: our entry, when the provider gives it back; then it counts before
                                  * external_id, which that entry may still lack (SEND_UNCERTAIN). Else none */
    const char
        *error; /* INBOUND_RECEIPT with DELIVERY_FAILED: the provider's reason. With DELIVERY_NONE: why it is late;
                        * the delivery stays what it is */
    bool
        by_program; /* an entry that no person wrote, such as an out-of-office reply: it waits for no answer, reopens nothing,
                        * and a system is its author */
    const char
        *signed_from; /* email: From of a mail that a signature covers, normalised; NULL: none does. Whose it is stands
                              * in the payload as soon as somebody has verified it (parser.h) */
    struct inbound *or_entry; /* INBOUND_RECEIPT: the entry to make when it is about nothing of ours; or NULL */
    int64_t content_hash;     /* the desk's own, made once for each input; channels leave it 0 */
};

/* What a channel wants asked of its provider because of what came, when that does not hold all that is needed (channel_type.ask_errand). */
enum errand_kind {
    ERRAND_KEPT,  /* the answer is kept with the channel, under the handle (channel_kept) */
    ERRAND_VISIT, /* to have asked is all */
    ERRAND_CONTENT, /* the answer is an input by itself: `parse` gets it with FETCHED_METHOD and the handle as its query */
};

#define ERRAND_HANDLE_MAX 2000
#define ERRANDS_MAX 10 /* of one input */
#define FETCHED_METHOD "FETCHED"

struct errand {
    enum errand_kind kind;
    const char *handle; /* what the channel needs to know of it, in its own words */
    const char *slot;   /* one at a time of that name; NULL: of that handle */
};

/* What an answer to it means. */
enum errand_outcome {
    ERRAND_DONE,
    ERRAND_AGAIN, /* not now */
    ERRAND_NEVER,
};

struct errand_result {
    enum errand_outcome outcome;
    const char *said; /* why nothing came of it, as a saying */
    bool
        channel_broken; /* each of this channel will fail until its settings are mended, or those at the provider: shown there */
    int64_t kept_until; /* ERRAND_KEPT */
};

struct inbound_list {
    struct inbound *items;
    size_t n;
    struct list errands; /* struct errand: what is to be asked besides */
    const char
        *problem; /* some of the input could not be understood: why, as a saying. The items are good all the same */
};

/* An answer on its way out. */
struct outbound {
    struct uuid entry_id;         /* also the idempotency key */
    const char *to;               /* the identity's value */
    const char *to_name;          /* or NULL */
    struct list also_to, cc, bcc; /* email: const char *, "Name <address>": who has it besides */
    const char *from;             /* email: which sender of the channel it goes from; NULL: its standard one */
    const char *agent_name;       /* who answers, or NULL */
    const char *subject;
    const char *text;
    const char *html;        /* of a formatted answer, by a type that takes it (channel_type.rich); else NULL */
    struct list attachments; /* struct attachment with `data` set */
    const char *message_id;  /* email: ours, with angle brackets */
    const char *in_reply_to; /* email: theirs with angle brackets, or NULL */
    const char *references;  /* email: the header's value, or NULL */
    const char *
        reply_payload; /* payload JSON of the last entry that came in from the person on this channel, or NULL (LINE reply token) */
    int64_t reply_received_at;
    int attempt; /* 0 for the first try */
    int64_t now;
};

enum send_how { SEND_HTTP, SEND_GET, SEND_SMTP };

struct send_header {
    const char *name;
    const char *value;
};

#define SEND_HEADERS_MAX 8

/* What the delivery worker does with libcurl. */
struct send_request {
    enum send_how how;
    const char *url;  /* https://…, or smtp://host:port, smtps://… */
    const char *user; /* or NULL */
    const char *password;
    bool by_token;     /* in place of a password, the access token of the account (deliver/token.h), which … */
    const char *token; /* … whoever sends it puts here */
    struct send_header headers[SEND_HEADERS_MAX]; /* HTTP; up to a row without a name */
    const char *mail_from; /* of a mail: the envelope by SMTP; by an API the sender, where its refusal must name it */
    struct list mail_to;   /* const char *: addresses */
    bool require_tls;      /* SMTP: STARTTLS must succeed */
    const char *body;
    size_t body_len;
    const char *external_id;  /* known before sending (Message-ID), or NULL */
    const char *wants_header; /* HTTP: one of the answer's that says more than its status; or NULL */
};

struct send_reply {
    const struct send_request *request; /* what it answers */
    int status;                         /* HTTP status, or the last SMTP code; 0: no answer */
    bool connected;                     /* false: certainly nothing was handed over */
    const char *body;                   /* of SMTP: the words of the last answer */
    size_t body_len;
    const char *header;          /* the one that was wanted, or NULL */
    int64_t retry_after_ms;      /* -1: not said */
    const char *transport_error; /* libcurl's words, or NULL */
    const char *transport_said;  /* the same where we know what helps, as a saying; or NULL */
};

enum send_outcome {
    SEND_DONE,
    SEND_AGAIN,     /* certainly not accepted; try later */
    SEND_NEVER,     /* refused for good */
    SEND_UNCERTAIN, /* may have been accepted and must not be repeated */
    SEND_REBUILD,   /* try at once in another way: build is called with attempt + 1 (LINE: reply token refused, push) */
};

struct send_result {
    enum send_outcome outcome;
    const char *external_id; /* SEND_DONE: the provider's id, or NULL */
    int64_t retry_after_ms;  /* SEND_AGAIN: the least wait, or -1 */
    const char *error;       /* what is wrong and what helps, as a saying */
    bool channel_broken;     /* credentials or account refused: every send of this channel will fail */
};
