/* One input on its way into the timelines, and what became of it. */
#pragma once

#include "channel/channel.h"
#include "channel/inbound.h"
#include "store/change_log.h"
#include "store/records.h"

struct raw_input {
    const char *method, *query;
    const char *headers; /* JSON */
    const char *body;
    size_t body_len;
};

/* Changes a locked conversation; false: nothing to do (no err) or refused (err set). */
typedef bool conversation_edit(struct conversation *c, void *arg, struct error *err);

/* An entry filed under the wrong identity: the intake's one entry stands for it from now on. */
struct entry_move {
    struct uuid original;
    const char *moved_to, *moved_from; /* JSON of Moved, for the original and for the new one */
    int64_t version;                   /* of the original that was copied: one that has changed since is refused */
};

/* The same external_id, or entry_id, with other content. */
enum same_id {
    SAME_ID_REPEATS, /* is a repeat: the id is the provider's own */
    SAME_ID_REFUSED, /* is refused, or corrects what has a course; the client has made the id */
};

struct intake {
    int64_t channel; /* key; 0: none */
    struct uuid channel_id;
    int medium;
    int readers;                 /* enum role: of the channel; 0: any */
    const struct raw_input *raw; /* NULL: not journalled */
    struct uuid journal_id;
    struct inbound_list list; /* its problem outlives the transaction */
    int64_t received_at;
    struct cause cause; /* of all that it changes */
    enum same_id same_id;
    bool no_twins;         /* there is no other channel of its medium, by which the same could have come */
    bool history;          /* an import: old conversations are resolved at once */
    const char *language;  /* of people whom it makes; or NULL */
    struct uuid person_id; /* of the one whom it makes, when the caller has made it; or none */

    /* From within. */
    int64_t agent; /* who answers, notes, edits; 0: nobody */
    struct uuid agent_id;
    const char *agent_name;
    bool bot;             /* … or who writes is an API token, of that name */
    struct uuid entry_id; /* the id of its one entry, when the caller made it: a repeat is recognised by it … */
    const char *asked;    /* … if this is the same as well: what was asked for besides its words; or NULL */
    int64_t identity;     /* key: file under this identity, whatever `from` says */
    int64_t send_at;      /* > 0: an outgoing message, to be sent then … */
    bool planned;         /* … which somebody has chosen: desk/act/planned.h */
    int64_t unseen_at;    /* > 0: a chat answer that goes by mail then, unless the visitor has seen it */
    bool begins;          /* a message: begins a conversation, whatever there is */
    int64_t conversation; /* key: belongs to this conversation … */
    const struct entry_move *move; /* or NULL */
    const int *consent;            /* enum consent: what the identity says now; NULL: nothing */
    conversation_edit *edit;       /* … which this changes */
    void *edit_arg;

    /* What became of it. INBOUND_PERSON: created is a new person, changed one whose identities have changed. */
    int64_t person; /* INBOUND_PERSON: key of the customer */
    bool done;      /* committed: acknowledge */
    struct error err;
    size_t created, changed, repeated;
    struct entry *entry; /* the last one created, changed or found */
    struct conversation *edited;
    bool unchanged; /* the edit had nothing to do, so nothing is told */
};

/* What has come by an account. */
struct intake intake_by(const struct channel_account *account, int64_t received_at, struct cause cause);
