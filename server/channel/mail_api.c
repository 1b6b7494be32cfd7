#include "channel/mail_api.h"

#include "base/crypto.h"
#include "base/text.h"

bool mail_api_is_used(const struct channel_account *account)
{
    return channel_setting(account, "api_key")[0] != '\0';
}

const char *mail_api_mailbox(struct arena *a, const char *name, const char *address)
{
    char *line = arena_strdup(a, line_cut(a, name, PERSON_NAME_MAX));
    if (!line)
        return arena_printf(a, "<%s>", address);
    for (char *p = line; *p; p++)
        if (*p == '"' || *p == '\\')
            *p = '\'';
    return arena_printf(a, "\"%s\" <%s>", line, address);
}

const char *mail_api_mailboxes(struct arena *a, const struct list *who)
{
    AUTO_BUF struct buf out = {0};
    for (size_t i = 0; i < who->n; i++) {
        const struct mime_address *one = (const struct mime_address *)who->items + i;
        buf_printf(&out, "%s%s", i ? ", " : "", mail_api_mailbox(a, one->name, one->address));
    }
    return arena_strndup(a, out.data ? out.data : "", out.len);
}

struct json_object *mail_api_headers(struct arena *a, const struct mime_draft *draft)
{
    struct json_object *ret = json_object_new_object();
    struct list headers = mime_sent_headers(a, draft);
    for (size_t i = 0; i < headers.n; i++) {
        const struct send_header *header = (const struct send_header *)headers.items + i;
        payload_text(ret, header->name, header->value);
    }
    return ret;
}

struct json_object *mail_api_file(const struct attachment *file)
{
    AUTO_FREE char *text = mem_alloc(((size_t)file->size + 2) / 3 * 4 + 1);
    crypto_base64_encode(file->data, (size_t)file->size, text);
    return json_object_new_string(text);
}

/* SendGrid: {errors: [{message}]}, Mailgun: {message}, Postmark: {Message}, Graph: {error: {message}}. */
static const char *api_words(struct arena *a, const struct send_reply *reply)
{
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const char *words = json_text(a, json_item(json_at(body, "errors"), 0), "message");
    words = words ? words : json_text(a, body, "message");
    words = words ? words : json_text(a, body, "Message");
    words = words ? words : json_text(a, body, "error.message");
    json_object_put(body);
    words = line_cut(a, words, REASON_MAX);
    return arena_printf(a, "%d %s", reply->status, words ? words : "…");
}

static const struct status_row {
    int from, to;
    enum send_outcome outcome;
    enum { BY_TOKEN, BY_LIMIT, BY_MAIL, BY_FAULT, BY_GATEWAY } why;
    bool broken; /* the channel, and not the mail */
} STATUSES[] = {
    {200, 299, SEND_DONE, BY_MAIL, false},
    {300, 399, SEND_AGAIN, BY_MAIL, true}, /* no redirect is followed: the address is wrong */
    {401, 401, SEND_AGAIN, BY_TOKEN, true},
    {403, 403, SEND_AGAIN, BY_TOKEN, true},
    {404, 405, SEND_AGAIN, BY_MAIL, true},
    {408, 408, SEND_AGAIN, BY_FAULT, false},
    {429, 429, SEND_AGAIN, BY_LIMIT, false},
    {400, 499, SEND_NEVER, BY_MAIL, false},
    {503, 503, SEND_AGAIN, BY_FAULT, false}, /* not taken (RFC 9110 §15.6.4) */
    {0, 999, SEND_UNCERTAIN, BY_GATEWAY, false},
};

static const struct status_row *status_row_of(int status)
{
    const struct status_row *row = STATUSES;
    while (status < row->from || status > row->to)
        row++;
    return row;
}

static const char *status_said(const struct channel_account *account, const struct status_row *row,
                               const struct send_reply *reply, struct arena *a)
{
    const char *type = account->type->name;
    switch (row->why) {
    case BY_TOKEN:
        return said(a, provider_token, type, api_words(a, reply));
    case BY_LIMIT:
        return said(a, provider_slower, type);
    case BY_FAULT:
        return said(a, provider_fault, type, reply->status);
    case BY_GATEWAY:
        return said(a, provider_unsure, type, reply->status);
    case BY_MAIL:
        break;
    }
    return said(a, provider_refused, type, api_words(a, reply));
}

void mail_api_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                         struct send_result *ret)
{
    if (reply->request->how == SEND_SMTP) {
        mail_read_reply(account, reply, a, ret);
        return;
    }
    if (reply->status == 0) {
        result_no_answer(a, ret, reply, false);
        return;
    }
    const struct status_row *row = status_row_of(reply->status);
    bool done = row->outcome == SEND_DONE;
    result_set(ret, row->outcome, done ? NULL : status_said(account, row, reply, a));
    ret->channel_broken = row->broken;
    ret->external_id = done ? reply->request->external_id : NULL;
    if (row->outcome == SEND_AGAIN)
        ret->retry_after_ms = reply->retry_after_ms;
}
