#include "channel/fetched.h"

const struct header_wanted FETCHED_HEADERS[] = {{.name = FETCHED_ARRIVED}, {.name = FETCHED_HEAD_OF}, {0}};

static int64_t header_number(const struct web_request *request, const char *name)
{
    const char *text = web_header(request, name);
    return text ? strtoll(text, NULL, 10) : 0;
}

bool fetched_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                   struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail;
    int64_t head_of = header_number(request, FETCHED_HEAD_OF);
    if (request->body_len == 0)
        return error_set(err, NULL, input_empty);
    mime_parse(request->body, request->body_len, a, &mail);
    if (!mail.received)
        mail.received = header_number(request, FETCHED_ARRIVED);
    if (head_of) {
        mail.head_only = said(a, mail_too_large, (long long)(head_of / 1000000), MAIL_BODY_MAX >> 20);
        mail.text = said_english(a, mail.head_only);
    }
    mail_add(account, &mail, external_id_hash(a, request->body, request->body_len), request->received_at, a, ret);
    return true;
}
