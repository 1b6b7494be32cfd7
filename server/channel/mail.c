#include "channel/mail.h"

#include "channel/mail_author.h"
#include "channel/mail_event.h"
#include "channel/mail_signature.h"
#include "channel/mail_subject.h"
#include "channel/mail_thread.h"
#include "channel/mail_words.h"
#include "channel/mime_secure.h"

#include "base/clock.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#define APART_MAX_MS (10 * MINUTE_MS)

/* ---- in ------------------------------------------------------------------------------------------------------------- */

static const char *normal(struct arena *a, const struct mime_address *address)
{
    return identity_normalise(a, IDENTITY_EMAIL, address->address, NULL);
}

static const char *shown_text(struct arena *a, const struct mime_address *address)
{
    if (address->name && address->address)
        return arena_printf(a, "%s <%s>", address->name, address->address);
    return address->address ? address->address : address->name;
}

static struct json_object *shown_list(struct arena *a, const struct list *list)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < list->n; i++)
        json_object_array_add(array, json_object_new_string(shown_text(a, (struct mime_address *)list->items + i)));
    return array;
}

/* The sender says when; but what a server saw counts when they are apart: a clock that is wrong, or a mail that was held up, must not
 * come behind what was said meanwhile. */
static int64_t stamped_time(const struct mime_mail *mail, int64_t received_at)
{
    int64_t received = mail->received ? time_believable(mail->received, received_at) : 0;
    int64_t written = mail->date ? time_believable(mail->date, received_at) : 0;
    if (!written)
        return received ? received : received_at;
    if (received && (written > received + APART_MAX_MS || written < received - APART_MAX_MS))
        return received;
    return written < received_at ? written : received_at;
}

/* The head knows no parts of a second, and the way to us takes one: what is stamped just before it came comes after what we have
 * sent meanwhile. */
#define JUST_NOW_MS (2 * SECOND_MS)

static int64_t mail_time(const struct mime_mail *mail, int64_t received_at)
{
    int64_t at = stamped_time(mail, received_at);
    return received_at - at < JUST_NOW_MS ? received_at : at;
}

static struct json_object *text_list(const struct list *texts)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < texts->n; i++)
        json_object_array_add(array, json_object_new_string(((const char **)texts->items)[i]));
    return array;
}

/* Oldest first, as the header has them, and what it answers at the end. */
static const char *reference_chain(struct arena *a, const struct list *nearest_first)
{
    AUTO_BUF struct buf out = {0};
    const char *const *ids = nearest_first->items;
    size_t n = nearest_first->n < REFERENCES_SENT_MAX ? nearest_first->n : REFERENCES_SENT_MAX;
    for (size_t i = n; i-- > 0;)
        if (i == 0 || strcmp(ids[i], ids[0]) != 0)
            buf_printf(&out, "%s%s", out.len ? " " : "", ids[i]);
    return arena_strndup(a, out.data, out.len);
}

/* What the mail says of its time, where that is not the time it stands at. */
static const char *date_claimed(const struct mime_mail *mail, int64_t at, struct arena *a)
{
    char text[TIME_TEXT_SIZE];
    if (mail->date <= 0 || (mail->date <= at + APART_MAX_MS && mail->date >= at - APART_MAX_MS))
        return NULL;
    time_format(mail->date, text);
    return arena_strdup(a, text);
}

static void add_signature(struct json_object *payload, const struct signature *signature)
{
    if (signature->state == SIGNATURE_NONE)
        return;
    struct json_object *object = json_object_new_object();
    payload_text(object, "state", SIGNATURE_STATE_NAMES[signature->state]);
    payload_text(object, "by", signature->by);
    payload_add(payload, "signature", object);
}

static const char *mail_payload(const struct mime_mail *mail, struct arena *a, const struct mime_verdict *verdict,
                                const struct signature *signature, const struct mail_words *words, int64_t at)
{
    static const char *const AUTH[] = {"none", "pass", "fail"};
    struct json_object *payload = payload_new(a);
    payload_text(payload, "from", shown_text(a, &mail->from));
    payload_add(payload, "to", shown_list(a, &mail->to));
    payload_add(payload, "cc", shown_list(a, &mail->cc));
    if (mail->delivered_to.n)
        payload_add(payload, "delivered_to", text_list(&mail->delivered_to));
    if (mail->reply_to.address)
        payload_text(payload, "reply_to", shown_text(a, &mail->reply_to));
    payload_text(payload, "message_id", mail->message_id);
    if (mail->references.n)
        payload_text(payload, "in_reply_to", ((const char **)mail->references.items)[0]);
    if (mail->references.n > 1)
        payload_text(payload, "references", reference_chain(a, &mail->references));
    payload_text(payload, "date_claimed", date_claimed(mail, at, a));
    payload_add(payload, "auto", json_object_new_boolean(mail->automatic || mail->null_sender));
    payload_text(payload, "auth", AUTH[verdict->auth]);
    payload_text(payload, "spf", verdict->spf);
    payload_text(payload, "dkim", verdict->dkim);
    payload_text(payload, "dmarc", verdict->dmarc);
    mail_words_add(words, payload);
    if (mail->calendar)
        payload_add(payload, "calendar", json_parse(mail->calendar, strlen(mail->calendar), NULL));
    payload_text(payload, "secure", MIME_SECURE_NAMES[mail->secure]);
    add_signature(payload, signature);
    if (mail->cut)
        payload_true(payload, "cut");
    if (mail->head_only)
        payload_say(a, payload, mail->head_only);
    return payload_end(a, payload);
}

/* What is certain comes first. */
static struct list external_references(struct arena *a, const struct mime_mail *mail, const struct mail_named *named)
{
    const struct list *lists[] = {&named->by_token, &mail->references, &named->by_exchange};
    struct list ret = {0};
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i]->n; k++)
            *(const char **)list_grow(a, &ret, sizeof(char *)) =
                external_id_text(a, ((const char **)lists[i]->items)[k]);
    return ret;
}

/* ---- what mail servers say ------------------------------------------------------------------------------------------ */

/* RFC 3464 §2.3.3. */
static enum mail_outcome outcome_of(const struct mime_report *report)
{
    static const struct {
        const char *action;
        enum mail_outcome outcome;
    } ROWS[] = {{"failed", MAIL_HAS_BOUNCED}, {"delayed", MAIL_IS_LATE}, {"delivered", MAIL_HAS_ARRIVED}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (strcmp(ROWS[i].action, report->action) == 0)
            return ROWS[i].outcome;
    return MAIL_IS_ON_ITS_WAY;
}

/* A receipt of an answer of ours; of what we never sent it becomes the entry `otherwise`, filed under who could not be
 * reached: a mail server is nobody. */
static void add_report(const struct channel_account *account, const struct mime_report *report, int64_t at,
                       struct inbound *otherwise, struct arena *a, struct inbound_list *ret)
{
    struct identity_ref recipient = mail_recipient(report->recipient, a);
    struct mail_event event = {
        .outcome = outcome_of(report),
        .message_id = report->message_id,
        .recipient = report->recipient,
        .words = report->reason,
        .at = at,
    };
    struct inbound *receipt = mail_receipt(account, &event, a);
    if (recipient.value) {
        otherwise->from = recipient;
        otherwise->n_also = 0;
    }
    if (receipt)
        receipt->or_entry = otherwise;
    *inbound_add(a, ret) = receipt ? *receipt : *otherwise;
}

static void set_by_program(struct inbound *item, const struct mime_mail *mail, struct arena *a)
{
    item->by_program = true;
    item->author_name = line_cut(a, mail->from.name ? mail->from.name : mail->from.address, PERSON_NAME_MAX);
}

/* Whose mail one of ours passes on, if the account says that this counts and the sender is proven: whether that is one of ours the desk knows. */
static struct identity_ref passed_on(const struct channel_account *account, const struct mail_words *words,
                                     enum mime_auth auth)
{
    const struct forward *forward = &words->forward;
    bool counts = words->passes_on && auth == MIME_AUTH_PASS && forward->address &&
                  strcmp(channel_setting(account, "agents_forward"), "true") == 0;
    return counts && !channel_takes(account, forward->address) ? (struct identity_ref){.kind = IDENTITY_EMAIL,
                                                                                       .value = forward->address,
                                                                                       .name = forward->name,
                                                                                       .proof = PROOF_CLAIMED}
                                                               : (struct identity_ref){0};
}

static struct inbound *entry_from(const struct channel_account *account, const struct mime_mail *mail,
                                  const struct identity_ref *from, const char *external_id, int64_t at,
                                  const struct mime_verdict *verdict, const struct mail_named *named, struct arena *a)
{
    struct mail_words words = mail_words_of(mail, named->by_token.n > 0, a);
    struct signature signature = mail_signature(a, mail, account->signers, at);
    struct inbound *item = arena_alloc(a, sizeof(*item));
    *item = (struct inbound){
        .type = INBOUND_ENTRY,
        .from = *from,
        .external_id = external_id,
        .other_is_new = true,
        .occurred_at = at,
        .kind = ENTRY_MESSAGE,
        .direction = DIRECTION_IN,
        .subject = line_cut(a, mail->subject, SUBJECT_MAX),
        .text = mail->text,
        .html = mail->html,
        .payload = mail_payload(mail, a, verdict, &signature, &words, at),
        .attachments = mail->attachments,
        .references = external_references(a, mail, named),
        .passed_on = passed_on(account, &words, verdict->auth),
        .signed_from = mail->signed_all.how ? normal(a, &mail->from) : NULL,
    };
    if (mail->auto_reply || mime_is_from_server(mail))
        set_by_program(item, mail, a);
    if (from->kind == IDENTITY_UNVERIFIED_EMAIL)
        item->also[item->n_also++] = (struct identity_ref){
            .kind = IDENTITY_EMAIL, .value = from->value, .name = from->name, .proof = PROOF_CLAIMED};
    return item;
}

/* An id as we make them (mail_id_of); other programs write theirs in capitals. */
static bool is_own_id(const struct channel_account *account, const char *message_id)
{
    const char *domain = strrchr(channel_setting(account, "address"), '@');
    char text[UUID_TEXT_SIZE];
    struct uuid entry = mail_entry_of(message_id);
    uuid_format(&entry, text);
    size_t n = strlen(text);
    return !uuid_is_none(&entry) && domain && strncmp(message_id + 1, text, n) == 0 &&
           strncasecmp(message_id + 1 + n, domain, strlen(domain)) == 0;
}

/* What somebody of ours wrote elsewhere, with the channel's address (Outlook, a telephone), and to whom; value NULL: it is what we
 * have sent ourselves and get back, or nobody has proven that it is from there: anybody may write our address into From. */
static struct identity_ref written_to(const struct channel_account *account, const struct mime_mail *mail,
                                      enum mime_auth auth, struct arena *a)
{
    const struct list *lists[] = {&mail->to, &mail->cc};
    if (auth != MIME_AUTH_PASS || (mail->message_id && is_own_id(account, mail->message_id)))
        return (struct identity_ref){0};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        for (size_t k = 0; k < lists[i]->n; k++) {
            const struct mime_address *one = (const struct mime_address *)lists[i]->items + k;
            const char *address = normal(a, one);
            if (address && !channel_takes(account, address))
                return (struct identity_ref){
                    .kind = IDENTITY_EMAIL, .value = address, .name = one->name, .proof = PROOF_CLAIMED};
        }
    }
    return (struct identity_ref){0};
}

static void add_elsewhere(struct inbound *entry, const struct mime_mail *mail, struct arena *a,
                          struct inbound_list *ret)
{
    if (!entry->from.value)
        return;
    entry->direction = DIRECTION_OUT;
    entry->delivery = DELIVERY_SENT;
    entry->author_name = line_cut(a, mail->from.name ? mail->from.name : mail->from.address, PERSON_NAME_MAX);
    *inbound_add(a, ret) = *entry;
}

void mail_add(const struct channel_account *account, struct mime_mail *mail, const char *id, int64_t received_at,
              struct arena *a, struct inbound_list *ret)
{
    struct mime_verdict verdict = mime_verdict_of(mail, channel_setting(account, "trust_auth_results"));
    const char *external_id = external_id_text(a, mail->message_id ? mail->message_id : id);
    int64_t at = mail_time(mail, received_at);
    struct mime_report report;
    const struct mail_named named = mail_take_tokens(account, mail, a);
    if (!mail->returned_id && named.by_token.n) /* where a bounce goes */
        mail->returned_id = ((const char **)named.by_token.items)[0];
    bool is_report = mime_report_of(mail, a, &report);
    struct identity_ref from = mail_author(account, mail, a, verdict.auth, external_id);
    bool is_ours = !from.value;
    if (is_ours)
        from = is_report ? mail_nobody(mail, a, external_id) : written_to(account, mail, verdict.auth, a);
    struct inbound *entry = entry_from(account, mail, &from, external_id, at, &verdict, &named, a);
    if (is_report) {
        set_by_program(entry, mail, a);
        add_report(account, &report, at, entry, a, ret);
    } else if (is_ours) {
        add_elsewhere(entry, mail, a, ret);
    } else {
        *inbound_add(a, ret) = *entry;
    }
}
