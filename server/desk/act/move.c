/* An entry of somebody else: filed with another person, and taken back. */
#include "desk/act/correct.h"

#include "base/clock.h"
#include "desk/act/entry_edit.h"
#include "desk/act/remote.h"
#include "desk/conversation/rules.h"
#include "desk/ingest/ingest.h"
#include "store/audit.h"
#include "store/conversation.h"
#include "store/customer.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/operation.h"
#include "store/pin.h"

#include <json-c/json.h>

static const char *moved_json(struct act *act, const struct uuid *entry, const struct uuid *customer, const char *name,
                              const char *reason, bool undone)
{
    char id[UUID_TEXT_SIZE], person[UUID_TEXT_SIZE], at[TIME_TEXT_SIZE];
    uuid_format(entry, id);
    uuid_format(customer, person);
    time_format(act->now, at);
    struct json_object *o = json_object_new_object();
    const char *const fields[][2] = {{"entry_id", id},   {"customer_id", person}, {"name", name},
                                     {"reason", reason}, {"by", act->agent_name}, {"at", at}};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        json_object_object_add(o, fields[i][0], fields[i][1] ? json_object_new_string(fields[i][1]) : NULL);
    json_object_object_add(o, "undone", json_object_new_boolean(undone));
    const char *text = arena_strdup(
        act->a, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(o);
    return text;
}

static struct entry *entry_or_fail(struct act *act, const struct uuid *id, const char *field)
{
    struct entry *e = entry_get(act->db, act->a, id);
    if (!e && db_fine(act->db, act->err))
        error_set(act->err, field, no_entry);
    return e;
}

static bool can_read(struct act *act, const struct entry *e)
{
    return entry_may_read(e, act->role) || error_set(act->err, "entry_id", channel_closed);
}

static bool can_move(struct act *act, const struct entry *e)
{
    if (!can_read(act, e))
        return false;
    bool kind = e->kind == ENTRY_MESSAGE || e->kind == ENTRY_CALL || e->kind == ENTRY_NOTE;
    if (!kind || (e->kind == ENTRY_MESSAGE && e->direction == DIRECTION_OUT))
        return error_set(act->err, "entry_id", cannot_move);
    if (e->moved_from)
        return error_set(act->err, "entry_id", moved_here);
    return true;
}

/* The identity that stands for a person: the surest, of these the one heard of last. */
static const struct identity *main_identity(const struct customer *c)
{
    const struct identity *items = c->identities.items, *best = NULL;
    for (size_t i = 0; i < c->identities.n; i++)
        if (!items[i].shared && (!best || items[i].proof > best->proof))
            best = &items[i];
    return best;
}

static bool is_resolved(struct act *act, const struct entry *e)
{
    struct conversation *c = e->conversation_key ? conversation_by_key(act->db, act->a, e->conversation_key) : NULL;
    return c && c->status == CONVERSATION_RESOLVED;
}

struct noting {
    struct act *act;
    const struct audit *audit;
};

/* With the move. */
static bool note_move(struct db *db, void *arg)
{
    const struct noting *n = arg;
    audit_add(db, n->act->a, n->audit);
    return true;
}

struct entry *act_move_entry(struct act *act, const struct uuid *entry, const struct uuid *customer, const char *reason)
{
    struct entry *e = entry_or_fail(act, entry, "entry_id");
    struct customer *to = e ? customer_get(act->db, act->a, customer) : NULL;
    if (!e || !can_move(act, e))
        return NULL;
    const struct identity *d = to ? main_identity(to) : NULL;
    struct uuid owner = entry_customer(act->db, act->a, entry), id = uuid_v7(act->now);
    if (!d || uuid_equal(&owner, customer)) {
        error_because(act->err, "customer_id", !to ? SAID_no_person : d ? SAID_is_there : SAID_nothing_left);
        return NULL;
    }
    int64_t from = customer_key(act->db, act->a, &owner);
    const char *from_name = customer_name(act->db, act->a, from);
    const char *to_name = customer_name(act->db, act->a, to->key);
    struct entry_move move = {.original = *entry,
                              .moved_to = moved_json(act, &id, customer, to_name, reason, false),
                              .moved_from = moved_json(act, entry, &owner, from_name, reason, false),
                              .version = e->version};
    struct audit audit = act_audit(act, AUDIT_MOVE);
    audit.customer = to->key;
    audit.other = from;
    audit.subject = arena_printf(act->a, "%s → %s", from_name, to_name);
    audit.reason = reason;
    struct inbound in = {.type = INBOUND_ENTRY,
                         .kind = (enum entry_kind)e->kind,
                         .direction = (enum direction)e->direction,
                         .occurred_at = e->occurred_at,
                         .author_name = e->author_name,
                         .subject = e->subject,
                         .text = e->text,
                         .html = e->html,
                         .payload = e->payload,
                         .attachments = entry_files(act->a, e)};
    struct intake t = {.list = {.items = &in, .n = 1},
                       .channel = e->channel_key,
                       .channel_id = e->channel_id,
                       .medium = e->medium,
                       .readers = e->readers,
                       .received_at = act->now,
                       .cause = act->cause,
                       .history = is_resolved(act, e),
                       .entry_id = id,
                       .identity = d->key,
                       .move = &move};
    struct noting noting = {act, &audit};
    if (!ingest_one(act->desk, act->db, act->a, &t, note_move, &noting, act->changes, act->err))
        return NULL;
    return t.entry;
}

static struct uuid moved_entry(const char *json)
{
    struct uuid id = {{0}};
    struct json_object *o = json ? json_parse(json, strlen(json), NULL) : NULL, *text;
    if (o && json_object_object_get_ex(o, "entry_id", &text))
        uuid_parse_text(json_object_get_string(text), &id);
    json_object_put(o);
    return id;
}

static bool is_undone(const char *json)
{
    struct json_object *o = json_parse(json, strlen(json), NULL);
    bool undone = json_true(o, "undone");
    json_object_put(o);
    return undone;
}

static const char *mark_move_undone(struct arena *a, const char *json)
{
    struct json_object *o = json_parse(json, strlen(json), NULL);
    json_object_object_add(o, "undone", json_object_new_boolean(true));
    json_object_object_add(o, "name", json_object_new_string("")); /* nothing leads from that person here any more */
    json_object_object_add(o, "reason", json_object_new_string(""));
    const char *text =
        arena_strdup(a, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(o);
    return text;
}

static void note_back(struct db *db, struct entry_edit *x)
{
    struct arena *a = x->act->a;
    struct uuid owner = entry_customer(db, a, &x->ids[0]), other = entry_customer(db, a, &x->ids[1]);
    struct audit audit = act_audit(x->act, AUDIT_MOVE_BACK);
    audit.customer = customer_key(db, a, &owner);
    audit.other = customer_key(db, a, &other);
    audit_add(db, a, &audit);
}

/* The first is the original, the second stands for it and is empty from now on. */
static bool move_back(struct db *db, struct entry_edit *x)
{
    struct entry *original = x->entries[0], *copy = x->entries[1];
    if (!entry_may_read(original, x->act->role))
        return error_set(x->act->err, "entry_id", channel_closed);
    if (!original->moved_to || !copy->moved_from || is_undone(copy->moved_from))
        return error_set(x->act->err, "entry_id", not_moved);
    original->moved_to = NULL;
    copy->moved_from = mark_move_undone(x->act->a, copy->moved_from);
    files_back(db, x->act->a, copy, original);
    entry_clear(db, copy);
    erase_entry_files(db, x->act->a, &copy->id, 1, x->act->now);
    pin_set(db, copy, false, 0, x->act->now);
    note_back(db, x);
    return true;
}

struct entry *act_move_back(struct act *act, const struct uuid *entry)
{
    struct entry *e = entry_or_fail(act, entry, "entry_id");
    if (!e || !can_read(act, e))
        return NULL;
    struct uuid other = moved_entry(e->moved_to ? e->moved_to : e->moved_from);
    if (uuid_is_none(&other)) {
        error_set(act->err, "entry_id", not_moved);
        return NULL;
    }
    struct entry_edit x = {.act = act, .n = 2, .change = move_back, .counts_anew = true};
    x.ids[0] = e->moved_to ? *entry : other;
    x.ids[1] = e->moved_to ? other : *entry;
    return entry_edit_run(&x) ? x.entries[0] : NULL;
}
