/* What is indexed of an entry and of a person: facets (words that begin with FACET_MARK and a letter) and texts. What has words is
 * taken apart here, for the index and for whoever says in which part something was found. */
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
    FACET_DIRECTION = 'd',
    FACET_AGENT = 'g',
    FACET_CONVERSATION = 'c',
    FACET_FILE = 'h',     /* 1: has attachments */
    FACET_LANGUAGE = 'l', /* enum language of the text, when it is sure */
    FACET_PHONE = 'p',    /* E.164 without the plus */
    FACET_NUMBER = 'n',   /* a number, last digit first (number.h) */
    FACET_ADDRESS = '@',  /* a mail address, and what is left of it behind each dot, hyphen and @ */
    FACET_TAG = 't',      /* hash of a customer's tag */
    FACET_SPELLING = 'x', /* a name with letters left out */
};

void facet_number(struct buf *out, enum facet facet, int64_t value);
void facet_text(struct buf *out, enum facet facet, const char *text);
uint64_t tag_hash(const char *tag); /* of the folded tag */

void entry_facets(struct buf *out, const struct search_entry *e, const struct search_config *config);
void entry_words(struct buf *out, const struct search_entry *e);

void facet_backwards(struct buf *out, enum facet facet, const char *text);

/* What people read of an entry, or of a person's record: where it stands, by what name (of a profile's text, an attribute or a member of a
 * payload; else NULL), and the text. */
typedef void part_fn(void *arg, enum found_in in, const char *name, const char *text);
void entry_parts_each(const struct search_entry *e, part_fn *fn, void *arg);
void customer_parts_each(const struct customer *c, part_fn *fn, void *arg);

#define ADDRESS_DIVIDERS ".@-_+"

struct person_document {
    struct buf spellings, names, words;
};
void person_of_identity(struct person_document *ret, const struct search_identity *d,
                        const struct search_config *config);
void person_of_customer(struct person_document *ret, const struct customer *c, const struct search_config *config);
void person_document_free(struct person_document *d);
