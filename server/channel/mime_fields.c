/* Headers into a mail: what each of them says of it. */

#include "base/buf.h"
#include "base/text.h"
#include "channel/kit.h"
#include "channel/mime_words.h"

#include <strings.h>

typedef void (*header_reader)(struct mime_mail *mail, struct arena *a, const char *value);

static void set_once(struct mime_address *to, struct arena *a, const char *value)
{
    struct list list = mime_addresses(a, value);
    if (list.n && !to->address && !to->name)
        *to = *(struct mime_address *)list.items;
}

static void read_from(struct mime_mail *mail, struct arena *a, const char *value)
{
    set_once(&mail->from, a, value);
}

static void read_sender(struct mime_mail *mail, struct arena *a, const char *value)
{
    set_once(&mail->sender, a, value);
}

static void read_reply_to(struct mime_mail *mail, struct arena *a, const char *value)
{
    set_once(&mail->reply_to, a, value);
}

static void read_list_id(struct mime_mail *mail, struct arena *a, const char *value)
{
    (void)a;
    (void)value;
    mail->automatic = mail->from_list = true;
}

static void read_list_post(struct mime_mail *mail, struct arena *a, const char *value)
{
    read_list_id(mail, a, value);
    set_once(&mail->list_post, a, value);
}

static void read_original_from(struct mime_mail *mail, struct arena *a, const char *value)
{
    set_once(&mail->original_from, a, value);
}

static void read_original_sender(struct mime_mail *mail, struct arena *a, const char *value)
{
    set_once(&mail->original_sender, a, value);
}

static void read_return_path(struct mime_mail *mail, struct arena *a, const char *value)
{
    const char *line = text_trim(a, mime_unfold(a, value));
    mail->null_sender = mail->null_sender || strcmp(line, "<>") == 0;
    set_once(&mail->return_path, a, value);
}

static void join_lists(struct list *to, struct arena *a, size_t size, struct list more, size_t max)
{
    if (to->n + more.n > max)
        more.n = max - to->n;
    char *items = arena_alloc(a, (to->n + more.n) * size);
    if (to->n)
        memcpy(items, to->items, to->n * size);
    if (more.n)
        memcpy(items + to->n * size, more.items, more.n * size);
    *to = (struct list){items, to->n + more.n};
}

static void read_to(struct mime_mail *mail, struct arena *a, const char *value)
{
    join_lists(&mail->to, a, sizeof(struct mime_address), mime_addresses(a, value), MIME_ADDRESSES_MAX);
}

static void read_cc(struct mime_mail *mail, struct arena *a, const char *value)
{
    join_lists(&mail->cc, a, sizeof(struct mime_address), mime_addresses(a, value), MIME_ADDRESSES_MAX);
}

static void read_subject(struct mime_mail *mail, struct arena *a, const char *value)
{
    if (!mail->subject)
        mail->subject = line_cut(a, mime_header_text(a, value), SUBJECT_MAX);
}

static void read_date(struct mime_mail *mail, struct arena *a, const char *value)
{
    if (!mail->date)
        mime_date(mime_header_text(a, value), &mail->date);
}

/* "from … by … ; date" */
static void read_received(struct mime_mail *mail, struct arena *a, const char *value)
{
    const char *semicolon = strrchr(mime_without_comments(a, value), ';');
    if (semicolon && !mail->received)
        mime_date(mime_unfold(a, semicolon + 1), &mail->received);
}

static void read_message_id(struct mime_mail *mail, struct arena *a, const char *value)
{
    struct list ids = mime_ids(a, value);
    const char *line = text_trim(a, mime_unfold(a, value));
    if (mail->message_id || !line[0])
        return;
    mail->message_id = ids.n ? ((const char **)ids.items)[0] : arena_printf(a, "<%s>", line);
}

/* Nearest first. What In-Reply-To names may come again in References; that does no harm. */
static void read_in_reply_to(struct mime_mail *mail, struct arena *a, const char *value)
{
    struct list ids = mime_ids(a, value), known = mail->references;
    mail->references = (struct list){0};
    join_lists(&mail->references, a, sizeof(char *), ids, MIME_REFERENCES_MAX);
    join_lists(&mail->references, a, sizeof(char *), known, MIME_REFERENCES_MAX);
}

static void read_references(struct mime_mail *mail, struct arena *a, const char *value)
{
    struct list ids = mime_ids(a, value);
    const char **items = ids.items;
    for (size_t i = 0; i < ids.n / 2; i++) {
        const char *swap = items[i];
        items[i] = items[ids.n - 1 - i];
        items[ids.n - 1 - i] = swap;
    }
    join_lists(&mail->references, a, sizeof(char *), ids, MIME_REFERENCES_MAX);
}

static void read_thread_index(struct mime_mail *mail, struct arena *a, const char *value)
{
    if (!mail->thread_index)
        mail->thread_index = mime_unfold(a, value);
}

static void read_delivered_to(struct mime_mail *mail, struct arena *a, const char *value)
{
    const struct list list = mime_addresses(a, value);
    const char **one = arena_alloc(a, sizeof(*one));
    one[0] = list.n ? ((struct mime_address *)list.items)[0].address : NULL;
    if (one[0])
        join_lists(&mail->delivered_to, a, sizeof(char *), (struct list){one, 1}, MIME_ADDRESSES_MAX);
}

static void read_auth_results(struct mime_mail *mail, struct arena *a, const char *value)
{
    const char **one = arena_alloc(a, sizeof(*one));
    one[0] = mime_unfold(a, value);
    join_lists(&mail->auth_results, a, sizeof(char *), (struct list){one, 1}, MIME_ADDRESSES_MAX);
}

/* RFC 3834: anything but "no". */
static void read_auto_submitted(struct mime_mail *mail, struct arena *a, const char *value)
{
    const char *word = text_trim(a, value);
    if (strncasecmp(word, "no", 2) == 0)
        return;
    mail->automatic = mail->auto_submitted = true;
    mail->auto_reply = mail->auto_reply || strncasecmp(word, "auto-replied", 12) == 0;
}

static void read_precedence(struct mime_mail *mail, struct arena *a, const char *value)
{
    static const char *const WORDS[] = {"bulk", "list", "junk", "auto_reply"};
    const char *word = text_trim(a, value);
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        mail->automatic = mail->automatic || strcasecmp(word, WORDS[i]) == 0;
    mail->from_list = mail->from_list || strcasecmp(word, "list") == 0;
    mail->auto_reply = mail->auto_reply || strcasecmp(word, "auto_reply") == 0;
}

/* What came before RFC 3834. */
static void read_auto_reply(struct mime_mail *mail, struct arena *a, const char *value)
{
    (void)a;
    (void)value;
    mail->automatic = mail->auto_submitted = mail->auto_reply = true;
}

static void read_failed_recipients(struct mime_mail *mail, struct arena *a, const char *value)
{
    struct list list = mime_addresses(a, value);
    if (list.n && !mail->failed_recipients)
        mail->failed_recipients = ((struct mime_address *)list.items)[0].address;
}

static const struct {
    const char *name;
    header_reader read;
} HEADERS[] = {
    {"From", read_from},
    {"Sender", read_sender},
    {"Reply-To", read_reply_to},
    {"Return-Path", read_return_path},
    {"To", read_to},
    {"Cc", read_cc},
    {"Subject", read_subject},
    {"Date", read_date},
    {"Received", read_received},
    {"Message-ID", read_message_id},
    {"In-Reply-To", read_in_reply_to},
    {"References", read_references},
    {"Thread-Index", read_thread_index},
    {"Delivered-To", read_delivered_to},
    {"Authentication-Results", read_auth_results},
    {"Auto-Submitted", read_auto_submitted},
    {"X-Autoreply", read_auto_reply},
    {"X-Autorespond", read_auto_reply},
    {"X-Failed-Recipients", read_failed_recipients},
    {"Precedence", read_precedence},
    {"List-Id", read_list_id},
    {"List-Post", read_list_post},
    {"X-Original-From", read_original_from},
    {"Original-From", read_original_from},
    {"Author", read_original_from}, /* RFC 9057 */
    {"X-Original-Sender", read_original_sender},
};

bool mime_knows_header(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(HEADERS); i++)
        if (strcasecmp(HEADERS[i].name, name) == 0)
            return true;
    return false;
}

void mime_add_header(struct mime_mail *mail, struct arena *a, const char *name, const char *value)
{
    for (size_t i = 0; name && value && i < COUNT_OF(HEADERS); i++)
        if (strcasecmp(HEADERS[i].name, name) == 0)
            HEADERS[i].read(mail, a, value);
}

void mime_deliver_to(struct mime_mail *mail, struct arena *a, const char *address)
{
    struct list before = mail->delivered_to;
    mail->delivered_to = (struct list){0};
    read_delivered_to(mail, a, address ? address : "");
    join_lists(&mail->delivered_to, a, sizeof(char *), before, MIME_ADDRESSES_MAX);
}
