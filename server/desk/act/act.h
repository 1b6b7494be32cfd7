/* Who acts, and what with: the common ground of all that is done by hand. Each act is one transaction; what it changed is in
 * act->changes. */
#pragma once

#include "desk/ground/account.h"
#include "desk/ingest/ingest.h"
#include "store/audit.h"
#include "store/change_log.h"

struct act {
    const struct desk *desk;
    const struct accounts *accounts;
    struct db *db;
    struct arena *a;
    int64_t agent; /* who acts; 0: the system or an integrator */
    struct uuid agent_id;
    const char *agent_name;
    struct uuid token;   /* of the integrator who acts, or none */
    struct cause cause;  /* who acts, and because of what: for the log of changes */
    struct uuid session; /* of the browser by which the agent acts, or none: see struct audit */
    const char *address; /* whence; NULL: from within */
    int role;            /* enum role, of who acts */
    uint64_t audits; /* AUDIT_BIT of what may go into the audit; 0: anything, as what acts is no method of the API */
    int64_t now;
    struct changes *changes;
    struct error *err;
    bool unchanged; /* set by what changes a conversation: it was so already */
};

/* Of what is done here, for the audit: who, by what, whence, when. Good for filling in the rest. */
struct audit act_audit(const struct act *act, enum audit_action action);

/* What goes into the timeline by the act, once filled in, and its way there. False fills *act->err. */
struct intake act_intake(const struct act *act, struct inbound *in);
bool act_ingest(struct act *act, struct intake *t);

/* The version of a thing that whoever acts has seen; another one is a conflict. */
#define VERSION_ANY FIELD_INT_NONE
/* Whether it has still that version, or they did not say; false fills *err. */
bool version_is(int64_t version, int64_t seen, struct error *err);
