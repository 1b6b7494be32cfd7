#include "channel/mail.h"

#include "base/clock.h"
#include "base/text.h"
#include "channel/quote.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#define LATE_MAX_MS (7 * DAY_MS) /* mail servers give up sooner */
#define REFERENCES_SENT_MAX 20

/* ---- in ------------------------------------------------------------------------------------------------------------- */

static const char *normal(struct arena *a, const struct mime_address *address)
{
    return identity_normalise(a, IDENTITY_EMAIL, address->address, NULL);
}

static bool is_own(const struct channel_account *account, struct arena *a, const char *address)
{
    const char *own = identity_normalise(a, IDENTITY_EMAIL, channel_setting(account, "address"), NULL);
    return own && address && strcmp(own, address) == 0;
}

static const char *shown(struct arena *a, const struct mime_address *address)
{
    if (address->name && address->address)
        return arena_printf(a, "%s <%s>", address->name, address->address);
    return address->address ? address->address : address->name;
}

static struct json_object *shown_list(struct arena *a, const struct list *list)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < list->n; i++)
        json_object_array_add(array, json_object_new_string(shown(a, (struct mime_address *)list->items + i)));
    return array;
}

/* The sender says when; but what a server saw counts when they are far apart. */
static int64_t mail_time(const struct mime_mail *mail, int64_t received_at)
{
    int64_t received = mail->received ? time_believable(mail->received, received_at) : 0;
    int64_t written = mail->date ? time_believable(mail->date, received_at) : 0;
    if (!written)
        return received ? received : received_at;
    if (received && (written > received + HOUR_MS || written < received - LATE_MAX_MS))
        return received;
    return written < received_at ? written : received_at;
}

static const char *payload_of(const struct mime_mail *mail, struct arena *a, enum mime_auth auth)
{
    static const char *const AUTH[] = {"none", "pass", "fail"};
    struct json_object *payload = payload_new(a);
    long quote = quote_find(mail->text);
    payload_text(payload, "from", shown(a, &mail->from));
    payload_add(payload, "to", shown_list(a, &mail->to));
    payload_add(payload, "cc", shown_list(a, &mail->cc));
    if (mail->reply_to.address)
        payload_text(payload, "reply_to", shown(a, &mail->reply_to));
    payload_text(payload, "message_id", mail->message_id);
    if (mail->references.n)
        payload_text(payload, "in_reply_to", ((const char **)mail->references.items)[0]);
    payload_add(payload, "auto", json_object_new_boolean(mail->automatic || mail->null_sender));
    payload_text(payload, "auth", AUTH[auth]);
    if (quote >= 0)
        payload_int(payload, "quote_at", quote);
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

/* Who wrote. A form on our own site writes from our address and names the customer in Reply-To; any other mail from
 * ourselves is an echo, and nobody's (NULL value). */
static struct identity_ref author(const struct channel_account *account, const struct mime_mail *mail, struct arena *a,
                                  enum mime_auth auth, const char *external_id)
{
    const struct mime_address *candidates[] = {&mail->from, &mail->sender, &mail->return_path, &mail->reply_to};
    struct identity_ref ref = {.kind = IDENTITY_EMAIL, .proof = PROOF_CLAIMED};
    for (size_t i = 0; i < COUNT_OF(candidates) && !ref.value; i++) {
        ref.value = normal(a, candidates[i]);
        ref.name = candidates[i]->name;
    }
    if (is_own(account, a, ref.value)) {
        ref.value = normal(a, &mail->reply_to);
        ref.name = mail->reply_to.name;
        if (is_own(account, a, ref.value))
            ref.value = NULL;
        return ref;
    }
    if (!ref.value) /* from nowhere, but not to be lost */
        return (struct identity_ref){.kind = IDENTITY_EXTERNAL,
                                     .scoped = true,
                                     .value = external_id_hash(a, external_id, strlen(external_id)),
                                     .name = mail->from.name,
                                     .proof = PROOF_ANONYMOUS};
    if (auth == MIME_AUTH_PASS && normal(a, &mail->from))
        ref.proof = PROOF_PROVEN;
    if (auth == MIME_AUTH_FAIL) /* whoever wrote: it is not filed under the address */
        ref.kind = IDENTITY_UNVERIFIED_EMAIL;
    return ref;
}

static const char *report_reason(const struct mime_report *report, struct arena *a)
{
    const char *to = report->recipient ? report->recipient : "the recipient";
    return line_cut(a,
                    report->reason ? arena_printf(a, "The mail server of %s refused the mail: %s", to, report->reason)
                                   : arena_printf(a, "The mail server of %s refused the mail.", to),
                    REASON_MAX);
}

/* True when the mail is a report on a mail of ours; it is added when it says something final. */
static bool add_report(const struct mime_mail *mail, int64_t at, struct arena *a, struct inbound_list *ret)
{
    static const struct {
        const char *action;
        enum delivery delivery;
    } ACTIONS[] = {{"failed", DELIVERY_FAILED}, {"delivered", DELIVERY_DELIVERED}};
    const struct mime_report *report = &mail->report;
    const char *about = report->message_id;
    if (report->action && !about && mail->references.n)
        about = ((const char **)mail->references.items)[0];
    if (!report->action || !about)
        return false;
    for (size_t i = 0; i < COUNT_OF(ACTIONS); i++) {
        if (strcmp(ACTIONS[i].action, report->action) != 0)
            continue;
        const char *to = identity_normalise(a, IDENTITY_EMAIL, report->recipient, NULL);
        *inbound_add(a, ret) = (struct inbound){
            .type = INBOUND_RECEIPT,
            .from = to ? (struct identity_ref){.kind = IDENTITY_EMAIL, .value = to, .proof = PROOF_CLAIMED}
                       : (struct identity_ref){0},
            .external_id = external_id_text(a, about),
            .occurred_at = at,
            .delivery = ACTIONS[i].delivery,
            .error = ACTIONS[i].delivery == DELIVERY_FAILED ? report_reason(report, a) : NULL,
        };
    }
    return true;
}

void mail_add(const struct channel_account *account, struct mime_mail *mail, const char *id, int64_t received_at,
              struct arena *a, struct inbound_list *ret)
{
    enum mime_auth auth = mime_auth_of(mail, channel_setting(account, "trust_auth_results"));
    const char *external_id = external_id_text(a, mail->message_id ? mail->message_id : id);
    int64_t at = mail_time(mail, received_at);
    if (add_report(mail, at, a, ret))
        return;
    struct identity_ref from = author(account, mail, a, auth, external_id);
    if (!from.value)
        return;
    struct inbound *item = inbound_add(a, ret);
    *item = (struct inbound){
        .type = INBOUND_ENTRY,
        .from = from,
        .external_id = external_id,
        .id_of_sender = true,
        .occurred_at = at,
        .kind = ENTRY_MESSAGE,
        .direction = DIRECTION_IN,
        .subject = line_cut(a, mail->subject, SUBJECT_MAX),
        .text = mail->text,
        .html = mail->html,
        .payload = payload_of(mail, a, auth),
        .attachments = mail->attachments,
        .references = external_references(a, &mail->references),
    };
    if (from.kind == IDENTITY_UNVERIFIED_EMAIL)
        item->also[item->n_also++] = (struct identity_ref){
            .kind = IDENTITY_EMAIL, .value = from.value, .name = from.name, .proof = PROOF_CLAIMED};
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

/* "Re: AW: Re[2]: shoes" is about "shoes". */
static const char *without_reply_marks(const char *subject)
{
    static const char *const MARKS[] = {"Re", "AW",  "SV",   "Antw", "RV",   "RIF",
                                        "TR", "Réf", "返信", "回复", "回覆", "답장"};
    for (bool found = true; found;) {
        found = false;
        subject += strspn(subject, " ");
        for (size_t i = 0; i < COUNT_OF(MARKS) && !found; i++) {
            size_t n = strlen(MARKS[i]);
            if (strncasecmp(subject, MARKS[i], n) != 0)
                continue;
            const char *p = subject + n;
            if (*p == '[' || *p == '(') {
                const char *close = p + 1 + strspn(p + 1, "0123456789");
                p = *close == ']' || *close == ')' ? close + 1 : p;
            }
            p += strspn(p, " ");
            size_t colon = *p == ':' ? 1 : strncmp(p, "：", strlen("：")) == 0 ? strlen("：") : 0;
            found = colon > 0;
            if (found)
                subject = p + colon;
        }
    }
    return subject;
}

static const char *answer_subject(const struct channel_account *account, const struct outbound *out, struct arena *a)
{
    const char *subject = line_cut(a, out->subject, SUBJECT_MAX - 4);
    if (!subject)
        return out->in_reply_to ? "Re: your message" : arena_printf(a, "Message from %s", account->name);
    if (!out->in_reply_to)
        return subject;
    return arena_printf(a, "Re: %s", without_reply_marks(subject));
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

bool mail_send_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                     struct send_request *ret, struct error *err)
{
    const char *from = identity_normalise(a, IDENTITY_EMAIL, channel_setting(account, "address"), NULL);
    const char *to = identity_normalise(a, IDENTITY_EMAIL, out->to, NULL);
    const char *display_name = channel_setting(account, "display_name");
    if (!from)
        return error_set(err, ERR_INVALID, "address", "The channel has no valid address to write from.");
    if (!to)
        return error_set(err, ERR_INVALID, "to", "This is no address that mail can be sent to.");
    if (text_is_blank(out->text) && out->attachments.n == 0)
        return error_set(err, ERR_INVALID, "text", "The message is empty.");
    struct mime_draft draft = {
        .from = {.name = display_name[0] ? display_name : account->name, .address = from},
        .to = {.name = out->to_name, .address = to},
        .subject = answer_subject(account, out, a),
        .date = out->now,
        .message_id = own_message_id(out, a, from),
        .in_reply_to = out->in_reply_to,
        .references = answer_references(out, a),
        .text = out->text,
        .attachments = out->attachments,
    };
    const char *user = channel_setting(account, "smtp_user");
    *ret = (struct send_request){
        .how = SEND_SMTP,
        .url = channel_setting(account, "smtp_url"),
        .user = user[0] ? user : NULL,
        .password = user[0] ? channel_setting(account, "smtp_password") : NULL,
        .mail_from = from,
        .mail_to = to,
        .require_tls = strcmp(channel_setting(account, "smtp_tls"), "true") == 0,
        .external_id = external_id_text(a, draft.message_id),
    };
    ret->body = mime_build(&draft, a, &ret->body_len);
    return true;
}

/* RFC 5321 §4.2.1, RFC 4954 §4. 354 is the last code there is when the connection broke while the mail was handed over. */
void mail_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                     struct send_result *ret)
{
    (void)account;
    const char *words = reply->transport_error ? reply->transport_error : "no reason was given";
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
        result_set(
            a, ret, SEND_AGAIN,
            "The outgoing mail server refused the login (%d): %s. See the user and password in the channel's settings.",
            reply->status, words);
        ret->channel_broken = true;
        return;
    default:
        break;
    }
    if (reply->status / 100 == 5)
        result_set(a, ret, SEND_NEVER, "The outgoing mail server refused the mail (%d): %s.", reply->status, words);
    else if (reply->status / 100 == 4)
        result_set(a, ret, SEND_AGAIN, "The outgoing mail server cannot take the mail now (%d): %s.", reply->status,
                   words);
    else if (reply->status / 100 == 3)
        result_set(a, ret, SEND_UNCERTAIN,
                   "The outgoing mail server did not confirm the mail: %s. It may have been sent.", words);
    else if (reply->transport_error) /* it broke off before the mail was offered */
        result_set(a, ret, SEND_AGAIN, "The outgoing mail server could not be used: %s.", words);
    else {
        result_set(a, ret, SEND_DONE, NULL);
        ret->external_id = reply->request ? reply->request->external_id : NULL;
    }
}
