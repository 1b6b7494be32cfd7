/* search.query and search.conversations on their way: what the files search*.c share, and nobody else. search_find.c asks the index whom and what,
 * search_show.c makes of it what is shown, search_why.c says why, search.c is the method. */
#pragma once

#include "api/call.h"
#include "api/filter.h"
#include "search/find.h"
#include "search/mark.h"
#include "store/customer.h"
#include "store/search_find.h"

struct search_params {
    const char *query;
    struct list media, kinds; /* const char * */
    int64_t from, to;
    struct uuid agent_id, channel_id;
    const char *tag;
    struct list status; /* const char * */
    int64_t limit;
    const char *before;
};

/* Why something was found. */
struct shown_reason {
    int in, as;
    const char *name, *text;
    struct list marks;
};

struct shown_hit {
    struct uuid entry_id, identity_id;
    int64_t occurred_at;
    int medium, kind, direction;
    const char *subject, *snippet;
    struct list marks;
    struct list reasons; /* struct shown_reason */
};

/* A person; or of search.conversations a conversation, of which no more than key, hits and more_hits is filled. */
struct shown_person {
    struct uuid customer_id;
    const char *name;
    struct list name_marks;
    const char *matched;
    int64_t last_at;
    struct list media;
    struct list reasons; /* struct shown_reason */
    struct list hits;
    bool more_hits;
    int64_t key;   /* inside */
    int64_t asked; /* of the record that the index has found, when it has become part of this one; 0: an identity */
    bool by_name;
    unsigned distance;
    int64_t newest; /* row of the newest hit */
};

struct search_result {
    struct list people;        /* struct shown_person, or … */
    struct list conversations; /* struct shown_conversation */
    bool more;
    const char *cursor;
    bool complete;
    int64_t progress, took_ms;
};

struct shown_conversation {
    const struct conversation *conversation;
    struct list hits;
    bool more_hits;
};

/* One search under way. */
struct searching {
    struct call *call;
    struct arena *a;
    struct finder *finder;
    struct search_query query;
    struct search_filter filter;
    struct list scopes;   /* struct search_scope, of the tag */
    struct list statuses; /* int: of the conversation; none: any */
    bool by_conversation; /* of what is in one, and by these instead of by people */
    struct marker *marker;
    struct list people; /* struct shown_person, in the order of the answer */
    struct list spare;  /* those for whom half the answer has no room */
    struct list hits;   /* struct person_entry: which entry is whose */
    size_t limit;
    int64_t next; /* the row to go on below; 0: from the end */
    bool more;
};

struct person_entry {
    size_t person; /* in people */
    struct uuid entry, identity;
    int64_t identity_key;
};

/* ---- search_find.c ---- */
bool search_read_filter(struct searching *s, const struct search_params *p); /* false: refused */
void search_find_people(struct searching *s);                                /* by name, address or data, into people */
void search_find_entries(struct searching *s);               /* from s->next on: their persons into people, and hits */
size_t search_person_find(struct searching *s, int64_t key); /* its place in people, or people.n */
struct shown_person *search_person_at(struct searching *s, size_t i);

/* ---- search_why.c: at most REASONS_MAX of each ---- */
#define REASONS_MAX 4
struct list search_why_entry(struct searching *s, const struct search_entry *words, int64_t identity_key);
/* `records`: struct customer, those that were found among them. */
struct list search_why_person(struct searching *s, const struct shown_person *shown, const struct search_person *p,
                              const struct list *records);

/* ---- search_show.c ---- */
void search_choose_people(struct searching *s); /* of those by name, nearest and latest first; the rest wait in spare */
void search_fill_up(struct searching *s);       /* where entries have left room */
void search_show_hits(struct searching *s);
void search_show_people(struct searching *s);                          /* leaves out those who are gone or do not fit */
void search_show_conversations(struct searching *s, struct list *ret); /* struct shown_conversation */
