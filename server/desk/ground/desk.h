/* The rules' common ground: what is configured, and what a transaction has changed and must be told to screens. */
#pragma once

#include "base/config.h"
#include "base/crypto.h"
#include "base/zone.h"
#include "store/records.h"

struct clamd;
struct search_config;
struct team;

/* Whither and how channels may connect. */
struct outgoing_rules {
    const char
        *networks; /* private networks and loopback where channels may reach HTTP servers: "10.1.0.0/16 127.0.0.1" */
    const char *ca_file; /* certificates to trust; "": the system's */
};

/* Fixed at start; read by every thread. */
struct desk {
    const char *public_url; /* without a slash at the end */
    const char *blob_dir;
    const char *erasure_log;            /* task/erase_log.h; NULL or "": none */
    const struct clamd *scanner;        /* looks at every file (scan/clamd.h); NULL: none does */
    const char *country;                /* ISO 3166: of phone numbers without a country code */
    const struct zone *zone;            /* in which its days begin and end (base/zone.h) */
    const struct search_config *search; /* where the search index is; NULL: nowhere */
    struct team *parser;                /* takes inputs apart (parser/parser.h); NULL while nothing does */
    struct team *pictures;              /* makes small copies of pictures (picture/picture.h); the same */
    int64_t undo_ms;                    /* an answer is held back so long before it leaves, and can be taken back */
    int64_t reopen_ms;                  /* a message so soon after "resolved" continues the same conversation */
    bool assign_on_answer;              /* who answers what nobody has, has it */
    int64_t journal_keep_ms, failed_keep_ms; /* raw inputs; those of them that were not understood */
    int64_t session_ms, session_idle_ms;
    int64_t mailbox_ms; /* a mailbox is looked at so often at least */
    struct limits limits;
    struct outgoing_rules outgoing;
    const uint8_t *secret_key; /* SECRET_KEY_SIZE bytes, by crypto_secret_new */
};

enum change_kind {
    CHANGE_ENTRY, /* an entry is new or has changed */
    CHANGE_CONVERSATION,
    CHANGE_CUSTOMER, /* the person's data or identities */
    CHANGE_CHANNELS, /* accounts were made, changed or have a problem: reload */
    CHANGE_AGENTS,
    CHANGE_ATTRIBUTES,
    CHANGE_SESSIONS, /* a log-in was ended: `identity` is the agent's id, or the token's */
    CHANGE_OUTBOX,   /* something waits to be sent */
    CHANGE_TASK,     /* long work was asked for, goes on, or is over */
    CHANGE_DRAFT,    /* what the agent `identity` has begun to write to the person is another one, elsewhere too */
    CHANGE_ERASED,   /* the person was erased: who is still there is nobody that is known */
    CHANGE_KINDS_
};

/* The records are in the transaction's arena; api/push.c turns them into the texts for all screens, once, before the
 * arena goes. */
struct change {
    enum change_kind kind;
    struct uuid customer; /* whom it concerns */
    struct uuid identity; /* CHANGE_ENTRY: a visitor's own socket watches this */
    const struct entry *entry;
    const struct conversation *conversation;
    const struct task *task;
    int64_t version;    /* CHANGE_DRAFT */
    bool for_visitor;   /* CHANGE_ENTRY: the visitor may see it */
    char *json;         /* the notification, malloc'd, or NULL */
    int readers;        /* CHANGE_ENTRY, CHANGE_CONVERSATION: who is below this role … */
    char *closed_json;  /* … gets this one */
    char *visitor_json; /* the same for a visitor's eyes, or NULL */
};

struct changes {
    struct change *items;
    size_t n, cap;
};

/* Whoever hands changes on, from whatever thread: takes what it wants out of *changes. */
typedef void changes_publish(void *context, struct changes *changes);

void changes_add(struct changes *c, struct change change);
void changes_clear(struct changes *c); /* frees the texts */
