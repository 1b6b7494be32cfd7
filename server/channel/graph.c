/* E-mail of Microsoft 365 by Microsoft Graph. docs/channels/graph.md has it for people. */
#include "channel/graph.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"
#include "channel/fetched.h"
#include "channel/mail_api.h"
#include "channel/oauth.h"
#include "channel/types.h"

#define SLOWED_MS 60000 /* where it does not say how long */

static const char *const SIGN_INS[] = {"microsoft", "microsoft_app", "oauth", NULL};

static const struct setting SETTINGS[] = {
    MAIL_ADDRESS_SETTINGS{"sign_in", SETTING_CHOICE, 0, "microsoft", "Sign-in",
                          "Somebody signs in, or the app itself does."},
    {"user", SETTING_TEXT, 0, NULL, "Signs in as", "Filled in by the first sign-in; only that one may sign in later."},
    OAUTH_SETTINGS{"mailbox", SETTING_TEXT, 0, NULL, "Mailbox",
                   "Its address, when it is another than that of who signs in; needed when the app itself signs in."},
    {"folder", SETTING_TEXT, 0, "Inbox", "Folder", "As Outlook shows it, with all levels: Support/Shop."},
    {"graph_url", SETTING_URL, 0, "https://graph.microsoft.com", "Address of Graph",
     "Another one for a national cloud of Microsoft; otherwise only to be changed for tests."},
    MAIL_TRUST_SETTING{0},
};

static const struct setting_choice CHOICES[] = {MAIL_TOKEN_CHOICE, {"sign_in", SIGN_INS}, {0}};

#define SCOPE(name) "https://graph.microsoft.com/" name " "
static const struct oauth_way WAYS[] = {
    {"microsoft", OAUTH_BY_PERSON, MICROSOFT_AUTHORIZE_URL, MICROSOFT_TOKEN_URL,
     SCOPE("Mail.Read") SCOPE("Mail.Read.Shared") SCOPE("Mail.Send") SCOPE("Mail.Send.Shared") "offline_access",
     "openid profile email", "prompt=select_account", 0},
    {"microsoft_app", OAUTH_BY_APP, "", MICROSOFT_TOKEN_URL, "https://graph.microsoft.com/.default", "", "", 0},
    {"oauth", OAUTH_BY_PERSON, "", "", "", "", "", 0},
    {0},
};
_Static_assert(COUNT_OF(SIGN_INS) == COUNT_OF(WAYS), "a row for each");

/* ---- addresses ------------------------------------------------------------------------------------------------------ */

const char *graph_root(const struct channel_account *account, struct arena *a)
{
    const char *mailbox = channel_setting(account, "mailbox"), *url = base_url(account, a, "graph_url");
    if (!mailbox[0] && channel_signs_in(account) == OAUTH_BY_APP)
        mailbox = channel_setting(account, "address");
    return mailbox[0] ? arena_printf(a, "%s/v1.0/users/%s", url, url_encoded(a, mailbox, ""))
                      : arena_printf(a, "%s/v1.0/me", url);
}

/* ---- answers -------------------------------------------------------------------------------------------------------- */

static void add_graph_item(struct arena *a, struct json_object *one, struct graph_page *ret)
{
    const char *id = json_text(a, one, "id"), *at = json_text(a, one, "receivedDateTime");
    if (!id || json_at(one, "@removed"))
        return;
    struct graph_item *item = list_grow(a, &ret->items, sizeof(*item));
    *item = (struct graph_item){.id = id,
                                .from = json_text(a, json_at(one, "from.emailAddress"), "address"),
                                .subject = json_text(a, one, "subject"),
                                .name = json_text(a, one, "displayName")};
    if (at)
        time_parse(at, &item->at);
}

/* Its names have a dot, which divides paths. */
static const char *link_of(struct arena *a, struct json_object *page, const char *name)
{
    struct json_object *value;
    return json_object_object_get_ex(page, name, &value) && json_object_is_type(value, json_type_string)
               ? arena_strdup(a, json_object_get_string(value))
               : NULL;
}

bool graph_read_page(struct arena *a, const char *body, size_t n, struct graph_page *ret)
{
    struct json_object *page = json_parse(body, n, NULL), *items = json_at(page, "value");
    bool is_page = json_object_is_type(items, json_type_array);
    *ret = (struct graph_page){.items = {0}};
    for (size_t i = 0; is_page && i < json_length(items); i++)
        add_graph_item(a, json_item(items, i), ret);
    if (is_page) {
        ret->next = link_of(a, page, "@odata.nextLink");
        ret->delta = link_of(a, page, "@odata.deltaLink");
    }
    json_object_put(page);
    return is_page;
}

int64_t graph_read_count(const char *body, size_t n)
{
    struct json_object *folder = json_parse(body, n, NULL);
    int64_t count = json_int(folder, "totalItemCount", 0);
    json_object_put(folder);
    return count > 0 ? count : 0;
}

static const char *error_code_of(struct arena *a, const struct send_reply *reply, const char **ret_words)
{
    struct json_object *body = reply->body_len ? json_parse(reply->body, reply->body_len, NULL) : NULL;
    const char *code = json_text(a, body, "error.code");
    *ret_words = line_cut(a, json_text(a, body, "error.message"), REASON_MAX / 2);
    json_object_put(body);
    return code ? code : "";
}

const char *graph_words(struct arena *a, const struct send_reply *reply)
{
    const char *words, *code = error_code_of(a, reply, &words);
    return code[0] ? arena_printf(a, "%s: %s", code, words ? words : "…") : arena_printf(a, "HTTP %d", reply->status);
}

bool graph_blames_mail(struct arena *a, const struct send_reply *reply)
{
    static const char *const CODES[] = {
        "ErrorContentConversionFailed",   "ErrorCorruptData",         "ErrorItemCorrupt",
        "ErrorItemPropertyRequestFailed", "ErrorMessageSizeExceeded", "ErrorMimeContentInvalid",
        "ErrorPropertyRequestFailed",     "ErrorVirusDetected"};
    const char *words, *code = error_code_of(a, reply, &words);
    for (size_t i = 0; i < COUNT_OF(CODES); i++)
        if (strcmp(code, CODES[i]) == 0)
            return true;
    return false;
}

/* ---- out ------------------------------------------------------------------------------------------------------------ */

/* Graph reads whom it is for in the mail's own header, and takes this one out. */
static void add_bcc(struct arena *a, struct mail_answer *answer)
{
    AUTO_BUF struct buf all = {0};
    for (size_t i = 0; i < answer->bcc.n; i++)
        buf_printf(&all, "%s<%s>", i ? ", " : "", ((const struct mime_address *)answer->bcc.items)[i].address);
    if (all.len)
        *(struct send_header *)list_grow(a, &answer->draft.marks, sizeof(struct send_header)) =
            (struct send_header){"Bcc", arena_strdup(a, all.data)};
}

static bool graph_build(const struct channel_account *account, const struct outbound *out, struct arena *a,
                        struct send_request *ret, struct error *err)
{
    struct mail_answer answer;
    size_t n = 0;
    if (!mail_answer_fill(account, out, a, &answer, err))
        return false;
    add_bcc(a, &answer);
    const char *raw = mime_build(&answer.draft, a, &n);
    char *body = arena_alloc(a, (n + 2) / 3 * 4 + 1);
    crypto_base64_encode(raw, n, body);
    *ret = (struct send_request){.how = SEND_HTTP,
                                 .url = arena_printf(a, "%s/sendMail", graph_root(account, a)),
                                 .by_token = true,
                                 .mail_from = answer.draft.from.address,
                                 .headers = {{"Content-Type", "text/plain"}},
                                 .body = body,
                                 .body_len = strlen(body),
                                 .external_id = external_id_text(a, answer.draft.message_id)};
    return true;
}

/* The right to send as somebody is missing. Without that for the channel's own address nothing leaves; without that for another sender only what
 * goes from it, and all else must not wait for it. */
static void read_send_as(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                         struct send_result *ret)
{
    struct list senders = channel_senders(a, account);
    const struct sender *own = senders.items;
    const char *user = channel_setting(account, "user"), *from = reply->request->mail_from;
    user = user[0] ? user : channel_setting(account, "oauth_client_id");
    if (!from || !own || strcmp(from, own->address) == 0) {
        ret->error = said(a, graph_send_as, user, own ? own->address : channel_setting(account, "address"));
        return;
    }
    result_set(ret, SEND_NEVER, said(a, graph_send_as_other, user, from));
    ret->channel_broken = false;
}

static void graph_read_reply(const struct channel_account *account, const struct send_reply *reply, struct arena *a,
                             struct send_result *ret)
{
    const char *words, *code = error_code_of(a, reply, &words);
    mail_api_read_reply(account, reply, a, ret);
    if (reply->status == 403 && strcmp(code, "ErrorSendAsDenied") == 0)
        read_send_as(account, reply, a, ret);
    if ((reply->status == 429 || reply->status == 503) && ret->retry_after_ms < SLOWED_MS)
        ret->retry_after_ms = SLOWED_MS;
}

const struct channel_type CHANNEL_GRAPH = {
    .name = "graph",
    .label = "Microsoft 365 mailbox (Graph)",
    .help = "Mail of Microsoft 365 is fetched and sent by Microsoft Graph, where IMAP and SMTP are closed.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = CHOICES,
    .oauth = WAYS,
    .oauth_user = "user",
    .headers = FETCHED_HEADERS,
    .body_max = MAIL_BODY_MAX,
    .collects = COLLECTS_BY_GRAPH,
    .parse = fetched_parse,
    .one_at_a_time = true,
    .build = graph_build,
    .read_reply = graph_read_reply,
};
