#include "api/put.h"

#include "api/shapes.h"
#include "store/channel.h"

SHAPE(PUT_IDENTITY_SHAPE, put_identity, "IdentityRef", "One way of naming a person.",
    ENUM_REQ(put_identity, kind, "kind", IDENTITY_KIND_NAMES, "What the value is.", .example = "email"),
    TEXT_REQ(put_identity, value, "value", 254, "Address, number or id; normalised by the server.", .example = "mia@example.com"),
    TEXT(put_identity, name, "name", 200, "What the source calls the person.", .example = "Mia Sato"));

static const char *const BECAME_NAMES[] = {"new", "updated", "unchanged", "refused", NULL};
NAMES_COUNTED(BECAME_NAMES, PUT_BECAMES_);

static SHAPE(PUT_ITEM, put_item, "PutItem", "What became of one of them.",
    UUID(put_item, id, "id", "The entry's, or the order's; null: it was refused."),
    TEXT(put_item, external_id, "external_id", 200, "The source's id, as it was put."),
    ENUM_REQ(put_item, result, "result", BECAME_NAMES, "new; updated: a newer state of what was known; unchanged: nothing that was not known; refused: nothing was written."),
    JSON(put_item, error, "error", 0, "Why it was refused: an error as calls have it. It comes to the same when it is put again."));
SHAPE(PUT_RESULT_SHAPE, put_result, "PutResult", "What became of them.",
    INT(put_result, created, "created", 0, 0, "New ones; of orders, states."),
    INT(put_result, updated, "updated", 0, 0, "Known ones with a newer state; of orders their states count as new ones."),
    INT(put_result, repeated, "repeated", 0, 0, "Known already."),
    INT(put_result, refused, "refused", 0, 0, "Refused ones."),
    LIST(put_result, items, "items", &PUT_ITEM, 0, "Each of them, in the order in which they were put."));

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
    return row->flags & KIND_PUT || (account && row->space == SPACE_ACCOUNT && row->medium == account->type->medium);
}

bool put_reference(struct call *call, const struct channel_account *account, const struct put_identity *from,
                   struct identity_ref *ret)
{
    if (!account && identity_kind_row(from->kind)->space != SPACE_EVERYWHERE)
        return call_refuse(call, "channel_id", missing, "channel_id");
    const char *country = account_country(account, call->desk->country);
    const char *value = identity_normalise(call->arena, (enum identity_kind)from->kind, from->value, country);
    if (!value)
        return call_refuse(call, "value", import_value, from->value, IDENTITY_KIND_NAMES[from->kind]);
    *ret = identity_ref_at(account, (enum identity_kind)from->kind, value);
    return true;
}

static bool take_identity(struct call *call, const struct channel_account *account, const struct put_identity *from,
                          const char *what, size_t i, struct identity_ref *ref)
{
    const char *name = IDENTITY_KIND_NAMES[from->kind];
    if (!may_name(account, from->kind))
        return error_set(&call->err, "identity", put_unproven, what, i, name);
    if (!put_reference(call, account, from, ref))
        return call->err.saying != SAID_missing &&
               error_set(&call->err, "identity", put_value, what, i, from->value, name);
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

bool put_refuse(struct call *call, struct intake *t)
{
    enum error_code code = call->err.code;
    if (code != ERR_INVALID && code != ERR_CONFLICT && code != ERR_FORBIDDEN && code != ERR_NOT_FOUND)
        return false;
    t->err = call->err;
    call->err = (struct error){0};
    return true;
}

static void run_batches(struct call *call, struct intake *const *batch, size_t n)
{
    for (size_t i = 0; i < n; i += INGEST_BATCH_MAX)
        ingest_run(call->desk, call->db, call->arena, batch + i, n - i < INGEST_BATCH_MAX ? n - i : INGEST_BATCH_MAX,
                   &call->changes);
}

static const char *error_json(struct arena *a, const struct error *err)
{
    AUTO_BUF struct buf out = {0};
    error_encode(err, &out);
    return arena_strndup(a, out.data, out.len);
}

static struct put_item item_of(struct arena *a, const struct intake *t)
{
    struct put_item item = {.external_id = t->list.items[0].external_id};
    item.result = !t->done ? PUT_REFUSED : t->created ? PUT_NEW : t->changed ? PUT_UPDATED : PUT_UNCHANGED;
    if (t->done && t->entry)
        item.id = t->entry->id;
    if (!t->done)
        item.error = error_json(a, &t->err);
    return item;
}

bool put_run(struct call *call, struct intake *intakes, size_t n, struct put_result *ret)
{
    struct intake **batch = arena_alloc(call->arena, (n + 1) * sizeof(*batch));
    size_t fine = 0;
    for (size_t i = 0; i < n; i++)
        if (intakes[i].err.code == ERR_NONE)
            batch[fine++] = &intakes[i];
    run_batches(call, batch, fine);
    if (fine)
        channel_fed(call->db, batch[0]->channel, call->now);
    for (size_t i = 0; i < n; i++) {
        struct intake *t = &intakes[i];
        call->err = t->err;
        if (!t->done && !put_refuse(call, t))
            return false;
        call->err = (struct error){0};
        ret->created += (int64_t)t->created;
        ret->updated += (int64_t)t->changed;
        ret->repeated += (int64_t)t->repeated;
        ret->refused += !t->done;
        *(struct put_item *)list_grow(call->arena, &ret->items, sizeof(struct put_item)) = item_of(call->arena, t);
    }
    return true;
}
