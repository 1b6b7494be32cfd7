#include "search/document.h"

#include "base/hash.h"
#include "base/text.h"
#include "search/forms.h"
#include "search/number.h"
#include "search/spelling.h"
#include "search/token.h"

#include <ctype.h>
#include <inttypes.h>
#include <json-c/json.h>

#define PAYLOAD_DEPTH_MAX 6

void facet_number(struct buf *out, enum facet facet, int64_t value)
{
    buf_printf(out, "%c%c%" PRId64 " ", FACET_MARK, facet, value);
}

void facet_text(struct buf *out, enum facet facet, const char *text)
{
    buf_printf(out, "%c%c%s ", FACET_MARK, facet, text);
}

void facet_backwards(struct buf *out, enum facet facet, const char *text)
{
    buf_printf(out, "%c%c", FACET_MARK, facet);
    for (size_t i = strlen(text); i > 0; i--)
        buf_putc(out, text[i - 1]);
    buf_putc(out, ' ');
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

static void index_number(void *arg, const char *number, size_t from, size_t to)
{
    (void)from, (void)to;
    facet_backwards(arg, FACET_NUMBER, number);
}

static void index_phone(void *arg, const char *number, size_t from, size_t to)
{
    (void)from, (void)to;
    facet_text(arg, FACET_PHONE, number);
}

/* Numbers in any spelling within a text. */
static void number_facets(struct buf *out, const char *text, const struct search_config *config)
{
    phones_each(text, config, index_phone, out);
    numbers_each(text, index_number, out);
}

/* ---- entries ---- */

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

/* Reading a payload or a list of attachments. */
struct reading {
    part_fn *fn;
    void *arg;
    enum found_in in;
    bool is_order;
};

/* A member's value says what it is of: an order's own number, its parcels, what was bought. */
static enum found_in part_of_member(const struct reading *r, const char *member)
{
    if (r->is_order && strcmp(member, "tracking") == 0)
        return FOUND_IN_TRACKING;
    if (r->is_order && strcmp(member, "items") == 0)
        return FOUND_IN_ITEM;
    return r->is_order && r->in == FOUND_IN_DETAIL && strcmp(member, "number") == 0 ? FOUND_IN_ORDER_NUMBER : r->in;
}

static void read_value(const struct reading *r, struct json_object *value, const char *name, int depth)
{
    if (depth > PAYLOAD_DEPTH_MAX)
        return;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, member, inner) {
            struct reading deeper = *r;
            deeper.in = part_of_member(r, member);
            read_value(&deeper, inner, member, depth + 1);
        }
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++)
            read_value(r, json_object_array_get_idx(value, i), name, depth + 1);
    } else if (value && name && is_readable(name)) {
        r->fn(r->arg, r->in, r->in == FOUND_IN_DETAIL ? name : NULL, json_object_get_string(value));
    }
}

static void read_json(const struct reading *r, const char *text)
{
    struct json_object *value = text ? json_parse(text, strlen(text), NULL) : NULL;
    read_value(r, value, NULL, 0);
    json_object_put(value);
}

void entry_parts_each(const struct search_entry *e, part_fn *fn, void *arg)
{
    if (e->text)
        fn(arg, FOUND_IN_TEXT, NULL, e->text);
    if (e->subject)
        fn(arg, FOUND_IN_SUBJECT, NULL, e->subject);
    read_json(&(struct reading){fn, arg, FOUND_IN_FILE, false}, e->attachments);
    read_json(&(struct reading){fn, arg, FOUND_IN_DETAIL, e->kind == ENTRY_ORDER}, e->payload);
}

static void add_part(void *arg, enum found_in in, const char *name, const char *text)
{
    (void)in, (void)name;
    index_text(arg, text);
}

void entry_words(struct buf *out, const struct search_entry *e)
{
    buf_puts(out, "");
    if (!e->hidden)
        entry_parts_each(e, add_part, out);
}

struct numbering {
    struct buf *out;
    const struct search_config *config;
};

static void add_part_numbers(void *arg, enum found_in in, const char *name, const char *text)
{
    const struct numbering *n = arg;
    (void)in, (void)name;
    number_facets(n->out, text, n->config);
}

void entry_facets(struct buf *out, const struct search_entry *e, const struct search_config *config)
{
    const struct {
        enum facet facet;
        int64_t key;
    } keys[] = {{FACET_CHANNEL, e->channel}, {FACET_AGENT, e->agent}, {FACET_CONVERSATION, e->conversation}};
    facet_number(out, FACET_IDENTITY, e->identity);
    facet_number(out, FACET_MEDIUM, e->medium);
    facet_number(out, FACET_KIND, e->kind);
    facet_number(out, FACET_DIRECTION, e->direction);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].key)
            facet_number(out, keys[i].facet, keys[i].key);
    if (e->hidden)
        return;
    enum language language = e->text ? language_of(e->text, strlen(e->text)) : LANGUAGE_NONE;
    if (language != LANGUAGE_NONE)
        facet_number(out, FACET_LANGUAGE, language);
    if (e->attachments && strchr(e->attachments, '{'))
        facet_number(out, FACET_FILE, 1);
    entry_parts_each(e, add_part_numbers, &(struct numbering){out, config});
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

/* What is left of an address behind each of its dividers is found by its beginning; the last piece alone is everybody's. */
static void address_facets(struct buf *out, const char *address)
{
    if (strcspn(address, " \t\r\n") != strlen(address) || strchr(address, FACET_MARK))
        return;
    for (const char *p = address; strpbrk(p, ADDRESS_DIVIDERS); p += strcspn(p, ADDRESS_DIVIDERS) + 1)
        facet_text(out, FACET_ADDRESS, p);
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
        facet_backwards(&ret->spellings, FACET_NUMBER, digits);
        return;
    }
    if (form == FORM_EMAIL)
        address_facets(&ret->spellings, d->value);
    else
        numbers_each(d->value, index_number, &ret->spellings);
    phones_each(d->name, config, index_phone, &ret->spellings);
}

/* Tags, or attributes by their names. */
static void each_value(enum found_in in, const char *text, part_fn *fn, void *arg)
{
    struct json_object *value = text ? json_parse(text, strlen(text), NULL) : NULL;
    if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, name, member) {
            if (member)
                fn(arg, in, name, json_object_get_string(member));
        }
    }
    for (size_t i = 0; i < json_length(value); i++) {
        const char *tag = json_object_get_string(json_object_array_get_idx(value, i));
        if (tag)
            fn(arg, in, NULL, tag);
    }
    json_object_put(value);
}

void customer_parts_each(const struct customer *c, part_fn *fn, void *arg)
{
    for (const struct field *f = NULL; (f = field_used(&CUSTOMER_SHAPE, f, USE_SEARCHED)) != NULL;) {
        const char *text = *(const char *const *)((const char *)c + f->offset);
        if (f->kind == FIELD_JSON)
            each_value(f->offset == offsetof(struct customer, tags) ? FOUND_IN_TAG : FOUND_IN_ATTRIBUTE, text, fn, arg);
        else if (text)
            fn(arg, f->offset == offsetof(struct customer, name) ? FOUND_IN_NAME : FOUND_IN_PROFILE, f->name, text);
    }
}

struct describing {
    struct person_document *d;
    const struct search_config *config;
};

static void add_person_part(void *arg, enum found_in in, const char *name, const char *text)
{
    const struct describing *c = arg;
    (void)name;
    if (in == FOUND_IN_NAME) {
        add_name(c->d, text);
        return;
    }
    index_text(&c->d->words, text);
    if (in == FOUND_IN_TAG)
        facet_number(&c->d->spellings, FACET_TAG, (int64_t)(tag_hash(text) >> 1));
    else
        number_facets(&c->d->spellings, text, c->config);
}

void person_of_customer(struct person_document *ret, const struct customer *c, const struct search_config *config)
{
    begin_document(ret);
    customer_parts_each(c, add_person_part, &(struct describing){ret, config});
}

void person_document_free(struct person_document *d)
{
    buf_free(&d->spellings);
    buf_free(&d->names);
    buf_free(&d->words);
}
