/* The records of the product as plain structs. The store fills them, the rules work on them, and the shapes in
 * api/shapes.c say how they look outside. Members marked "inside" never leave the server. All pointers are in the
 * request's arena; ids are all-zero and texts NULL when there is none. */
#pragma once

#include "base/field.h"
#include "base/id.h"
#include "base/terms.h"

/* How they look outside, and their columns: in the file of each noun. */
extern const struct shape AGENT_SHAPE, CHANNEL_SHAPE, ORDER_SHAPE, IDENTITY_SHAPE, CUSTOMER_SHAPE, CONVERSATION_SHAPE,
    ENTRY_SHAPE, JOURNAL_SHAPE, CUSTOMER_REF_SHAPE, ID_SHAPE;
extern const struct shape BESIDES_RECORD; /* struct customer: by customer_get_besides */
extern const struct shape LINK_RECORD;    /* struct identity: its open link, by customer_get */
extern const struct shape SHARE_RECORD;
extern const struct shape STANDING_RECORD; /* struct entry: what its conversation counts it by */

struct agent {
    int64_t key; /* inside */
    struct uuid id;
    const char *email;
    const char *name;
    int role; /* enum role */
    const char *language;
    bool active;
    int64_t created_at;
    int64_t version; /* raised by every change */
};

#define TOKEN_CHANNELS_MAX 10

struct token_row {
    int64_t key; /* inside */
    struct uuid id;
    const char *name;
    int role;
    int64_t scopes;          /* enum token_scope */
    struct list scope_names; /* the same in words */
    struct list channels;    /* struct uuid, at most TOKEN_CHANNELS_MAX: where it may put something */
    int64_t created_at;
    int64_t expires_at; /* 0: never */
    int64_t used_at;    /* 0: not yet; true to a minute */
    const char *used_address;
    int64_t revoked_at;
};

extern const struct shape TOKEN_SHAPE, SESSION_RECORD;

/* A browser that is logged in. */
struct session_row {
    struct uuid id; /* the first half of its token's hash, as in the audit */
    struct uuid agent_id;
    int64_t created_at, used_at, expires_at;
    const char *address; /* of its last call */
    const char *browser; /* what it calls itself */
    bool host_cookie;
};

struct mailbox; /* store/mailbox.h */

struct channel_row {
    int64_t key; /* inside */
    struct uuid id;
    const char *type;
    int medium;
    const char *name;
    bool active;
    const char *settings;    /* JSON object without secrets */
    struct list addresses;   /* const char *: of ours, where its mail arrives */
    struct list secrets_set; /* const char *: names of the secrets that have a value */
    const char *webhook_url; /* NULL: this type has none */
    int readers;             /* enum role */
    int sign_in;             /* enum oauth_by */
    const char *problem;
    struct list warnings; /* const char *: words for programs */
    int64_t created_at;
    int64_t last_event_at;
    int64_t failures;              /* journal rows that wait for a retry */
    int64_t unsent_since;          /* the oldest answer that is queued waits since then; 0: none is */
    const char *unsent_error;      /* why, when it was tried */
    const struct mailbox *mailbox; /* of a type that collects, in a listing; else NULL */
    int64_t version;               /* raised by every change that people make */
    struct buf sealed;             /* inside */
};

struct identity {
    int64_t key; /* inside */
    struct uuid id;
    int kind;
    struct uuid channel_id; /* the scope, or none */
    int64_t scope;          /* inside */
    const char *value;
    const char *name;
    int proof;
    int64_t version;
    int64_t first_at, last_at, last_in_at;
    int64_t last_in_channel; /* inside */
    int64_t points;
    const char *tier;
    int64_t points_channel;     /* inside: by which they were told last; 0: none */
    int64_t points_at, tier_at; /* inside: of the balance and the tier; 0: none was told */
    bool shared;                /* of several persons: it has a record of its own, and no rule links by it */
    int consent;                /* enum consent */
    int64_t consent_at;
    int64_t bounced_at; /* what is sent there comes back since then; 0: it does not */
    const char *bounced_reason;
    const char
        *left_email; /* inside: by customer_get: of a visitor, the address left in the chat, which nothing proves */
    /* the open link */
    int64_t customer_key; /* inside */
    int64_t linked_at;
    const char *rule;
    const char *evidence;
    int64_t shares;           /* inside: by customer_get: so many shared ones has it a part in */
    struct uuid linked_by;    /* the agent */
    struct uuid operation_id; /* the merge or move that put it here */
};

/* {id}: the parameters of every "…get" and the like. */
struct by_id {
    struct uuid id;
};

/* A person in few words. */
struct customer_ref {
    struct uuid id;
    const char *name;
};

/* A shared identifier that a person uses, seen from there. */
struct share {
    struct uuid identity_id;
    struct uuid customer_id; /* its own record */
    int kind;
    const char *value;
    int64_t others;
};

/* What else there may be of a person, each in a table of its own. */
enum besides { BESIDES_PINS = 1, BESIDES_ORDERS = 2, BESIDES_CLAIMS = 4, BESIDES_NAMESAKES = 8, BESIDES_ANY = 15 };

/* The texts of a person's profile, one a row: member and column, most bytes, what it is used for besides, an example, and what it
 * is. Whatever reads, edits, imports, exports, merges, searches and erases people goes by it. */
#define CUSTOMER_PROFILE(X)                                                                           \
    X(name, TEXT, 200, USE_FILLED | USE_SEARCHED, "Hanako Sato", "Name; empty when nobody knows it.") \
    X(language, TEXT, 16, 0, "ja", "BCP 47 tag.")                                                     \
    X(time_zone, TEXT, 64, 0, "Asia/Tokyo", "IANA name.")                                             \
    X(company, TEXT, 200, USE_SEARCHED, "Example K.K.", "Company.")                                   \
    X(about, LINES, 2000, USE_SEARCHED, "Prefers to be called back after 18:00.",                     \
      "What every agent should know at once.")

#define PROFILE_MEMBER(member, row_, max_, uses_, example_, help_) const char *member;

struct customer {
    int64_t key; /* inside */
    int64_t
        besides; /* inside: enum besides that are worth asking for: any, or, by customer_get_besides, what there is */
    struct uuid id;
    CUSTOMER_PROFILE(PROFILE_MEMBER)
    int64_t created_at;
    int64_t version; /* another one after every change of the record */
    int64_t erased_at;
    int64_t first_at, last_at; /* first and last contact over all identities */
    int64_t points;
    const char *tier;
    const char *tags;       /* JSON list of texts */
    const char *attributes; /* JSON object */
    struct list identities; /* struct identity */
    struct list moved_to;   /* struct uuid: where they are now, when none is left */
    struct list shared_by;  /* struct customer_ref: this is a shared identifier's record */
    struct list shares;     /* struct share */
};

struct customer_hit {
    struct uuid id;
    const char *name;
    const char *matched; /* the identity's value or order number that matched, or NULL */
    struct list media;   /* const char * */
    int64_t last_at;
};

struct conversation {
    int64_t key; /* inside: also the number */
    struct uuid id;
    int64_t number;
    int64_t opened_by; /* inside: identity key */
    int status;
    struct uuid assignee_id;
    int64_t assignee_key; /* inside; 0 none */
    int priority;
    const char *subject;
    int preview_code; /* enum preview_code … */
    int64_t preview_n;
    const char *preview;                      /* … and its text */
    int notice;                               /* enum notice */
    int64_t subject_channel, preview_channel; /* inside: by which they came; 0: none … */
    int subject_readers, preview_readers;     /* inside: … and who may read that now, enum role */
    int last_medium;
    int last_direction;
    int64_t last_at;
    int64_t waiting_since;
    int64_t wait_order, urgency_order; /* where it stands in the queue: conversation_save knows */
    int64_t unread;
    int64_t arrival;    /* inside: of the last that came, see desk/conversation/standing.h */
    int64_t read_until; /* inside: an agent has seen what came until then */
    int64_t snoozed_until;
    int64_t snooze_stored; /* inside: the same, as the database has it */
    int64_t planned_at;    /* when the next answer goes that is planned; 0: none is */
    int64_t resolved_at;
    int64_t created_at;
    int64_t version;
    const char *tags;     /* JSON list of texts */
    const char *asked_on; /* JSON list of words: see desk/conversation/standing.h */
    struct uuid customer_id;
    int64_t customer_key;    /* inside */
    int64_t customer_erased; /* inside: 0 or since when */
    const char *customer_name;
};

struct stored_attachment {
    const char *name;
    const char *type;
    int64_t size;
    const char *sha256;
    const char *cid;
    bool is_inline;
    const char *url; /* where the API gives it */
    int fetch;       /* enum file_fetch */
    int scan;        /* enum file_scan_state */
    const char *found;
};

struct entry {
    struct uuid id;
    struct uuid identity_id;
    int64_t identity_key; /* inside */
    int64_t version;
    int64_t identity_version; /* inside: the identity's when this was read; the same now: it has not changed since */
    int64_t occurred_at, received_at;
    int64_t arrival;   /* inside: in its conversation, see desk/conversation/standing.h; 0: history */
    int64_t failed_at; /* inside: likewise of DELIVERY_FAILED */
    int64_t send_at;   /* for when it is, or was, planned; 0: not at all */
    struct uuid conversation_id;
    int64_t conversation_key; /* inside; 0 none */
    struct uuid channel_id;
    int64_t channel_key; /* inside; 0 none */
    int medium;
    int kind;
    int direction;
    int author_kind;
    int64_t author_key;    /* inside; 0 none */
    struct uuid author_id; /* the agent */
    const char *author_name;
    const char *subject;
    const char *text;
    const char *html;
    const char *payload;     /* JSON */
    const char *attachments; /* JSON list */
    const char *external_id;
    int64_t content_hash; /* inside: what tells a repeat from something else under the same id; 0: not known */
    int64_t rank;         /* inside */
    int readers;          /* inside: enum role, the lowest that may read it; 0: any */
    bool closed;          /* somebody may not read it: only what it is, and when */
    int delivery;
    const char *delivery_error;
    struct uuid journal_id;
    const char *moved_to;   /* JSON of Moved: another entry stands for it */
    const char *moved_from; /* JSON of Moved: it stands for another */
    int64_t erased_at;      /* what was said is gone */
    bool pinned;
};

struct order_row {
    int64_t key; /* inside */
    struct uuid id;
    struct uuid channel_id;
    struct uuid identity_id;
    const char *number;
    int state;
    int place;
    int64_t placed_at, updated_at;
    const char *currency;
    const char *total;
    const char *facts;       /* JSON of OrderFacts */
    const char *external_id; /* inside */
};

struct journal_row {
    struct uuid id;
    struct uuid channel_id;
    int64_t channel_key; /* inside */
    int64_t received_at;
    int status;
    const char *error;
    const char *method;
    const char *query;
    const char *headers; /* JSON */
    const char *body;    /* the first JOURNAL_SHOWN_MAX bytes as clean text, in a listing */
    int64_t body_size;
    int64_t attempts;
};
