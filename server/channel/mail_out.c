/* Answers by mail: who has them, in what thread, under what signature; and by SMTP. */
#include "channel/mail.h"

#include "base/buf.h"
#include "base/markdown.h"
#include "base/text.h"
#include "channel/mail_subject.h"
#include "channel/mail_thread.h"

static const char *answer_subject(const struct sender *sender, const struct outbound *out, struct arena *a)
{
    const char *subject = line_cut(a, out->subject, SUBJECT_MAX - 4);
    if (!subject) /* in no language but the desk's own */
        return out->in_reply_to ? "Re:" : sender->name;
    if (!out->in_reply_to)
        return subject;
    return arena_printf(a, "Re: %s", mail_bare_subject(subject));
}

/* RFC 5322 §3.6.4: theirs, then the one that is answered, then our own where that would be lost; the first and the last ones when it grows
 * long. */
static const char *answer_references(const struct outbound *out, struct arena *a, const char *own_id)
{
    AUTO_BUF struct buf b = {0};
    struct list ids = mime_ids(a, arena_printf(a, "%s %s %s", out->references ? out->references : "",
                                               out->in_reply_to ? out->in_reply_to : "", own_id ? own_id : ""));
    const char **items = ids.items;
    size_t first = ids.n > REFERENCES_SENT_MAX ? ids.n - REFERENCES_SENT_MAX : 0;
    for (size_t i = 0; i < ids.n; i++) {
        bool repeated = i + 1 == ids.n && i > 0 && strcmp(items[i], items[i - 1]) == 0;
        if ((i == 0 || i > first) && !repeated)
            buf_printf(&b, "%s%s", b.len ? " " : "", items[i]);
    }
    return b.len ? arena_strndup(a, b.data, b.len) : NULL;
}

static const char *own_id(const struct outbound *out, struct arena *a, const char *address)
{
    struct list ids = mime_ids(a, out->message_id);
    return ids.n ? ((const char **)ids.items)[0] : mail_id_of(a, &out->entry_id, address);
}

/* "Name <address>" as it is kept; a name may hold commas. */
static struct mime_address mailbox_of(struct arena *a, const char *text)
{
    const char *open = strrchr(text, '<');
    const char *name = open ? text_trim(a, arena_strndup(a, text, (size_t)(open - text))) : NULL;
    size_t n = name ? strlen(name) : 0;
    if (n >= 2 && name[0] == '"' &&
        name[n - 1] == '"') /* as it stands in a mail; it is quoted again where it must be */
        name = text_trim(a, arena_strndup(a, name + 1, n - 2));
    return (struct mime_address){.name = text_is_blank(name) || strchr(name, '@') ? NULL : name,
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

struct words {
    const char *text, *html;
};

/* RFC 3676 §4.3: below two dashes and a blank. */
static struct words signed_words(const struct sender *sender, const struct outbound *out, struct arena *a)
{
    struct words words = {out->text, out->html};
    const char *signature = sender_signature(a, &(struct signed_for){out->agent_name, out->to_name, sender});
    if (!signature)
        return words;
    const char *text = out->text ? out->text : "";
    words.text = arena_printf(a, "%s\n\n-- \n%s", text, markdown_as(a, signature, MARKDOWN_PLAIN));
    if (out->html)
        words.html = arena_printf(a, "%s\n<p>-- </p>\n%s", out->html, markdown_as(a, signature, MARKDOWN_HTML));
    return words;
}

/* Where the answer goes to, with or without a token: to the sender where its mail arrives, else to the channel's own address. NULL: to
 * the sender, as nothing else is said. */
static const char *reply_address(const struct channel_account *account, const struct outbound *out, struct arena *a,
                                 const char *own, const char *from)
{
    const char *to = channel_takes(account, from) ? from : own;
    const char *with_token = mail_reply_address(account, a, &out->entry_id, to);
    return with_token ? with_token : to == from ? NULL : to;
}

bool mail_answer_fill(const struct channel_account *account, const struct outbound *out, struct arena *a,
                      struct mail_answer *ret, struct error *err)
{
    struct list senders = channel_senders(a, account);
    if (!senders.n)
        return error_set(err, "address", mail_no_sender);
    const struct sender *own = senders.items, *sender = out->from ? sender_find(&senders, out->from) : own;
    if (!sender)
        return error_set(err, "from", no_sender, out->from);
    if (text_is_blank(out->text) && out->attachments.n == 0)
        return error_set(err, "text", nothing_to_send);
    struct words words = signed_words(sender, out, a);
    const char *id = own_id(out, a, own->address), *subject = answer_subject(sender, out, a);
    *ret = (struct mail_answer){
        .draft = {
            .from = {.name = sender->name, .address = sender->address},
            .subject = mail_subject_with_token(account, a, &out->entry_id, subject),
            .date = out->now,
            .message_id = id,
            .in_reply_to = out->in_reply_to,
            .references = answer_references(out, a, account->type->replaces_ids ? id : NULL),
            .reply_to = reply_address(account, out, a, own->address, sender->address),
            .thread_index = out->in_reply_to ? NULL : mail_thread_index(a, &out->entry_id, out->now),
            .text = words.text,
            .html = words.html,
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
        .mail_from = answer->draft.reply_to ? answer->draft.reply_to : answer->draft.from.address,
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
    case 334: /* it ended within the log-in: a token was not taken */
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
