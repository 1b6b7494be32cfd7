/* What the channels share to which a provider posts mail. */
#pragma once

#include "channel/mail.h"
#include "channel/web_form.h"

#define MAIL_HOOK_FILES_MAX 200                    /* of one mail */
#define MAIL_HOOK_BODY_MAX (MAIL_BODY_MAX / 2 * 3) /* files in base64, or percent signs, and fields besides */

/* Rows of the settings: the user (a word of the type) and password that the webhook URL at the provider holds. */
#define MAIL_HOOK_SETTINGS(user_)                                                           \
    {"user",                                                                                \
     SETTING_TEXT,                                                                          \
     0,                                                                                     \
     user_,                                                                                 \
     "User in the webhook URL",                                                             \
     "The webhook URL at the provider is https://user:password@…"},                         \
    {                                                                                       \
        "password", SETTING_SECRET, SETTING_GENERATED, NULL, "Password in the webhook URL", \
            "The webhook URL at the provider is https://user:password@…"                  \
    }

/* `Authorization: Basic` (RFC 7617) with that user and password. Both are compared in any case, so that time tells nothing. */
bool mail_hook_is_let_in(const struct channel_account *account, const struct web_request *request);

/* Words of a mail that the provider has taken apart, clean UTF-8 or NULL: into `text` and `html`, within their limits. */
void mail_hook_words(struct mime_mail *mail, struct arena *a, const char *text, const char *html);

/* Adds a file, MAIL_HOOK_FILES_MAX at most. `type` may have parameters. A file with a Content-ID is inline until mime_list_files. */
void mail_hook_file(struct mime_mail *mail, struct arena *a, const char *name, const char *type, const char *cid,
                    const void *data, size_t n);

/* The same from text in base64. False: it is none. */
bool mail_hook_file_base64(struct mime_mail *mail, struct arena *a, const char *name, const char *type, const char *cid,
                           struct json_object *content);

/* A field by whose name a file comes: "attachment1", "attachment-1". */
bool mail_hook_is_file(const char *field);

/* The Content-ID of such a file in a map {cid: field}, which may be NULL; or NULL. */
const char *mail_hook_cid(struct arena *a, struct json_object *map, const char *field);

/* Who sent it and for whom, as the provider's server heard it. `from` "" is nobody (a mail server's own mail); NULLs are not told. */
void mail_hook_envelope(struct mime_mail *mail, struct arena *a, const char *from, const char *to);

/* What stands in for a missing Message-ID: over these fields of the form, and not the rest, which a provider makes anew for each
 * try. `names`: up to a NULL. */
const char *mail_hook_id(struct arena *a, const struct web_form *form, const char *const *names);

/* A field that holds JSON, freed with the arena; NULL: it is not there, or holds none. */
struct json_object *mail_hook_json(struct arena *a, const struct web_form *form, const char *name);

/* The request is JSON by its Content-Type, and no form: such as events. */
bool mail_hook_is_json(const struct web_request *request);
