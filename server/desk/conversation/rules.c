#include "desk/conversation/rules.h"

#include "base/json.h"
#include "channel/channel.h"

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

bool entry_has_course(int kind)
{
    return kind == ENTRY_CALL || kind == ENTRY_POINTS || kind == ENTRY_VISIT;
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

const char *identity_called(const struct identity *d)
{
    return d->kind == IDENTITY_VISITOR ? NULL : d->name;
}

static struct list people_in(struct arena *a, struct json_object *payload, const char *name, size_t from)
{
    struct list texts = {0};
    struct json_object *array = json_at(payload, name);
    for (size_t i = from; i < json_length(array); i++) {
        const char *text = json_object_get_string(json_object_array_get_idx(array, i));
        if (text)
            *(const char **)list_grow(a, &texts, sizeof(text)) = arena_strdup(a, text);
    }
    return texts;
}

/* The first of `to` is whom the mail is for. */
void message_mail(struct arena *a, const struct entry *e, struct outbound *ret)
{
    struct json_object *payload = e->payload ? json_parse(e->payload, strlen(e->payload), NULL) : NULL;
    ret->in_reply_to = json_text(a, payload, "in_reply_to");
    ret->references = json_text(a, payload, "references");
    struct list from = people_in(a, payload, "from", 0);
    ret->from = from.n ? identity_normalise(a, IDENTITY_EMAIL, ((const char **)from.items)[0], NULL) : NULL;
    ret->also_to = people_in(a, payload, "to", 1);
    ret->cc = people_in(a, payload, "cc", 0);
    ret->bcc = people_in(a, payload, "bcc", 0);
    json_object_put(payload);
}

bool message_has_copies(const struct entry *e)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct outbound mail;
    message_mail(a, e, &mail);
    return mail.also_to.n || mail.cc.n || mail.bcc.n;
}

const char *message_markdown(struct arena *a, const struct entry *e)
{
    struct json_object *payload = e->payload && e->html ? json_parse(e->payload, strlen(e->payload), NULL) : NULL;
    const char *markdown = json_text(a, payload, "markdown");
    json_object_put(payload);
    return markdown;
}

bool message_is_formatted(const struct entry *e)
{
    AUTO_ARENA struct arena *a = e->html ? arena_new() : NULL;
    return a && message_markdown(a, e);
}

bool conversation_may_become(const struct conversation *c, int status, int64_t until, int64_t now, struct error *err)
{
    if (status == CONVERSATION_SNOOZED && until && until <= now)
        return error_set(err, "until", not_in_future, "until");
    if (status == CONVERSATION_SNOOZED && c->status == CONVERSATION_RESOLVED)
        return error_set(err, "status", is_resolved);
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

const struct link_rule *link_rule_of(int identity_kind)
{
    static const struct link_rule VOUCHED = {"vouched", "claimed", PROOF_PROVEN, PROOF_PROVEN, 70, 40, "Another name"};
    const struct link_rule *rule = &identity_kind_row(identity_kind)->rule;
    return rule->name ? rule : &VOUCHED;
}

bool link_rule_holds(const struct link_rule *rule, int entry_kind, int proof)
{
    return proof >= (entry_kind == ENTRY_ORDER ? rule->in_order : rule->elsewhere);
}

bool delivery_moves(int from, int to)
{
    if (from == DELIVERY_NONE || from == DELIVERY_CANCELLED || from == DELIVERY_FAILED)
        return from == DELIVERY_FAILED && (to == DELIVERY_DELIVERED || to == DELIVERY_READ);
    if (to == DELIVERY_FAILED) /* also what a relay called delivered, and whoever is behind it sends back */
        return from < DELIVERY_READ;
    return to > from && to <= DELIVERY_READ;
}
