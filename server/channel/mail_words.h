/* Whose the words of a mail are: where its history begins (quote.h), and whose mail it passes on (forward.h, or one that is attached while
 * the subject says so). Pure. */
#pragma once

#include "channel/forward.h"
#include "channel/mime.h"

#include <json-c/json.h>

struct mail_words {
    long quote_at; /* byte offset in the text; -1: it has neither history nor a signature that is folded */
    bool passes_on;
    struct forward forward; /* whose mail it passes on, its address as it is stored; a name or an address is there */
};

/* `answers_ours`: it answers a mail of ours, though it names none. */
struct mail_words mail_words_of(const struct mime_mail *mail, bool answers_ours, struct arena *a);

/* Adds `quote_at` and `forwarded_from` to the entry's payload, each where there is something to say. */
void mail_words_add(const struct mail_words *words, struct json_object *payload);
