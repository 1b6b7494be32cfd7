/* SMS and MMS at a Twilio number. twilio.com/docs/messaging/api/message-resource, …/messaging/guides/webhook-request,
 * …/messaging/guides/track-outbound-message-status; what STOP does: twilio.com/docs/messaging/tutorials/advanced-opt-out. */
#include "channel/attach.h"
#include "channel/twilio.h"
#include "channel/types.h"

#include "base/clock.h"
#include "base/text.h"

#include <strings.h>

#define BODY_MAX (64 << 10)
#define TEXT_MAX 1600 /* code 21617 beyond it */
#define MEDIA_MAX 10
#define ENTRY_PARAMETER "entry"

static const struct setting SETTINGS[] = {
    {"account_sid", SETTING_TEXT, SETTING_REQUIRED, NULL, "Account SID", "Twilio console, Account: it begins with AC."},
    TWILIO_SETTINGS,
    {"number", SETTING_PHONE, 0, NULL, "Number",
     "From which answers go: one of yours at Twilio, such as +14155550100."},
    {"messaging_service", SETTING_TEXT, 0, NULL, "Messaging service",
     "In place of the number: its SID, which begins with MG. It picks a number, and knows further words for STOP."},
    {0},
};

/* ---- in ----------------------------------------------------------------------------------------------------------- */

struct sms {
    struct arena *arena;
    struct form body, query;
    const char *sid;
    const struct web_request *request;
    struct inbound_list *ret;
};

static const char *told_sms(const struct sms *m, const char *name)
{
    const char *value = form_get(&m->body, name);
    return text_is_blank(value) ? NULL : value;
}

/* A telephone number, or what a company calls itself, which nobody can answer. */
static struct identity_ref sms_identity(const struct sms *m, const char *name)
{
    const char *number = told_sms(m, name);
    const char *phone = number ? identity_normalise(m->arena, IDENTITY_PHONE, number, NULL) : NULL;
    return (struct identity_ref){
        .kind = phone ? IDENTITY_PHONE : IDENTITY_EXTERNAL,
        .space = phone ? 0 : SPACE_OF_ACCOUNT,
        .value = phone ? phone : identity_normalise(m->arena, IDENTITY_EXTERNAL, number, NULL),
        .proof = phone ? PROOF_PROVEN : PROOF_CLAIMED,
    };
}

/* The last part of …/Messages/MM…/Media/ME…; whatever stands before it is not asked. */
static const char *media_id(struct arena *a, const char *url)
{
    const char *slash = url ? strrchr(url, '/') : NULL;
    return slash ? id_in_url(arena_strdup(a, slash + 1)) : NULL;
}

static void add_media(const struct sms *m, struct json_object *payload, struct list *files)
{
    struct json_object *all = json_object_new_array();
    for (int i = 0; i < MEDIA_MAX; i++) {
        const char *url = told_sms(m, arena_printf(m->arena, "MediaUrl%d", i));
        const char *type = told_sms(m, arena_printf(m->arena, "MediaContentType%d", i)), *id = media_id(m->arena, url);
        struct attachment *file =
            id ? attach_remote(m->arena, files, id, NULL, is_mime_type(type) ? type : NULL) : NULL;
        if (file)
            file->remote = arena_printf(m->arena, "%s/%s", m->sid, id);
        if (url)
            json_object_array_add(all, json_object_new_string(url));
    }
    if (json_length(all))
        payload_add(payload, "media", all);
    else
        json_object_put(all);
}

/* What Twilio has done of itself because of STOP and its kin: it sends nothing there any more, until START. */
static const struct opt_out {
    const char *type;
    enum consent consent;
} OPT_OUTS[] = {{"STOP", CONSENT_REFUSED}, {"START", CONSENT_GRANTED}};

static void add_opt_out(const struct sms *m, struct identity_ref from)
{
    const char *type = told_sms(m, "OptOutType");
    for (size_t i = 0; type && i < COUNT_OF(OPT_OUTS); i++)
        if (strcasecmp(type, OPT_OUTS[i].type) == 0) {
            from.consent = OPT_OUTS[i].consent;
            *inbound_add(m->arena, m->ret) =
                (struct inbound){.type = INBOUND_PERSON,
                                 .from = from,
                                 .external_id = external_id_text(m->arena, arena_printf(m->arena, "opt:%s", m->sid)),
                                 .occurred_at = m->request->received_at};
        }
}

static bool read_sms(const struct sms *m)
{
    static const char *const KEPT[][2] = {{"from", "From"},
                                          {"to", "To"},
                                          {"segments", "NumSegments"},
                                          {"country", "FromCountry"},
                                          {"opt_out", "OptOutType"}};
    struct json_object *payload = payload_new(m->arena);
    struct inbound item = {
        .type = INBOUND_ENTRY,
        .from = sms_identity(m, "From"),
        .external_id = external_id_text(m->arena, m->sid),
        .occurred_at = m->request->received_at,
        .kind = ENTRY_MESSAGE,
        .direction = DIRECTION_IN,
    };
    if (!item.from.value)
        return false;
    for (size_t i = 0; i < COUNT_OF(KEPT); i++)
        payload_text(payload, KEPT[i][0], told_sms(m, KEPT[i][1]));
    add_media(m, payload, &item.attachments);
    item.text = told_sms(m, "Body");
    if (!item.text)
        item.text = payload_say(m->arena, payload,
                                item.attachments.n ? said(m->arena, sent_file) : said(m->arena, sent_nothing));
    item.payload = payload_end(m->arena, payload);
    *inbound_add(m->arena, m->ret) = item;
    add_opt_out(m, item.from);
    return true;
}

static const struct sms_state {
    const char *name;
    enum delivery delivery;
} STATES[] = {
    {"sent", DELIVERY_SENT},          {"delivered", DELIVERY_DELIVERED}, {"read", DELIVERY_READ},
    {"undelivered", DELIVERY_FAILED}, {"failed", DELIVERY_FAILED},       {"canceled", DELIVERY_FAILED},
};

static const char *sms_reason(struct arena *a, int64_t code, const char *words);

static void read_sms_state(const struct sms *m, const char *status)
{
    const char *entry = form_get(&m->query, ENTRY_PARAMETER), *code = told_sms(m, "ErrorCode");
    for (size_t i = 0; i < COUNT_OF(STATES); i++) {
        if (strcmp(STATES[i].name, status) != 0)
            continue;
        struct inbound item = {
            .type = INBOUND_RECEIPT,
            .from = sms_identity(m, "To"),
            .external_id = external_id_text(m->arena, m->sid),
            .occurred_at = m->request->received_at,
            .delivery = STATES[i].delivery,
        };
        if (entry)
            uuid_parse_text(entry, &item.entry_id);
        if (item.delivery == DELIVERY_FAILED)
            item.error = sms_reason(m->arena, code ? strtoll(code, NULL, 10) : 0, told_sms(m, "ErrorMessage"));
        *inbound_add(m->arena, m->ret) = item;
    }
}

/* What comes has the words; what became of ours has a MessageStatus, and none. */
static bool sms_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                      struct inbound_list *ret, struct error *err)
{
    struct sms m = {.arena = a, .request = request, .ret = ret};
    (void)account;
    if (form_parse(a, request->body, request->body_len, &m.body) &&
        form_parse(a, request->query, strlen(request->query), &m.query))
        m.sid = id_in_url(told_sms(&m, "MessageSid"));
    if (!m.sid)
        return error_set(err, "MessageSid", input_lacks, "MessageSid");
    const char *status = told_sms(&m, "MessageStatus");
    if (status)
        read_sms_state(&m, status);
    else if (!read_sms(&m))
        return error_set(err, "From", input_lacks, "From");
    return true;
}

/* ---- out ---------------------------------------------------------------------------------------------------------- */

static void put_parameter(struct buf *body, const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    buf_printf(body, "%s%s=", body->len ? "&" : "", name);
    url_put(body, value, "");
}

/* Where Twilio says what became of it; it refuses an address that it cannot reach by name. */
static const char *status_url(const struct channel_account *account, const struct outbound *out, struct arena *a)
{
    char entry[UUID_TEXT_SIZE];
    uuid_format(&out->entry_id, entry);
    return account->webhook_url && strncmp(account->webhook_url, "https://", 8) == 0
               ? arena_printf(a, "%s?" ENTRY_PARAMETER "=%s", account->webhook_url, entry)
               : NULL;
}

static bool sms_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                      struct send_request *ret, struct error *err)
{
    AUTO_BUF struct buf body = {0};
    const char *sid = channel_setting(account, "account_sid"), *service = channel_setting(account, "messaging_service");
    const char *number = channel_setting(account, "number");
    if (text_is_blank(out->text))
        return error_set(err, "text", nothing_to_send);
    if (!service[0] && !number[0])
        return error_set(err, "number", sms_no_sender);
    if (!id_in_url(sid))
        return error_set(err, "account_sid", channel_unusable);
    put_parameter(&body, "To", out->to);
    put_parameter(&body, service[0] ? "MessagingServiceSid" : "From", service[0] ? service : number);
    put_parameter(&body, "Body", out->text);
    put_parameter(&body, "StatusCallback", status_url(account, out, a));
    *ret = (struct send_request){
        .how = SEND_HTTP,
        .url = arena_printf(a, "%s/2010-04-01/Accounts/%s/Messages.json", base_url(account, a, "api_url"), sid),
        .user = sid,
        .password = channel_setting(account, "auth_token"),
        .body = arena_strndup(a, body.data, body.len),
        .body_len = body.len,
    };
    send_header_add(ret, "Content-Type", "application/x-www-form-urlencoded");
    return true;
}

/* twilio.com/docs/api/errors */
static const struct sms_code {
    int64_t code;
    enum send_outcome outcome;
    bool broken;
    enum saying saying; /* of the code */
} CODES[] = {
    {20003, SEND_AGAIN, true, SAID_sms_denied},        {20429, SEND_AGAIN, false, SAID_sms_slower},
    {21211, SEND_NEVER, false, SAID_sms_no_number},    {21212, SEND_AGAIN, true, SAID_sms_sender},
    {21408, SEND_NEVER, false, SAID_sms_country},      {21606, SEND_AGAIN, true, SAID_sms_sender},
    {21610, SEND_NEVER, false, SAID_sms_opted_out},    {21611, SEND_AGAIN, false, SAID_sms_slower},
    {21612, SEND_NEVER, false, SAID_sms_country},      {21614, SEND_NEVER, false, SAID_sms_no_mobile},
    {30003, SEND_NEVER, false, SAID_sms_switched_off}, {30004, SEND_NEVER, false, SAID_sms_blocked},
    {30005, SEND_NEVER, false, SAID_sms_no_number},    {30006, SEND_NEVER, false, SAID_sms_no_mobile},
    {30007, SEND_NEVER, false, SAID_sms_filtered},     {30032, SEND_NEVER, false, SAID_sms_unregistered},
    {30034, SEND_NEVER, false, SAID_sms_unregistered},
};

static const struct sms_code *find_sms_code(int64_t code)
{
    for (size_t i = 0; i < COUNT_OF(CODES); i++)
        if (CODES[i].code == code)
            return &CODES[i];
    return NULL;
}

/* Our words when the code is known, else Twilio's. */
static const char *sms_reason(struct arena *a, int64_t code, const char *words)
{
    const struct sms_code *row = find_sms_code(code);
    const char *quote = line_cut(a, words, REASON_MAX / 2);
    if (row)
        return said_make(a, row->saying, "%lld", (long long)code);
    return said(a, sms_other, quote ? quote : "…", (long long)code);
}

static void sms_refused(struct arena *a, const struct send_reply *reply, struct json_object *body,
                        struct send_result *ret)
{
    int64_t code = json_int(body, "code", 0);
    const struct sms_code *row = find_sms_code(code);
    bool denied = reply->status == 401 || reply->status == 403;
    const char *reason = sms_reason(a, code, json_text(a, body, "message"));
    result_set(ret, denied || reply->status == 429 ? SEND_AGAIN : row ? row->outcome : SEND_NEVER, reason);
    ret->channel_broken = denied || (row && row->broken);
    if (ret->outcome == SEND_AGAIN)
        ret->retry_after_ms = reply->retry_after_ms;
}

static void sms_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                           struct send_result *ret)
{
    (void)account;
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    if (reply->status == 0) {
        result_no_answer(a, ret, reply, false);
    } else if (reply->status / 100 == 2) {
        result_set(ret, SEND_DONE, NULL);
        ret->external_id = external_id_text(a, json_text(a, body, "sid"));
    } else if (reply->status >= 500) {
        result_set(ret, SEND_UNCERTAIN, said(a, provider_fault, "twilio_sms", reply->status));
    } else {
        sms_refused(a, reply, body, ret);
    }
    json_object_put(body);
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

/* By the ids alone: not at the address that the call names. Twilio sends on to where it has it. */
static enum file_ask sms_ask_file(const struct channel_account *account, const char *remote,
                                  const struct send_reply *where, struct arena *a, struct send_request *ret)
{
    const char *sid = channel_setting(account, "account_sid"), *slash = strchr(remote, '/');
    (void)where;
    if (!slash || !id_in_url(sid))
        return FILE_NOT_ASKED;
    *ret = (struct send_request){
        .how = SEND_GET,
        .url = arena_printf(a, "%s/2010-04-01/Accounts/%s/Messages/%.*s/Media/%s", base_url(account, a, "api_url"), sid,
                            (int)(slash - remote), remote, slash + 1),
        .user = sid,
        .password = channel_setting(account, "auth_token"),
    };
    return FILE_ASK_CONTENT;
}

const struct channel_type CHANNEL_TWILIO_SMS = {
    .name = "twilio_sms",
    .label = "SMS by Twilio",
    .help = "SMS and MMS to and from a number of yours at Twilio.",
    .medium = MEDIUM_SMS,
    .settings = SETTINGS,
    .headers = TWILIO_HEADERS,
    .body_max = BODY_MAX,
    .verify = twilio_verify,
    .parse = sms_parse,
    TWILIO_ANSWERS,
    .reaches = IDENTITY_PHONE,
    .needs_to_send = "account_sid",
    .text_max = TEXT_MAX,
    .build = sms_build,
    .read_reply = sms_read_reply,
    .ask_file = sms_ask_file,
};
