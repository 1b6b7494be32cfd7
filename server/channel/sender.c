#include "channel/channel.h"

#include "base/buf.h"
#include "base/markdown.h"
#include "base/text.h"

#include <ctype.h>

/* ---- what is named in a signature ---- */

enum named { AGENT, PERSON, SENDER, ADDRESS, NAMED_ };

/* {agent.name}. A first name is what stands before the first blank. Those with an underscore are older. */
static const struct name {
    const char *name;
    enum named what;
    bool first;
} NAMES[] = {
    {"agent.name", AGENT, false},          {"agent.first_name", AGENT, true}, {"customer.name", PERSON, false},
    {"customer.first_name", PERSON, true}, {"sender.name", SENDER, false},    {"sender.address", ADDRESS, false},
    {"agent_name", AGENT, false},          {"person_name", PERSON, false},    {"sender_name", SENDER, false},
    {"address", ADDRESS, false},
};

/* The length of {word} at `at`, with its braces; 0: that is none. */
static size_t named_length(const char *at)
{
    size_t n = at[0] == '{' ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_.") : 0;
    return n && at[n + 1] == '}' ? n + 2 : 0;
}

static const struct name *name_at(const char *at, size_t n)
{
    for (size_t i = 0; n && i < COUNT_OF(NAMES); i++)
        if (strlen(NAMES[i].name) == n - 2 && strncmp(NAMES[i].name, at + 1, n - 2) == 0)
            return &NAMES[i];
    return NULL;
}

/* A name is no Markdown. */
static void put_unmarked(struct buf *out, const char *value, size_t n)
{
    for (const char *p = value; p < value + n; p++) {
        if (ispunct((unsigned char)*p))
            buf_putc(out, '\\');
        buf_putc(out, *p == '\n' ? ' ' : *p);
    }
}

/* What is no name stays as it stands: a signature may have been saved before it was looked at. */
const char *sender_signature(struct arena *a, const struct signed_for *who)
{
    const char *values[NAMED_] = {who->agent_name, who->person_name, who->sender->name, who->sender->address};
    AUTO_BUF struct buf out = {0};
    for (const char *p = who->sender->signature ? who->sender->signature : ""; *p;) {
        size_t n = named_length(p);
        const struct name *name = name_at(p, n);
        const char *value = name && values[name->what] ? values[name->what] : "";
        if (name)
            put_unmarked(&out, value, name->first ? strcspn(value, " ") : strlen(value));
        else
            buf_putc(&out, *p);
        p += name ? n : 1;
    }
    return text_is_blank(out.data) ? NULL : arena_strndup(a, out.data, out.len);
}

const char *sender_signature_plain(struct arena *a, const struct signed_for *who)
{
    const char *signature = sender_signature(a, who);
    return signature ? markdown_as(a, signature, MARKDOWN_PLAIN) : NULL;
}

static const char *all_names(struct arena *a)
{
    const char *all = "";
    for (size_t i = 0; i < COUNT_OF(NAMES) && strchr(NAMES[i].name, '.'); i++)
        all = arena_printf(a, "%s%s{%s}", all, i ? ", " : "", NAMES[i].name);
    return all;
}

bool signature_fits(struct arena *a, const char *setting, const char *value, struct error *err)
{
    for (const char *p = value; *p; p++) {
        size_t n = named_length(p);
        if (n && !name_at(p, n))
            return error_set(err, setting, nothing_to_fill_in, arena_strndup(a, p, n), all_names(a));
    }
    return true;
}

/* ---- senders ---- */

/* "Name <address>" alone on its line. */
static bool read_head(struct arena *a, const char *line, struct sender *ret)
{
    const char *open = strrchr(line, '<'), *close = open ? strchr(open, '>') : NULL;
    if (!close || !text_is_blank(close + 1))
        return false;
    *ret = (struct sender){.name = text_trim(a, arena_strndup(a, line, (size_t)(open - line))),
                           .address = identity_normalise(a, IDENTITY_EMAIL, open, NULL)};
    return true;
}

static struct list read_senders(struct arena *a, const char *text)
{
    struct list ret = {0};
    struct sender one;
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        const char *words = arena_strndup(a, line, n);
        struct sender *last = ret.n ? (struct sender *)ret.items + ret.n - 1 : NULL;
        if (read_head(a, words, &one))
            *(struct sender *)list_grow(a, &ret, sizeof(one)) = one;
        else if (last)
            last->signature = last->signature ? arena_printf(a, "%s\n%s", last->signature, words) : words;
        else if (!text_is_blank(words))
            *(struct sender *)list_grow(a, &ret, sizeof(one)) = (struct sender){.name = words};
        line += n + (line[n] == '\n');
    }
    return ret;
}

bool senders_fit(struct arena *a, const char *setting, const char *value, struct error *err)
{
    struct list all = read_senders(a, value);
    const struct sender *items = all.items;
    if (all.n > SENDERS_MAX)
        return error_set(err, setting, too_many_senders, SENDERS_MAX, all.n);
    for (size_t i = 0; i < all.n; i++) {
        if (!items[i].address)
            return error_set(err, setting, no_sender_line, items[i].name);
        if (items[i].signature && !signature_fits(a, setting, items[i].signature, err))
            return false;
    }
    return true;
}

static const char *first_given(const char *one, const char *other)
{
    return text_is_blank(one) ? other : one;
}

struct list channel_senders(struct arena *a, const struct channel_account *account)
{
    struct list ret = {0};
    const char *address = identity_normalise(a, IDENTITY_EMAIL, channel_setting(account, "address"), NULL);
    if (!account->type->has_subject || !address)
        return ret;
    /* As customers know us; the channel's own name is the desk's word for it. */
    const struct sender standard = {.name = first_given(channel_setting(account, "display_name"), account->name),
                                    .address = address,
                                    .signature = channel_setting(account, "signature")};
    *(struct sender *)list_grow(a, &ret, sizeof(standard)) = standard;
    struct list more = read_senders(a, channel_setting(account, "senders"));
    for (size_t i = 0; i < more.n && ret.n <= SENDERS_MAX; i++) {
        const struct sender *one = (struct sender *)more.items + i;
        if (one->address && !sender_find(&ret, one->address))
            *(struct sender *)list_grow(a, &ret, sizeof(*one)) =
                (struct sender){.name = first_given(one->name, standard.name),
                                .address = one->address,
                                .signature = text_is_blank(one->signature) ? standard.signature : one->signature};
    }
    return ret;
}

const struct sender *sender_find(const struct list *senders, const char *address)
{
    const struct sender *items = senders->items;
    for (size_t i = 0; address && i < senders->n; i++)
        if (strcmp(items[i].address, address) == 0)
            return &items[i];
    return NULL;
}
