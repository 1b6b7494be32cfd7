#include "channel/mail.h"

#include "channel/mail_author.h"
#include "channel/mail_event.h"
#include "channel/mail_subject.h"
#include "channel/mime_secure.h"

#include "base/clock.h"
#include "base/text.h"
#include "channel/quote.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#define APART_MAX_MS (10 * MINUTE_MS)
#define REFERENCES_SENT_MAX 20

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

static const char *mail_payload(const struct mime_mail *mail, struct arena *a, const struct mime_verdict *verdict,
                                int64_t at)
{
    static const char *const AUTH[] = {"none", "pass", "fail"};
    struct json_object *payload = payload_new(a);
    bool answers = mail->references.n || mail_subject_answers(mail->subject);
    long quote = quote_find(mail->text, answers);
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
    if (quote >= 0)
        payload_int(payload, "quote_at", quote);
    if (mail->calendar)
        payload_add(payload, "calendar", json_parse(mail->calendar, strlen(mail->calendar), NULL));
    payload_text(payload, "secure", MIME_SECURE_NAMES[mail->secure]);
    if (mail->cut)
        payload_true(payload, "cut");
    return payload_end(a, payload);
}

static struct list external_references(struct arena *a, const struct list *references)
{
    const char **ids = arena_alloc(a, references->n * sizeof(*ids));
    for (size_t i = 0; i < references->n; i++)
        ids[i] = external_id_text(a, ((const char **)references->items)[i]);
    return (struct list){ids, references->n};
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

static struct inbound *entry_from(const struct mime_mail *mail, const struct identity_ref *from,
                                  const char *external_id, int64_t at, const struct mime_verdict *verdict,
                                  struct arena *a)
{
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
        .payload = mail_payload(mail, a, verdict, at),
        .attachments = mail->attachments,
        .references = external_references(a, &mail->references),
    };
    if (mail->auto_reply || mime_is_from_server(mail))
        set_by_program(item, mail, a);
    if (from->kind == IDENTITY_UNVERIFIED_EMAIL)
        item->also[item->n_also++] = (struct identity_ref){
            .kind = IDENTITY_EMAIL, .value = from->value, .name = from->name, .proof = PROOF_CLAIMED};
    return item;
}

/* An id as we make them (own_message_id); other programs write theirs in capitals. */
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
    bool is_report = mime_report_of(mail, a, &report);
    struct identity_ref from = mail_author(account, mail, a, verdict.auth, external_id);
    bool is_ours = !from.value;
    if (is_ours)
        from = is_report ? mail_nobody(mail, a, external_id) : written_to(account, mail, verdict.auth, a);
    struct inbound *entry = entry_from(mail, &from, external_id, at, &verdict, a);
    if (is_report) {
        set_by_program(entry, mail, a);
        add_report(account, &report, at, entry, a, ret);
    } else if (is_ours) {
        add_elsewhere(entry, mail, a, ret);
    } else {
        *inbound_add(a, ret) = *entry;
    }
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

/* As customers know us; the channel's own name is the desk's word for it. */
static const char *sender_name(const struct channel_account *account)
{
    const char *display_name = channel_setting(account, "display_name");
    return display_name[0] ? display_name : account->name;
}

static const char *answer_subject(const struct channel_account *account, const struct outbound *out, struct arena *a)
{
    const char *subject = line_cut(a, out->subject, SUBJECT_MAX - 4);
    if (!subject) /* in no language but the desk's own */
        return out->in_reply_to ? "Re:" : sender_name(account);
    if (!out->in_reply_to)
        return subject;
    return arena_printf(a, "Re: %s", mail_bare_subject(subject));
}

/* RFC 5322 §3.6.4: theirs, then the one that is answered; the first and the last ones when it grows long. */
static const char *answer_references(const struct outbound *out, struct arena *a)
{
    AUTO_BUF struct buf b = {0};
    struct list ids = mime_ids(
        a, arena_printf(a, "%s %s", out->references ? out->references : "", out->in_reply_to ? out->in_reply_to : ""));
    const char **items = ids.items;
    size_t first = ids.n > REFERENCES_SENT_MAX ? ids.n - REFERENCES_SENT_MAX : 0;
    for (size_t i = 0; i < ids.n; i++) {
        bool repeated = i + 1 == ids.n && i > 0 && strcmp(items[i], items[i - 1]) == 0;
        if ((i == 0 || i > first) && !repeated)
            buf_printf(&b, "%s%s", b.len ? " " : "", items[i]);
    }
    return b.len ? arena_strndup(a, b.data, b.len) : NULL;
}

static const char *own_message_id(const struct outbound *out, struct arena *a, const char *address)
{
    struct list ids = mime_ids(a, out->message_id);
    char entry[UUID_TEXT_SIZE];
    if (ids.n)
        return ((const char **)ids.items)[0];
    uuid_format(&out->entry_id, entry);
    return arena_printf(a, "<%s%s>", entry, strrchr(address, '@'));
}

/* "Name <address>" as it is kept; a name may hold commas. */
static struct mime_address mailbox_of(struct arena *a, const char *text)
{
    const char *open = strrchr(text, '<');
    const char *name = open ? text_trim(a, arena_strndup(a, text, (size_t)(open - text))) : NULL;
    return (struct mime_address){.name = text_is_blank(name) ? NULL : name,
                                 .address = identity_normalise(a, IDENTITY_EMAIL, text, NULL)};
}

/* Into a list of theirs, and into the envelope. */
static bool add_recipients(struct arena *a, const struct list *texts, struct list *to, struct list *envelope,
                           struct error *err)
{
    for (size_t i = 0; i < texts->n; i++) {
        struct mime_address one = mailbox_of(a, ((const char **)texts->items)[i]);
        if (!one.address)
            return error_set(err, "to", mail_no_recipient);
        *(struct mime_address *)list_grow(a, to, sizeof(one)) = one;
        *(const char **)list_grow(a, envelope, sizeof(one.address)) = one.address;
    }
    return true;
}

static bool set_recipients(const struct outbound *out, struct arena *a, struct mail_answer *ret, struct error *err)
{
    const char *to = identity_normalise(a, IDENTITY_EMAIL, out->to, NULL);
    if (!to)
        return error_set(err, "to", mail_no_recipient);
    *(struct mime_address *)list_grow(a, &ret->draft.to, sizeof(struct mime_address)) =
        (struct mime_address){.name = out->to_name, .address = to};
    *(const char **)list_grow(a, &ret->envelope, sizeof(to)) = to;
    return add_recipients(a, &out->also_to, &ret->draft.to, &ret->envelope, err) &&
           add_recipients(a, &out->cc, &ret->draft.cc, &ret->envelope, err) &&
           add_recipients(a, &out->bcc, &ret->bcc, &ret->envelope, err);
}

bool mail_answer_fill(const struct channel_account *account, const struct outbound *out, struct arena *a,
                      struct mail_answer *ret, struct error *err)
{
    const char *from = identity_normalise(a, IDENTITY_EMAIL, channel_setting(account, "address"), NULL);
    if (!from)
        return error_set(err, "address", mail_no_sender);
    if (text_is_blank(out->text) && out->attachments.n == 0)
        return error_set(err, "text", nothing_to_send);
    *ret = (struct mail_answer){.draft = {
                                    .from = {.name = sender_name(account), .address = from},
                                    .subject = answer_subject(account, out, a),
                                    .date = out->now,
                                    .message_id = own_message_id(out, a, from),
                                    .in_reply_to = out->in_reply_to,
                                    .references = answer_references(out, a),
                                    .text = out->text,
                                    .html = out->html,
                                    .attachments = out->attachments,
                                }};
    return set_recipients(out, a, ret, err);
}

void mail_smtp_build(const struct channel_account *account, const struct mail_answer *answer, struct arena *a,
                     struct send_request *ret)
{
    const char *user = channel_setting(account, "smtp_user");
    *ret = (struct send_request){
        .how = SEND_SMTP,
        .url = channel_setting(account, "smtp_url"),
        .user = user[0] ? user : NULL,
        .password = user[0] ? channel_setting(account, "smtp_password") : NULL,
        .mail_from = answer->draft.from.address,
        .mail_to = answer->envelope,
        .require_tls = strcmp(channel_setting(account, "smtp_tls"), "true") == 0,
        .external_id = external_id_text(a, answer->draft.message_id),
    };
    ret->body = mime_build(&answer->draft, a, &ret->body_len);
}

bool mail_send_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                     struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    mail_smtp_build(account, &answer, a, ret);
    return true;
}

/* RFC 5321 §4.2.1, RFC 4954 §4. 354 is the last code there is when the connection broke while the mail was handed over. */
void mail_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                     struct send_result *ret)
{
    (void)account;
    const char *words = reply->transport_error ? reply->transport_error : "…";
    if (reply->body_len)
        words = line_cut(a, arena_strndup(a, reply->body, reply->body_len), REASON_MAX);
    switch (reply->status) {
    case 0:
        result_no_answer(a, ret, reply, false);
        return;
    case 454:
    case 530:
    case 534:
    case 535:
    case 538:
        result_set(ret, SEND_AGAIN, said(a, mail_login, reply->status, words));
        ret->channel_broken = true;
        return;
    default:
        break;
    }
    if (reply->status / 100 == 5)
        result_set(ret, SEND_NEVER, said(a, mail_refused, reply->status, words));
    else if (reply->status / 100 == 4)
        result_set(ret, SEND_AGAIN, said(a, mail_later, reply->status, words));
    else if (reply->status / 100 == 3)
        result_set(ret, SEND_UNCERTAIN, said(a, mail_unsure, words));
    else if (reply->transport_error) /* it broke off before the mail was offered */
        result_set(ret, SEND_AGAIN, said(a, mail_broken, words));
    else {
        result_set(ret, SEND_DONE, NULL);
        ret->external_id = reply->request ? reply->request->external_id : NULL;
    }
}
