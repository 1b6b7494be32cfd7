/* What is indexed of an entry and of a person: facets (words that begin with FACET_MARK and a letter) and texts. */
#pragma once

#include "base/buf.h"
#include "search/search.h"
#include "store/search_read.h"

/* Facets: letter and key or enum. */
enum facet {
    FACET_IDENTITY = 'i',
    FACET_MEDIUM = 'm',
    FACET_CHANNEL = 'a',
    FACET_KIND = 'k',
    FACET_AGENT = 'g',
    FACET_CONVERSATION = 'c',
    FACET_FILE = 'h',     /* 1: has attachments */
    FACET_PHONE = 'p',    /* E.164 digits */
    FACET_TAG = 't',      /* hash of a customer's tag */
    FACET_SPELLING = 'x', /* a name with letters left out */
};

void facet_number(struct buf *out, enum facet facet, int64_t value);
void facet_text(struct buf *out, enum facet facet, const char *text);
uint64_t tag_hash(const char *tag); /* of the folded tag */

void entry_facets(struct buf *out, const struct search_entry *e, const struct search_config *config);
void entry_words(struct buf *out, const struct search_entry *e);

/* Phone numbers in any spelling within a text: E.164 without the plus, and the bytes where it stands. */
typedef void phone_fn(void *arg, const char *digits, size_t from, size_t to);
void phones_each(const char *text, const struct search_config *config, phone_fn *fn, void *arg);

/* Phone numbers in any spelling within a text, as FACET_PHONE. */
void phone_facets(struct buf *out, const char *text, const struct search_config *config);

struct person_document {
    struct buf spellings, names, words;
};
void person_of_identity(struct person_document *ret, const struct search_identity *d,
                        const struct search_config *config);
void person_of_customer(struct person_document *ret, const struct customer *c, const struct search_config *config);
void person_document_free(struct person_document *d);
