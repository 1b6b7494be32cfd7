/* attribute.*, tag.*: what an administrator wants to know of people, and the words agents mark them with. */
#include "store/attribute.h"
#include "api/method.h"
#include "api/shapes.h"

#include <ctype.h>

#define TAGS_SHOWN 200

struct attribute_list {
    struct list attributes;
};

struct put_params {
    const char *key;
    const char *label;
    int type;
    struct list choices;
    int64_t version;
};

struct archive_params {
    const char *key;
    bool archived;
    int64_t version;
};

struct tag_list {
    struct list tags;
};

static SHAPE(ATTRIBUTE_LIST, attribute_list, "AttributeList", "All attributes.",
    LIST(attribute_list, attributes, "attributes", &ATTRIBUTE_SHAPE, 0, "By label."));
static SHAPE(PUT, put_params, "AttributePutParams", "Makes an attribute, or changes one.",
    TEXT_REQ(put_params, key, "key", 64, "Small letters, digits and _; it stays the same for ever."),
    TEXT_REQ(put_params, label, "label", 200, "For people."),
    ENUM_REQ(put_params, type, "type", ATTRIBUTE_TYPE_NAMES, "What its values are."),
    TEXTS(put_params, choices, "choices", 100, "Of a choice: the values that are allowed."),
    INT(put_params, version, "version", 0, INT64_MAX, VERSION_HELP " 0: there is none with this key yet."));
static SHAPE(ARCHIVE, archive_params, "AttributeArchiveParams", "Asks for it no more, or again.",
    TEXT_REQ(archive_params, key, "key", 64, "Which."),
    BOOL(archive_params, archived, "archived", "No more."),
    INT(archive_params, version, "version", 0, INT64_MAX, VERSION_HELP));
static SHAPE(TAG, tag, "Tag", "A word that marks people or conversations.",
    TEXT_REQ(tag, name, "name", 60, "The word."),
    TIME(tag, used_at, "used_at", "When it was last given."));
static SHAPE(TAG_LIST, tag_list, "TagList", "Tags in use.",
    LIST(tag_list, tags, "tags", &TAG, 0, "Last used first."));

static bool list_attributes(struct call *call)
{
    ((struct attribute_list *)call->result)->attributes = attribute_list(call->db, call->arena);
    return call_db_fine(call);
}

static bool key_is_sound(const char *key)
{
    for (const char *p = key; *p; p++)
        if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '_')
            return false;
    return true;
}

static bool write_put(struct db *db, void *arg)
{
    struct call *call = arg;
    const struct put_params *p = call->params;
    attribute_reserve(db, p->key); /* of two who make it at once, the second waits here */
    if (!version_is(attribute_lock(db, call->arena, p->key), p->version, &call->err))
        return false;
    struct attribute t = {.key = p->key, .label = p->label, .type = p->type, .choices = p->choices};
    attribute_put(db, call->arena, &t);
    return true;
}

static bool tell_attributes(struct call *call)
{
    changes_add(&call->changes, (struct change){.kind = CHANGE_ATTRIBUTES});
    return list_attributes(call);
}

static bool put_attribute(struct call *call)
{
    const struct put_params *p = call->params;
    if (!key_is_sound(p->key))
        return call_refuse(call, "key", attribute_key);
    if (p->type == ATTRIBUTE_CHOICE && p->choices.n == 0)
        return call_refuse(call, "choices", attribute_choices);
    return db_transact(call->db, write_put, call, &call->err) && tell_attributes(call);
}

static bool write_archive(struct db *db, void *arg)
{
    struct call *call = arg;
    const struct archive_params *p = call->params;
    int64_t version = attribute_lock(db, call->arena, p->key);
    if (version == 0)
        return db_failure(db) == DB_FINE && call_refuse(call, "key", no_attribute);
    if (!version_is(version, p->version, &call->err))
        return false;
    attribute_archive(db, p->key, p->archived);
    return true;
}

static bool archive(struct call *call)
{
    const struct archive_params *p = call->params;
    if (!key_is_sound(p->key)) /* no other can be there, nor be compared with the column's letters */
        return call_refuse(call, "key", no_attribute);
    return db_transact(call->db, write_archive, call, &call->err) && tell_attributes(call);
}

static bool list_tags(struct call *call)
{
    ((struct tag_list *)call->result)->tags = tag_list(call->db, call->arena, TAGS_SHOWN);
    return call_db_fine(call);
}

METHODS(ATTRIBUTE_METHODS,
    METHOD("attribute.list", "What is asked of people.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &ATTRIBUTE_LIST, list_attributes),
    METHOD("attribute.put", "Makes an attribute, or changes one.", ROLE_ADMIN, 0, EFFECT_NONE, &PUT, &ATTRIBUTE_LIST, put_attribute),
    METHOD("attribute.archive", "Asks for an attribute no more, or again; its values stay.", ROLE_ADMIN, 0, EFFECT_NONE, &ARCHIVE, &ATTRIBUTE_LIST, archive),
    METHOD("tag.list", "Tags in use.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &TAG_LIST, list_tags));
