#include "desk/rules.h"

#include <stddef.h>

bool entry_opens_conversation(const struct entry *e)
{
    bool from_program = e->direction == DIRECTION_IN && e->author_kind == AUTHOR_SYSTEM; /* it waits for no answer */
    return (e->kind == ENTRY_MESSAGE && !from_program) || e->kind == ENTRY_CALL;
}

bool entry_joins_conversation(const struct entry *e)
{
    return e->kind == ENTRY_MESSAGE || e->kind == ENTRY_CALL || e->kind == ENTRY_NOTE || e->kind == ENTRY_ACTIVITY;
}

int64_t conversation_fit(const struct conversation *c, int64_t at, int64_t now, int64_t reopen_ms, bool history)
{
    if (history) {
        bool near = at >= c->created_at - HISTORY_GAP_MS && at <= c->last_at + HISTORY_GAP_MS;
        return near ? c->last_at : 0;
    }
    if (c->status != CONVERSATION_RESOLVED)
        return INT64_MAX / 2 + c->last_at / 2; /* any that is not resolved before any that is */
    return c->resolved_at + reopen_ms >= now ? c->last_at : 0;
}

bool conversation_may_become(const struct conversation *c, int status, int64_t until, int64_t now, struct error *err)
{
    if (status == CONVERSATION_SNOOZED && until <= now)
        return error_set(err, ERR_INVALID, "until", "until must be a time to come.");
    if (status == CONVERSATION_SNOOZED && c->status == CONVERSATION_RESOLVED)
        return error_set(err, ERR_CONFLICT, "status", "It is resolved; reopen it before you snooze it.");
    return true;
}

bool entry_may_read(const struct entry *e, int role)
{
    return role >= e->readers;
}

bool entry_is_chat(const struct entry *e)
{
    return e->kind == ENTRY_MESSAGE && e->medium == MEDIUM_CHAT && !e->moved_from;
}

void entry_close(struct entry *e)
{
    *e = (struct entry){.id = e->id,
                        .identity_id = e->identity_id,
                        .identity_key = e->identity_key,
                        .version = e->version,
                        .occurred_at = e->occurred_at,
                        .received_at = e->received_at,
                        .conversation_id = e->conversation_id,
                        .conversation_key = e->conversation_key,
                        .channel_id = e->channel_id,
                        .channel_key = e->channel_key,
                        .medium = e->medium,
                        .kind = e->kind,
                        .direction = e->direction,
                        .author_kind = e->author_kind,
                        .delivery = e->delivery,
                        .readers = e->readers,
                        .closed = true};
}

int conversation_readers(const struct conversation *c)
{
    return c->subject_readers > c->preview_readers ? c->subject_readers : c->preview_readers;
}

void conversation_close(struct conversation *c, int role)
{
    if (c->subject_readers > role)
        c->subject = "";
    if (c->preview_readers > role) {
        c->preview_code = PREVIEW_NONE;
        c->preview_n = 0;
        c->preview = "";
    }
}

const struct link_rule LINK_RULES[] = {
    {IDENTITY_EMAIL, "same_email", "claimed_email", PROOF_CLAIMED, PROOF_PROVEN, 85, 60, "The e-mail address"},
    {IDENTITY_PHONE, "same_phone", "claimed_phone", PROOF_CLAIMED, PROOF_PROVEN, 75, 50, "The telephone number"},
    {IDENTITY_SHOP_CUSTOMER, "same_shop_customer", "claimed_shop_customer", PROOF_PROVEN, PROOF_PROVEN, 90, 50,
     "The shop's customer number"},
    {IDENTITY_LOYALTY_CARD, "same_card", "claimed_card", PROOF_PROVEN, PROOF_PROVEN, 85, 50, "The loyalty card"},
    {IDENTITY_EXTERNAL, "same_customer_number", "claimed_customer_number", PROOF_PROVEN, PROOF_PROVEN, 90, 50,
     "The customer number of an integration"},
    {IDENTITY_VISITOR, "signed_visitor", "claimed_visitor", PROOF_PROVEN, PROOF_PROVEN, 95, 50,
     "The site's signature over a visitor"},
    {IDENTITY_WHATSAPP, "same_whatsapp", "claimed_whatsapp", PROOF_PROVEN, PROOF_PROVEN, 90, 50,
     "The WhatsApp account"},
    {IDENTITY_UNVERIFIED_EMAIL, "failed_authentication", "failed_authentication", PROOF_CONFIRMED + 1,
     PROOF_CONFIRMED + 1, 40, 40, "The address of a mail that failed authentication"},
    {0, NULL, NULL, 0, 0, 0, 0, NULL},
};

const struct link_rule *link_rule_of(int identity_kind)
{
    static const struct link_rule VOUCHED = {0,  "vouched", "claimed",     PROOF_PROVEN, PROOF_PROVEN,
                                             70, 40,        "Another name"};
    for (const struct link_rule *r = LINK_RULES; r->name; r++)
        if (r->kind == identity_kind)
            return r;
    return &VOUCHED;
}

bool link_rule_holds(const struct link_rule *rule, int entry_kind, int proof)
{
    return proof >= (entry_kind == ENTRY_ORDER ? rule->in_order : rule->elsewhere);
}
