#include "search/document.h"

#include "base/hash.h"
#include "base/text.h"
#include "search/spelling.h"
#include "search/token.h"

#include <ctype.h>
#include <inttypes.h>
#include <json-c/json.h>

#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 17 /* with a prefix before the country code */
#define PHONE_SPELLED_MAX 90
#define PHONE_GROUPS_MAX 6
#define PHONE_TRIES_MAX 60 /* of one text */
#define PAYLOAD_DEPTH_MAX 6

void facet_number(struct buf *out, enum facet facet, int64_t value)
{
    buf_printf(out, "%c%c%" PRId64 " ", FACET_MARK, facet, value);
}

void facet_text(struct buf *out, enum facet facet, const char *text)
{
    buf_printf(out, "%c%c%s ", FACET_MARK, facet, text);
}

static bool hash_token(void *arg, const struct token *token)
{
    uint64_t *h = arg;
    *h = hash_bytes(*h, token->text, token->n + 1); /* with the NUL: "a b" is not "ab" */
    return true;
}

uint64_t tag_hash(const char *tag)
{
    uint64_t h = HASH_BEGIN;
    tokens_each(tag, strlen(tag), TOKENS_OF_TEXT, hash_token, &h);
    return h;
}

/* ---- phone numbers ---- */

/* As long as it may belong to a number: digits of ASCII or full width, and what is written between them. */
static size_t phone_char(const char *p, bool *ret_digit)
{
    *ret_digit = isdigit((unsigned char)*p);
    if (*ret_digit || (*p && strchr("+-.()/ ", *p)))
        return 1;
    if (strncmp(p, "\xef\xbc", 2) == 0 && (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0x99) {
        *ret_digit = true;
        return 3;
    }
    static const char *const OTHERS[] = {"\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92", "\xe2\x80\x93", "\xe2\x88\x92",
                                         "\xef\xbc\x8d", "\xef\xbc\x8b", "\xef\xbc\x88", "\xef\xbc\x89", "\xc2\xa0"};
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
        if (strncmp(p, OTHERS[i], strlen(OTHERS[i])) == 0)
            return strlen(OTHERS[i]);
    return 0;
}

/* A run of digits and what may stand between them, and where blanks divide it. */
struct phone_run {
    const char *text;
    struct {
        size_t from, to, digits;
    } groups[PHONE_GROUPS_MAX];
    size_t n, length;
};

static struct phone_run read_run(const char *text)
{
    struct phone_run run = {.text = text};
    bool inside = false, digit;
    for (size_t size; (size = phone_char(text + run.length, &digit)) > 0; run.length += size) {
        if (text[run.length] == ' ') {
            inside = false;
            continue;
        }
        if (!inside && run.n == PHONE_GROUPS_MAX)
            break; /* the rest is the next run */
        if (!inside)
            run.groups[run.n++].from = run.length;
        inside = true;
        run.groups[run.n - 1].to = run.length + size;
        run.groups[run.n - 1].digits += digit;
    }
    return run;
}

/* Which of the neighbouring groups make up one number is not known: each choice that can be one counts. */
static void phones_of_run(const struct phone_run *run, const char *text, size_t *tries,
                          const struct search_config *config, phone_fn *fn, void *arg)
{
    char spelled[PHONE_SPELLED_MAX], number[24];
    for (size_t i = 0; i < run->n; i++) {
        size_t digits = 0;
        for (size_t k = i; k<run->n && * tries> 0; k++) {
            size_t from = run->groups[i].from, to = run->groups[k].to;
            digits += run->groups[k].digits;
            if (digits < PHONE_DIGITS_MIN || digits > PHONE_DIGITS_MAX || to - from >= sizeof(spelled))
                continue;
            memcpy(spelled, run->text + from, to - from);
            spelled[to - from] = '\0';
            --*tries;
            if (config->phone(spelled, config->country, number))
                fn(arg, number + (number[0] == '+'), (size_t)(run->text - text) + from,
                   (size_t)(run->text - text) + to);
        }
    }
}

void phones_each(const char *text, const struct search_config *config, phone_fn *fn, void *arg)
{
    size_t tries = config->phone ? PHONE_TRIES_MAX : 0;
    for (const char *p = text; p && *p && tries > 0;) {
        struct phone_run run = read_run(p);
        phones_of_run(&run, text, &tries, config, fn, arg);
        p += run.length ? run.length : 1;
    }
}

static void index_phone(void *arg, const char *digits, size_t from, size_t to)
{
    (void)from, (void)to;
    facet_text(arg, FACET_PHONE, digits);
}

void phone_facets(struct buf *out, const char *text, const struct search_config *config)
{
    phones_each(text, config, index_phone, out);
}

/* ---- entries ---- */

void entry_facets(struct buf *out, const struct search_entry *e, const struct search_config *config)
{
    const struct {
        enum facet facet;
        int64_t key;
    } keys[] = {{FACET_CHANNEL, e->channel}, {FACET_AGENT, e->agent}, {FACET_CONVERSATION, e->conversation}};
    facet_number(out, FACET_IDENTITY, e->identity);
    facet_number(out, FACET_MEDIUM, e->medium);
    facet_number(out, FACET_KIND, e->kind);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].key)
            facet_number(out, keys[i].facet, keys[i].key);
    if (e->hidden)
        return;
    if (e->attachments && strchr(e->attachments, '{'))
        facet_number(out, FACET_FILE, 1);
    phone_facets(out, e->subject, config);
    phone_facets(out, e->text, config);
}

/* One text after another; what separates them is no word. */
static void index_text(struct buf *out, const char *text)
{
    if (!text || !text[0])
        return;
    if (out->len)
        buf_putc(out, '\n');
    size_t from = out->len;
    buf_puts(out, text);
    for (char *p = out->data + from; *p; p++) /* nobody else writes facets */
        if (*p == FACET_MARK)
            *p = ' ';
}

/* What people read in a payload: names, numbers, titles, comments; no ids, addresses of pictures or sums. */
static bool is_readable(const char *name)
{
    static const char *const NAMES[] = {"number",  "name",     "sku",    "title",   "comment",     "question",
                                        "answer",  "note",     "store",  "text",    "summary",     "transcript",
                                        "carrier", "campaign", "reason", "subject", "description", "tracking"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(NAMES[i], name) == 0)
            return true;
    return false;
}

static void add_readable(struct buf *out, struct json_object *value, bool readable, int depth)
{
    if (depth > PAYLOAD_DEPTH_MAX)
        return;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, member) {
            add_readable(out, member, is_readable(name), depth + 1);
        }
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            add_readable(out, json_object_array_get_idx(value, i), readable, depth + 1);
    } else if (readable && value) {
        index_text(out, json_object_get_string(value));
    }
}

static void add_json(struct buf *out, const char *text)
{
    struct json_object *value = text ? json_parse(text, strlen(text), NULL) : NULL;
    add_readable(out, value, false, 0);
    json_object_put(value);
}

void entry_words(struct buf *out, const struct search_entry *e)
{
    buf_puts(out, "");
    if (e->hidden)
        return;
    index_text(out, e->text);
    index_text(out, e->subject);
    add_json(out, e->attachments);
    add_json(out, e->payload);
}

/* ---- people ---- */

static void add_spelling(void *arg, const char *spelling)
{
    facet_text(arg, FACET_SPELLING, spelling);
}

static bool add_spellings(void *arg, const struct token *token)
{
    unsigned char first = (unsigned char)token->text[0];
    bool alphabet = first < 0xe0 && !isdigit(first); /* Latin, Greek, Cyrillic … */
    if (alphabet && !token->same_place)
        spellings_indexed(token->text, add_spelling, arg);
    return true;
}

static void begin_document(struct person_document *d)
{
    *d = (struct person_document){0};
    buf_puts(&d->spellings, "");
    buf_puts(&d->names, "");
    buf_puts(&d->words, "");
}

static void add_name(struct person_document *d, const char *name)
{
    index_text(&d->names, name);
    if (name)
        tokens_each(name, strlen(name), TOKENS_OF_TEXT, add_spellings, &d->spellings);
}

void person_of_identity(struct person_document *ret, const struct search_identity *d,
                        const struct search_config *config)
{
    begin_document(ret);
    add_name(ret, d->name);
    index_text(&ret->words, d->value);
    enum value_form form = identity_kind_row(d->kind)->form;
    if (form == FORM_PHONE || form == FORM_WHATSAPP) {
        const char *digits = d->value + (d->value[0] == '+');
        facet_text(&ret->spellings, FACET_PHONE, digits);
    } else {
        phone_facets(&ret->spellings, d->name, config);
    }
}

static void add_values(struct buf *out, const char *json, struct buf *facets)
{
    struct json_object *value = json ? json_parse(json, strlen(json), NULL) : NULL;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, member) {
            (void)name;
            index_text(out, json_object_get_string(member));
        }
    }
    for (size_t i = 0; i < json_length(value); i++) {
        const char *tag = json_object_get_string(json_object_array_get_idx(value, i));
        index_text(out, tag);
        if (tag)
            facet_number(facets, FACET_TAG, (int64_t)(tag_hash(tag) >> 1));
    }
    json_object_put(value);
}

void person_of_customer(struct person_document *ret, const struct customer *c, const struct search_config *config)
{
    begin_document(ret);
    add_name(ret, c->name);
    for (const struct field *f = NULL; (f = field_used(&CUSTOMER_SHAPE, f, USE_SEARCHED)) != NULL;) {
        const char *text = *(const char *const *)((const char *)c + f->offset);
        if (f->kind == FIELD_JSON) {
            add_values(&ret->words, text, &ret->spellings);
        } else if (f->offset != offsetof(struct customer, name)) {
            index_text(&ret->words, text);
            phone_facets(&ret->spellings, text, config);
        }
    }
}

void person_document_free(struct person_document *d)
{
    buf_free(&d->spellings);
    buf_free(&d->names);
    buf_free(&d->words);
}
