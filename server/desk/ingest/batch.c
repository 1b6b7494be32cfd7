#include "desk/ingest/batch.h"

const char *external_key(struct batch *b, int64_t channel, const char *external_id)
{
    return map_key(b->a, 'x', channel, external_id);
}

const char *id_key(struct batch *b, const struct uuid *id)
{
    char text[UUID_TEXT_SIZE];
    uuid_format(id, text);
    return map_key(b->a, 'e', 0, text);
}

const char *twin_key(struct batch *b, const char *external_id, int64_t hash)
{
    return map_key(b->a, 't', hash, external_id);
}

void put_item(struct batch *b, struct item *item)
{
    if (item->e.external_id && item->e.channel_key)
        map_put(b->items_by_key, external_key(b, item->e.channel_key, item->e.external_id), item);
    map_put(b->items_by_key, id_key(b, &item->e.id), item);
    ADD(b->a, b->items, item);
}

int64_t scope_of(const struct identity_ref *ref, const struct intake *t)
{
    return ref->space == SPACE_OF_ACCOUNT ? t->channel : ref->space;
}

const char *value_key(struct batch *b, int kind, int64_t scope, const char *value)
{
    _Static_assert(IDENTITY_KIND_COUNT <= 32, "a scope, customer_space among them, is below 2^57");
    return map_key(b->a, 'v', scope * 32 + kind, value);
}

struct who *who_of(struct batch *b, const struct identity_ref *ref, const struct intake *t)
{
    struct who *who =
        ref->value ? map_get(b->who_by_key, value_key(b, (int)ref->kind, scope_of(ref, t), ref->value)) : NULL;
    if (who)
        who->cause = t->cause;
    return who;
}

struct who *who_by_number(struct batch *b, int64_t key)
{
    return map_get(b->who_by_key, map_key(b->a, 'k', key, ""));
}
