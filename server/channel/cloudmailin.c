/* CloudMailin: the formats "JSON (normalized)", "Multipart (normalized)" and "Raw" of its HTTP POST (docs.cloudmailin.com,
 * "HTTP POST formats"). Fields with brackets in their names are brought into the form of the JSON, so there is one reading of both.
 *
 * CloudMailin posts while the sender's mail server is still connected, and what is answered becomes that server's answer:
 * 2xx takes the mail, 4xx sends it back to the sender, 5xx is "try again later". A wrong password is a fault of the settings, and
 * no customer's mail is to bounce of it: so what is not let in is answered 503, and the senders' servers try again for days. */
#include "channel/mail_hook.h"
#include "channel/types.h"

#include "base/text.h"

#include <strings.h>

#define PARTS_MAX 4 /* of a name: envelope[spf][result] */
#define PART_NAME_MAX 100

static const struct setting SETTINGS[] = {
    MAIL_SETTINGS MAIL_HOOK_SETTINGS("cloudmailin"),
    {0},
};

static const struct header_wanted HEADERS[] = {{.name = "authorization", .secret = true}, {0}};

static bool cloudmailin_verify(const struct channel_account *account, const struct web_request *request,
                               struct error *err)
{
    return mail_hook_is_let_in(account, request) ||
           error_english(err, ERR_UNAUTHENTICATED, NULL,
                         "User or password is wrong; the target URL at CloudMailin must hold those of this channel.");
}

/* ---- a form as the JSON would be -------------------------------------------------------------------------------------- */

struct bracketed {
    const char *parts[PARTS_MAX]; /* "envelope", "spf", "result" */
    size_t n;
    bool in_list; /* ends with "[]" or "[7]" */
};

/* False: no such name. */
static bool split_name(struct arena *a, const char *name, struct bracketed *ret)
{
    size_t n = strcspn(name, "[");
    *ret = (struct bracketed){.parts = {arena_strndup(a, name, n)}, .n = 1};
    for (name += n; *name == '['; name += n + 1) {
        name++;
        n = strcspn(name, "]");
        if (name[n] != ']' || n > PART_NAME_MAX || ret->in_list)
            return false;
        ret->in_list = strspn(name, "0123456789") == n;
        if (!ret->in_list && ret->n == PARTS_MAX)
            return false;
        if (!ret->in_list)
            ret->parts[ret->n++] = arena_strndup(a, name, n);
    }
    return !*name;
}

/* The member, made where it is not there; NULL: something else is there. */
static struct json_object *made_member(struct json_object *object, const char *name, enum json_type type)
{
    struct json_object *member = NULL;
    if (!json_object_object_get_ex(object, name, &member)) {
        member = type == json_type_array ? json_object_new_array() : json_object_new_object();
        json_object_object_add(object, name, member);
    }
    return json_object_is_type(member, type) ? member : NULL;
}

static void put_value(struct json_object *root, const struct bracketed *name, const char *value)
{
    struct json_object *at = root;
    for (size_t i = 0; at && i + 1 < name->n; i++)
        at = made_member(at, name->parts[i], json_type_object);
    struct json_object *list = at && name->in_list ? made_member(at, name->parts[name->n - 1], json_type_array) : NULL;
    if (list)
        json_object_array_add(list, json_object_new_string(value));
    else if (at && !name->in_list)
        json_object_object_add(at, name->parts[name->n - 1], json_object_new_string(value));
}

static struct json_object *form_as_json(struct arena *a, const struct web_form *form)
{
    struct json_object *root = payload_new(a);
    for (size_t i = 0; i < form->n; i++) {
        struct bracketed name;
        const struct web_field *field = &form->fields[i];
        const struct web_form alone = {.fields = &form->fields[i], .n = 1};
        if (!field->file && split_name(a, field->name, &name))
            put_value(root, &name, web_form_text(a, &alone, field->name, NULL, 0));
    }
    return root;
}

/* ---- mail ----------------------------------------------------------------------------------------------------------- */

/* What CloudMailin's own server heard and found. */
static void read_cloudmailin_envelope(struct mime_mail *mail, struct arena *a, struct json_object *body)
{
    struct json_object *to = json_at(body, "envelope.recipients");
    for (size_t i = json_length(to); i > 0; i--)
        if (i <= MIME_ADDRESSES_MAX && json_object_is_type(json_item(to, i - 1), json_type_string))
            mail_hook_envelope(mail, a, NULL, json_object_get_string(json_item(to, i - 1)));
    mail_hook_envelope(mail, a, json_text(a, body, "envelope.from"),
                       json_length(to) ? NULL : json_text(a, body, "envelope.to"));
    mime_tell_result(mail, a, "spf", json_text(a, body, "envelope.spf.result"), "smtp.mailfrom",
                     json_text(a, body, "envelope.spf.domain"));
}

static void add_named_header(struct mime_mail *mail, struct arena *a, const char *name, struct json_object *value)
{
    char *given = arena_strdup(a, name);
    for (char *p = given; *p; p++)
        *p = (char)(*p == '_' ? '-' : *p);
    if (json_object_is_type(value, json_type_string))
        mime_add_header(mail, a, given,
                        utf8_clean(a, json_object_get_string(value), (size_t)json_object_get_string_len(value), 0));
}

/* {"message_id": "<…>", "received": ["…", "…"]}, newest first. */
static void read_cloudmailin_headers(struct mime_mail *mail, struct arena *a, struct json_object *headers)
{
    if (!json_object_is_type(headers, json_type_object))
        return;
    json_object_object_foreach(headers, name, value) {
        if (!json_object_is_type(value, json_type_array))
            add_named_header(mail, a, name, value);
        for (size_t i = 0; i < json_length(value) && i < MIME_FIELDS_MAX; i++)
            add_named_header(mail, a, name, json_item(value, i));
    }
}

/* What is kept in a store of the customer's is only named here: it is not fetched. */
static void read_json_files(struct mime_mail *mail, struct arena *a, struct json_object *files,
                            struct inbound_list *ret)
{
    for (size_t i = 0; i < json_length(files) && i < MAIL_HOOK_FILES_MAX; i++) {
        struct json_object *file = json_item(files, i);
        if (!mail_hook_file_base64(mail, a, json_text(a, file, "file_name"), json_text(a, file, "content_type"),
                                   json_text(a, file, "content_id"), json_at(file, "content")))
            inbound_problem(ret, said(a, attachment_unclear, i + 1));
    }
}

static void read_form_files(struct mime_mail *mail, struct arena *a, const struct web_form *form)
{
    static const char PREFIX[] = "attachments[";
    for (size_t i = 0; i < form->n; i++) {
        const struct web_field *field = &form->fields[i];
        if (field->file && strncmp(field->name, PREFIX, sizeof(PREFIX) - 1) == 0)
            mail_hook_file(mail, a, field->file, field->type, NULL, field->value, field->n);
    }
}

/* The whole mail, where the format is raw; n 0: it is not. */
static struct web_field raw_mail(const struct web_form *form)
{
    const struct web_field *field = web_form_last(form, "message");
    return field ? *field : (struct web_field){0};
}

static const char *stand_in_id(struct arena *a, const struct web_field *raw, struct json_object *body)
{
    struct json_object *headers = json_at(body, "headers");
    const char *plain = json_text(a, body, "plain"), *html = json_text(a, body, "html");
    if (raw->n)
        return external_id_hash(a, raw->value, raw->n);
    const char *all = arena_printf(a, "%s\n%s\n%s", headers ? json_object_to_json_string(headers) : "",
                                   plain ? plain : "", html ? html : "");
    return external_id_hash(a, all, strlen(all));
}

static bool cloudmailin_parse(const struct channel_account *account, const struct web_request *request, struct arena *a,
                              struct inbound_list *ret, struct error *err)
{
    struct mime_mail mail = {0};
    struct web_form form = {0};
    bool is_json = mail_hook_is_json(request);
    if (!is_json && !web_form_read(request, a, &form, err))
        return false;
    struct json_object *body = is_json ? body_json(request, a, ret, err) : form_as_json(a, &form);
    struct web_field raw = raw_mail(&form);
    if (!body)
        return false;
    if (!raw.n && !json_at(body, "headers"))
        return error_set(err, "headers", input_lacks, "headers, message");
    if (raw.n) {
        mime_parse(raw.value, raw.n, a, &mail);
    } else {
        read_cloudmailin_headers(&mail, a, json_at(body, "headers"));
        mail_hook_words(&mail, a, json_text(a, body, "plain"), json_text(a, body, "html"));
        read_json_files(&mail, a, json_at(body, "attachments"), ret);
        read_form_files(&mail, a, &form);
        mime_list_files(&mail, a);
    }
    read_cloudmailin_envelope(&mail, a, body);
    mail_add(account, &mail, stand_in_id(a, &raw, body), request->received_at, a, ret);
    return true;
}

const struct channel_type CHANNEL_CLOUDMAILIN = {
    .name = "cloudmailin",
    .label = "Email by CloudMailin",
    .help = "CloudMailin receives the mail of your address and posts it here; answers leave by any SMTP server.",
    MAIL_TRAITS,
    .settings = SETTINGS,
    .choices = MAIL_CHOICES,
    .headers = HEADERS,
    .body_max = MAIL_HOOK_BODY_MAX,
    .verify = cloudmailin_verify,
    .parse = cloudmailin_parse,
    .accepted = {200, NULL, NULL},
    .refused = {503, NULL, NULL},
    .later = {503, NULL, NULL},
    .build = mail_send_build,
    .read_reply = mail_read_reply,
};
