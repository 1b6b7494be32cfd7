#include "api/put.h"

#include "api/shapes.h"

SHAPE(PUT_IDENTITY_SHAPE, put_identity, "IdentityRef", "One way of naming a person.",
    ENUM_REQ(put_identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is."),
    TEXT_REQ(put_identity, value, "value", 254, "Address, number or id; normalised by the server."),
    TEXT(put_identity, name, "name", 200, "What the source calls the person."));

SHAPE(PUT_RESULT_SHAPE, put_result, "PutResult", "What became of them.",
    INT(put_result, created, "created", 0, 0, "New ones."),
    INT(put_result, repeated, "repeated", 0, 0, "Known already."));

/* A token that only puts has its channels; others are not even told from what is not there. */
static bool may_put_there(struct call *call, const struct uuid *id)
{
    const struct caller *c = &call->caller;
    bool may = uuid_is_none(&c->token_id) || (c->token_scopes & TOKEN_ADMINISTER);
    for (size_t i = 0; !may && i < c->n_token_channels; i++)
        may = uuid_equal(&c->token_channels[i], id);
    return may;
}

const struct channel_account *put_channel(struct call *call, const struct uuid *id)
{
    if (!may_put_there(call, id)) {
        call_refuse(call, "channel_id", token_channel);
        return NULL;
    }
    const struct channel_account *account = accounts_find(call->accounts, id);
    if (!account)
        call_refuse(call, "channel_id", no_channel);
    return account;
}

/* What only its own channel proves may be put into such a channel: the history of a chat from another system. */
static bool may_name(const struct channel_account *account, int kind)
{
    const struct identity_kind_row *row = identity_kind_row(kind);
    return row->flags & KIND_PUT || (row->space == SPACE_ACCOUNT && row->medium == account->type->medium);
}

static bool take_identity(struct call *call, const struct channel_account *account, const struct put_identity *from,
                          const char *what, size_t i, struct identity_ref *ref)
{
    const char *name = IDENTITY_KIND_NAMES[from->kind];
    const char *value = identity_normalise(call->arena, (enum identity_kind)from->kind, from->value,
                                           account_country(account, call->desk->country));
    if (!may_name(account, from->kind))
        return error_set(&call->err, "identity", put_unproven, what, i, name);
    if (!value)
        return error_set(&call->err, "identity", put_value, what, i, from->value, name);
    *ref = identity_ref_at(account, (enum identity_kind)from->kind, value);
    ref->name = from->name;
    ref->proof = PROOF_PROVEN;
    return true;
}

bool put_identities(struct call *call, const struct channel_account *account, const struct put_identity *first,
                    const struct list *also, const char *what, size_t i, struct inbound *in)
{
    if (!take_identity(call, account, first, what, i, &in->from))
        return false;
    for (size_t k = 0; k < also->n && k < INBOUND_ALSO_MAX; k++)
        if (!take_identity(call, account, (struct put_identity *)also->items + k, what, i, &in->also[in->n_also++]))
            return false;
    inbound_add_phones(call->arena, in);
    return true;
}

struct intake put_intake(struct call *call, const struct channel_account *account, struct inbound *in)
{
    struct intake t = intake_by(account, call->now, caller_cause(&call->caller));
    t.list = (struct inbound_list){.items = in, .n = 1};
    t.same_id = SAME_ID_REFUSED;
    return t;
}

bool put_run(struct call *call, struct intake *intakes, size_t n, struct put_result *ret)
{
    struct intake **batch = arena_alloc(call->arena, (n + 1) * sizeof(*batch));
    for (size_t i = 0; i < n; i++)
        batch[i] = &intakes[i];
    for (size_t i = 0; i < n; i += INGEST_BATCH_MAX)
        ingest_run(call->desk, call->db, call->arena, batch + i, n - i < INGEST_BATCH_MAX ? n - i : INGEST_BATCH_MAX,
                   &call->changes);
    for (size_t i = 0; i < n; i++) {
        if (!intakes[i].done) {
            call->err = intakes[i].err;
            return false;
        }
        ret->created += (int64_t)intakes[i].created;
        ret->repeated += (int64_t)intakes[i].repeated;
    }
    return true;
}
