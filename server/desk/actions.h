/* What agents do: answer, note, assign, resolve… Each is one transaction; what it changed is in act->changes. */
#pragma once

#include "desk/account.h"
#include "desk/ingest.h"
#include "store/audit.h"

struct act {
    const struct desk *desk;
    const struct accounts *accounts;
    struct db *db;
    struct arena *a;
    int64_t agent; /* who acts; 0: the system or an integrator */
    struct uuid agent_id;
    const char *agent_name;
    struct uuid token;   /* of the integrator who acts, or none */
    struct uuid session; /* of the browser by which the agent acts, or none: see struct audit */
    const char *address; /* whence; NULL: from within */
    int role;            /* enum role, of who acts */
    int64_t now;
    struct changes *changes;
    struct error *err;
    bool unchanged; /* set by what changes a conversation: it was so already */
};

/* Of what is done here, for the audit: who, by what, whence, when. Good for filling in the rest. */
struct audit act_audit(const struct act *act, enum audit_action action);

struct answer {
    struct uuid customer, identity, channel;
    struct uuid entry_id; /* made by the caller: a repeat answers with the entry that is there */
    const char *subject, *text;
    struct list attachments; /* struct attachment with sha256, size, name, type */
};

/* NULL fills *act->err; else the entry as it is. */
struct entry *act_send(struct act *act, const struct answer *answer);
struct entry *act_note(struct act *act, const struct answer *note); /* customer, entry_id, text, attachments */
struct entry *act_cancel(struct act *act, const struct uuid *entry);
struct entry *act_retry(struct act *act, const struct uuid *entry);

/* Conversations: NULL fills *act->err; else as it is now. `version`: the one that whoever acts has seen; another one is a
 * conflict. */
#define VERSION_ANY FIELD_INT_NONE
/* Whether a thing has still the version that somebody saw, or they did not say; false fills *err. */
bool version_is(int64_t version, int64_t seen, struct error *err);
struct conversation *act_assign(struct act *act, const struct uuid *conversation, int64_t version,
                                const struct uuid *agent);
struct conversation *act_set_status(struct act *act, const struct uuid *conversation, int64_t version, int status,
                                    int64_t until);
struct conversation *act_wake(struct act *act, const struct uuid *conversation); /* when its snooze is over */
struct conversation *act_set_priority(struct act *act, const struct uuid *conversation, int64_t version, int priority);
struct conversation *act_set_tags(struct act *act, const struct uuid *conversation, int64_t version,
                                  const struct list *tags);
struct conversation *act_mark_read(struct act *act, const struct uuid *conversation);

/* The one way in which the delivery state of an entry changes outside of ingest. In the caller's transaction, which has
 * locked the outbox row before. False: no such entry. */
/* Ours, so that answers and bounces find their way back: the entry's id at the account's domain. */
const char *own_message_id(struct arena *a, const struct uuid *entry, const struct channel_account *account);

struct settle {
    struct uuid entry;
    int delivery;
    const char *error;
    const char *external_id;           /* or NULL */
    struct conversation *conversation; /* filled when it stands otherwise now; else NULL */
};
struct entry *entry_settle(struct db *db, struct arena *a, struct settle *s);
/* And what to tell after the commit; `c` may be NULL. */
void entry_settled(struct db *db, struct arena *a, const struct entry *e, const struct conversation *c,
                   struct changes *changes);
