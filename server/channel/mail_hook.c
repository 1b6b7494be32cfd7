#include "channel/mail_hook.h"

#include "base/crypto.h"
#include "base/text.h"
#include "channel/attach.h"
#include "channel/html_text.h"

#include <strings.h>

#define CREDENTIALS_MAX 1024
#define FIELD_JSON_MAX (1 << 20) /* bytes of a field with JSON in it */

bool mail_hook_is_let_in(const struct channel_account *account, const struct web_request *request)
{
    char text[CREDENTIALS_MAX + 4];
    const char *header = web_header(request, "authorization");
    if (!header || strncasecmp(header, "Basic ", 6) != 0 || strlen(header + 6) > CREDENTIALS_MAX)
        return false;
    long n = crypto_base64_decode(header + 6, strlen(header + 6), (uint8_t *)text);
    if (n < 0 || (size_t)n >= sizeof(text))
        return false;
    text[n] = '\0';
    char *colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = '\0';
    bool user = crypto_equal(text, channel_setting(account, "user"));
    bool password = secret_matches(account, "password", colon + 1);
    return user && password;
}

void mail_hook_words(struct mime_mail *mail, struct arena *a, const char *text, const char *html)
{
    mail->html = text_cut(a, html, MIME_HTML_MAX);
    mail->text = text_cut(a, text, MIME_TEXT_MAX);
    if (!mail->text)
        mail->text = mail->html ? html_to_text(a, mail->html, MIME_TEXT_MAX) : "";
    mail->cut = mail->cut || (html && strlen(html) > MIME_HTML_MAX) || (text && strlen(text) > MIME_TEXT_MAX);
}

void mail_hook_file(struct mime_mail *mail, struct arena *a, const char *name, const char *type, const char *cid,
                    const void *data, size_t n)
{
    if (mail->attachments.n == MAIL_HOOK_FILES_MAX) {
        mail->cut = true;
        return;
    }
    if (type)
        type = text_trim(a, arena_strndup(a, type, strcspn(type, ";")));
    *(struct attachment *)list_grow(a, &mail->attachments, sizeof(struct attachment)) =
        attach(a, text_is_blank(name) ? NULL : name, type, cid, !text_is_blank(cid), data, n);
}

bool mail_hook_file_base64(struct mime_mail *mail, struct arena *a, const char *name, const char *type, const char *cid,
                           struct json_object *content)
{
    if (!json_object_is_type(content, json_type_string))
        return false;
    size_t n = (size_t)json_object_get_string_len(content);
    uint8_t *data = arena_alloc(a, n * 3 / 4 + 4);
    long size = crypto_base64_decode(json_object_get_string(content), n, data);
    if (size < 0)
        return false;
    mail_hook_file(mail, a, name, type, cid, data, (size_t)size);
    return true;
}

bool mail_hook_is_file(const char *field)
{
    static const char PREFIX[] = "attachment";
    if (strncmp(field, PREFIX, sizeof(PREFIX) - 1) != 0)
        return false;
    field += sizeof(PREFIX) - 1;
    field += *field == '-';
    return field[0] && field[strspn(field, "0123456789")] == '\0';
}

const char *mail_hook_cid(struct arena *a, struct json_object *map, const char *field)
{
    if (!json_object_is_type(map, json_type_object))
        return NULL;
    json_object_object_foreach(map, cid, of) {
        if (json_object_is_type(of, json_type_string) && strcmp(json_object_get_string(of), field) == 0)
            return utf8_clean(a, cid, strlen(cid), 0);
    }
    return NULL;
}

void mail_hook_envelope(struct mime_mail *mail, struct arena *a, const char *from, const char *to)
{
    if (from)
        mime_add_header(mail, a, "Return-Path", arena_printf(a, "<%s>", text_trim(a, arena_strdup(a, from))));
    mime_deliver_to(mail, a, to);
}

const char *mail_hook_id(struct arena *a, const struct web_form *form, const char *const *names)
{
    AUTO_BUF struct buf all = {0};
    for (; *names; names++) {
        const struct web_field *field = web_form_last(form, *names);
        buf_printf(&all, "%s %zu ", *names, field ? field->n : 0);
        buf_add(&all, field ? field->value : "", field ? field->n : 0);
    }
    return external_id_hash(a, all.data ? all.data : "", all.len);
}

static void put_field_json(void *object)
{
    json_object_put(object);
}

struct json_object *mail_hook_json(struct arena *a, const struct web_form *form, const char *name)
{
    const struct web_field *field = web_form_last(form, name);
    if (!field || field->n > FIELD_JSON_MAX)
        return NULL;
    const char *text = utf8_clean(a, field->value, field->n, 0);
    struct json_object *object = json_parse(text, strlen(text), NULL);
    arena_on_free(a, put_field_json, object);
    return object;
}

bool mail_hook_is_json(const struct web_request *request)
{
    return strncasecmp(request->content_type, "application/json", 16) == 0 && strchr("; \t", request->content_type[16]);
}
