/* What somebody typed, and what it asks of the index. "Words in quotes" stand together, -word must not be there; a phone
 * number in any spelling is one number; the last word may be unfinished. */
#pragma once

#include "base/field.h"
#include "search/document.h"
#include "search/forms.h"

#define QUERY_TERMS_MAX 12
#define QUERY_BYTES_MAX 400

/* Another form of a word, in texts of a language. */
struct query_form {
    enum language language;
    const char *text;
};

struct query_term {
    const char *text;
    const char *phone;   /* E.164 without the plus, or NULL */
    const char *number;  /* the end of one, or NULL (number.h) */
    const char *address; /* a part of a mail address, folded, or NULL */
    struct list forms;   /* struct query_form: of a single word, by language */
    bool quoted;         /* as it stands, in no other form */
    bool without;        /* must not be there */
    bool unfinished;     /* the last word may go on */
    /* Identities of people who are called so: "tanaka refund" finds what Tanaka wrote of a refund. */
    const int64_t *people;
    size_t n_people;
};

struct search_query {
    struct query_term terms[QUERY_TERMS_MAX];
    size_t n;
    size_t n_wanted;    /* terms that are not `without` */
    const char *number; /* all of it, when it may be one number in several words; or NULL */
};

void query_parse(struct arena *a, const char *text, const struct search_config *config, struct search_query *ret);

/* What hits must have besides; zero and empty: anything. */
struct search_filter {
    struct list media, kinds, directions; /* int */
    int64_t agent, conversation, channel;
    bool has_files;
    const char *order_number;  /* as people say it; NULL: any */
    const int64_t *identities; /* any of these; n_identities 0: whoever's */
    size_t n_identities;
    const struct list *scopes; /* NULL or struct search_scope: any of them */
    const int64_t *closed;     /* channels whose entries may not be found */
    size_t n_closed;
    int64_t from, to; /* of occurred_at: from <= at < to; 0: open */
};

/* A facet that a hit may have. */
struct search_scope {
    enum facet facet;
    int64_t key;
};

/* FTS5 expressions; NULL when nothing is asked for. */
const char *query_entries(struct arena *a, const struct search_query *query, const struct search_filter *filter);
const char *query_people(struct arena *a, const struct search_query *query);
const char *query_name(struct arena *a, const struct query_term *term);
const char *query_similar_people(struct arena *a, const struct search_query *query);
const char *query_tag(struct arena *a, const char *tag);
