#include "desk/act/mail.h"

#include "base/map.h"
#include "base/text.h"
#include "desk/conversation/rules.h"
#include "desk/ingest/batch_repeat.h"
#include "store/entry.h"

#include <strings.h>

#define REFERENCES_KEPT_MAX 4000 /* bytes: some fifty ids; the first and the last ones when it grows longer */

/* ---- what it answers ---- */

static const struct entry *named_mail(struct act *act, const struct uuid *customer, const struct uuid *answers)
{
    struct entry *e = entry_get(act->db, act->a, answers);
    struct uuid owner = e ? entry_customer(act->db, act->a, &e->id) : (struct uuid){{0}};
    bool is_mail = e && e->kind == ENTRY_MESSAGE && e->medium == MEDIUM_EMAIL;
    if (is_mail && entry_may_read(e, act->role) && uuid_equal(&owner, customer))
        return e;
    if (db_fine(act->db, act->err))
        error_set(act->err, "answers", no_entry);
    return NULL;
}

/* Without the middle of the chain rather than without its ends (RFC 5322 §3.6.4, and what other clients do). */
static const char *shortened(struct arena *a, const char *chain)
{
    size_t n = strlen(chain);
    if (n <= REFERENCES_KEPT_MAX)
        return chain;
    const char *tail = strchr(chain + n - REFERENCES_KEPT_MAX / 2, ' ');
    return arena_printf(a, "%.*s%s", (int)strcspn(chain, " "), chain, tail ? tail : "");
}

static void thread_of(struct arena *a, const struct entry *mail, struct thread *ret)
{
    struct json_object *payload = mail->payload ? json_parse(mail->payload, strlen(mail->payload), NULL) : NULL;
    const char *id = json_text(a, payload, "message_id"), *before = json_text(a, payload, "references");
    before = before ? before : json_text(a, payload, "in_reply_to");
    json_object_put(payload);
    if (!id && mail->external_id && mail->external_id[0] == '<')
        id = message_id_of(a, mail->external_id);
    ret->subject = text_is_blank(mail->subject) ? NULL : mail->subject;
    ret->in_reply_to = id;
    ret->references = !id ? NULL : shortened(a, before ? arena_printf(a, "%s %s", before, id) : id);
}

static const struct entry *newest_mail(struct act *act, const struct identity *from)
{
    const struct entry *mail = entry_last_mail(act->db, act->a, from->key);
    return mail && entry_may_read(mail, act->role) ? mail : NULL;
}

bool mail_thread(struct act *act, const struct uuid *customer, const struct uuid *answers, const struct identity *to,
                 struct thread *ret)
{
    bool named = !uuid_is_none(answers);
    const struct entry *mail = named ? named_mail(act, customer, answers) : newest_mail(act, to);
    *ret = (struct thread){0};
    if (mail)
        thread_of(act->a, mail, ret);
    ret->mail = mail;
    return mail || !named;
}

/* ---- from whom ---- */

static const struct sender *sender_written_to(struct arena *a, const struct list *senders, const struct entry *mail)
{
    static const char *const TO[] = {"delivered_to", "to", "cc"}, *const FROM[] = {"from"};
    bool in = mail->direction == DIRECTION_IN;
    const char *const *names = in ? TO : FROM;
    struct json_object *payload = mail->payload ? json_parse(mail->payload, strlen(mail->payload), NULL) : NULL;
    const struct sender *found = NULL;
    for (size_t i = 0; i < (in ? COUNT_OF(TO) : COUNT_OF(FROM)); i++) {
        struct json_object *list = json_at(payload, names[i]);
        for (size_t k = 0; !found && k < json_length(list); k++) {
            const char *text = json_object_get_string(json_object_array_get_idx(list, k));
            found = text ? sender_find(senders, identity_normalise(a, IDENTITY_EMAIL, text, NULL)) : NULL;
        }
    }
    json_object_put(payload);
    return found;
}

bool mail_sender(struct act *act, const struct channel_account *account, const char *asked,
                 const struct entry *answered, const struct sender **ret)
{
    struct list senders = channel_senders(act->a, account);
    const char *address = asked ? identity_normalise(act->a, IDENTITY_EMAIL, asked, NULL) : NULL;
    const struct sender *found = asked      ? sender_find(&senders, address)
                                 : answered ? sender_written_to(act->a, &senders, answered)
                                            : NULL;
    *ret = found == senders.items ? NULL : found; /* the standard one may be another address one day */
    return found || !asked || error_set(act->err, "from", no_sender, asked);
}

/* ---- whom it goes to besides ---- */

static bool is_ours(const struct act *act, const char *address)
{
    const struct channel_account *items = act->accounts->items.items;
    for (size_t i = 0; i < act->accounts->items.n; i++)
        if (channel_takes(&items[i], address))
            return true;
    return false;
}

/* What is written there without the line breaks that would make a header of it. */
static bool add_copies(struct act *act, const struct list *given, const char *field, struct map *seen, struct list *ret)
{
    for (size_t i = 0; i < given->n; i++) {
        const char *text = text_plain(act->a, ((const char **)given->items)[i]);
        const char *address = identity_normalise(act->a, IDENTITY_EMAIL, text, NULL);
        if (!address)
            return error_set(act->err, arena_printf(act->a, "%s[%zu]", field, i), no_mail_address, text);
        if (is_ours(act, address))
            return error_set(act->err, arena_printf(act->a, "%s[%zu]", field, i), address_is_ours, address);
        if (map_get(seen, address))
            continue;
        map_put(seen, address, (void *)(uintptr_t)address);
        *(const char **)list_grow(act->a, ret, sizeof(const char *)) = text;
    }
    return true;
}

bool mail_copies(struct act *act, const struct copies *asked, const struct way *way, struct copies *ret)
{
    const struct channel_type *type = way->account->type;
    size_t n = asked->to.n + asked->cc.n + asked->bcc.n;
    *ret = (struct copies){.to = {0}};
    if (n == 0)
        return true;
    if (n > type->copies_max)
        return error_set(act->err,
                         asked->to.n   ? "to"
                         : asked->cc.n ? "cc"
                                       : "bcc",
                         too_many_people, type->name, type->copies_max, n);
    struct map *seen = map_new(act->a);
    map_put(seen, way->address, (void *)(uintptr_t)way->address);
    return add_copies(act, &asked->to, "to", seen, &ret->to) && add_copies(act, &asked->cc, "cc", seen, &ret->cc) &&
           add_copies(act, &asked->bcc, "bcc", seen, &ret->bcc);
}
