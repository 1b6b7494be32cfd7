#include "channel/mail_event.h"

#include "base/text.h"

static const struct outcome_row {
    bool is_receipt;
    enum delivery delivery;
} OUTCOMES[] = {
    [MAIL_IS_ON_ITS_WAY] = {false, DELIVERY_NONE},   [MAIL_IS_LATE] = {true, DELIVERY_NONE},
    [MAIL_HAS_ARRIVED] = {true, DELIVERY_DELIVERED}, [MAIL_HAS_BOUNCED] = {true, DELIVERY_FAILED},
    [MAIL_WAS_DROPPED] = {true, DELIVERY_FAILED},    [MAIL_WAS_CALLED_SPAM] = {true, DELIVERY_DELIVERED},
    [MAIL_IS_UNWANTED] = {true, DELIVERY_DELIVERED},
};

const char *mail_id_text(struct arena *a, const char *id)
{
    const char *line = line_cut(a, id, SIZE_MAX);
    if (!line)
        return NULL;
    return line[0] == '<' ? line : arena_printf(a, "<%s>", line);
}

struct identity_ref mail_recipient(const char *address, struct arena *a)
{
    const char *to = address ? identity_normalise(a, IDENTITY_EMAIL, address, NULL) : NULL;
    return to ? (struct identity_ref){.kind = IDENTITY_EMAIL, .value = to, .proof = PROOF_CLAIMED}
              : (struct identity_ref){0};
}

static struct uuid entry_of_event(const struct mail_event *event)
{
    struct uuid id;
    return event->mark && uuid_parse_text(event->mark, &id) ? id : mail_entry_of(event->message_id);
}

static const char *event_said(const struct channel_account *account, const struct mail_event *event, struct arena *a)
{
    const char *to = event->recipient ? event->recipient : "…";
    const char *line = line_cut(a, event->words, REASON_MAX), *words = line ? line : "…";
    switch (event->outcome) {
    case MAIL_IS_LATE:
        return said(a, mail_delayed, to, words);
    case MAIL_HAS_BOUNCED:
        return said(a, mail_bounced, to, words);
    case MAIL_WAS_DROPPED:
        return said(a, mail_dropped, account->type->name, to, words);
    case MAIL_IS_ON_ITS_WAY:
    case MAIL_HAS_ARRIVED:
    case MAIL_WAS_CALLED_SPAM:
    case MAIL_IS_UNWANTED:
        break;
    }
    return NULL;
}

struct inbound *mail_receipt(const struct channel_account *account, const struct mail_event *event, struct arena *a)
{
    const char *id = external_id_text(a, event->message_id ? event->message_id : event->provider_id);
    struct uuid entry = entry_of_event(event);
    if (!id && event->mark)
        id = external_id_text(a, event->mark);
    if (!id || !OUTCOMES[event->outcome].is_receipt)
        return NULL;
    struct inbound *item = arena_alloc(a, sizeof(*item));
    *item = (struct inbound){
        .type = INBOUND_RECEIPT,
        .from = mail_recipient(event->recipient, a),
        .external_id = id,
        .entry_id = entry,
        .occurred_at = event->at,
        .delivery = OUTCOMES[event->outcome].delivery,
        .error = event_said(account, event, a),
    };
    return item;
}

/* Once for an answer, whatever the provider repeats. */
static void add_refusal(const struct mail_event *event, const struct inbound *receipt, struct arena *a,
                        struct inbound_list *ret)
{
    bool spam = event->outcome == MAIL_WAS_CALLED_SPAM;
    char entry[UUID_TEXT_SIZE];
    uuid_format(&receipt->entry_id, entry);
    const char *id =
        external_id_text(a, arena_printf(a, "%s %s %s", spam ? "spam" : "unsubscribed", entry, receipt->from.value));
    struct json_object *payload = payload_new(a);
    const char *text = payload_say(a, payload, spam ? said(a, mail_called_spam) : said(a, mail_unsubscribed));
    struct inbound note = {
        .type = INBOUND_ENTRY,
        .from = receipt->from,
        .external_id = id,
        .occurred_at = event->at,
        .kind = ENTRY_ACTIVITY,
        .direction = DIRECTION_IN,
        .text = text,
        .payload = payload_end(a, payload),
    };
    struct inbound person = {
        .type = INBOUND_PERSON, .from = receipt->from, .external_id = id, .occurred_at = event->at};
    person.from.consent = CONSENT_REFUSED;
    *inbound_add(a, ret) = note;
    *inbound_add(a, ret) = person;
}

void mail_event_add(const struct channel_account *account, const struct mail_event *event, struct arena *a,
                    struct inbound_list *ret)
{
    const struct inbound *receipt = mail_receipt(account, event, a);
    bool refused = event->outcome == MAIL_WAS_CALLED_SPAM || event->outcome == MAIL_IS_UNWANTED;
    if (!receipt)
        return;
    *inbound_add(a, ret) = *receipt;
    if (refused && receipt->from.value && !uuid_is_none(&receipt->entry_id))
        add_refusal(event, receipt, a, ret);
}
