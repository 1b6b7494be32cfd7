#include "desk/act/act.h"

struct audit act_audit(const struct act *act, enum audit_action action)
{
    audit_check(act->audits, action);
    return (struct audit){.at = act->now,
                          .agent = act->agent,
                          .agent_id = act->agent_id,
                          .token = act->token,
                          .session = act->session,
                          .address = act->address,
                          .action = action};
}

struct intake act_intake(const struct act *act, struct inbound *in)
{
    return (struct intake){.list = {.items = in, .n = 1},
                           .same_id = SAME_ID_REFUSED,
                           .received_at = act->now,
                           .cause = act->cause,
                           .agent = act->agent,
                           .agent_id = act->agent_id,
                           .agent_name = act->agent_name,
                           .bot = !act->agent && !uuid_is_none(&act->token),
                           .journal_id = {{0}}};
}

bool act_ingest(struct act *act, struct intake *t)
{
    struct intake *one[] = {t};
    ingest_run(act->desk, act->db, act->a, one, 1, act->changes);
    if (!t->done)
        *act->err = t->err;
    return t->done;
}

bool version_is(int64_t version, int64_t seen, struct error *err)
{
    return seen == VERSION_ANY || version == seen || error_set(err, "version", changed);
}
