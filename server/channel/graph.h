/* Mail of Microsoft 365 by Microsoft Graph, for tenants that have closed IMAP and SMTP: what is asked, and what the answers say. Pure.
 * learn.microsoft.com/graph/delta-query-messages, …/outlook-immutable-id, …/outlook-get-mime-message, …/outlook-send-mime-message,
 * …/throttling */
#pragma once

#include "channel/mail.h"

#define GRAPH_ANSWER_MAX \
    (1 << 20)                /* bytes of an answer that holds no mail: so many of its items, too, there are at most */
#define GRAPH_LINK_MAX 60000 /* bytes of a link that is kept */
/* Ids that stay when a mail is moved, and pages that are not too long. */
#define GRAPH_PREFER "IdType=\"ImmutableId\", odata.maxpagesize=100"

/* The address under which all of the mailbox is. */
const char *graph_root(const struct channel_account *account, struct arena *a);

struct graph_item { /* a mail, or a folder */
    const char *id;
    int64_t at;                 /* when it came; 0: not told, or a folder */
    const char *from, *subject; /* or NULL */
    const char *name;           /* of a folder, or NULL */
};

/* A page of a list. What has been removed is left out. */
struct graph_page {
    struct list items;        /* struct graph_item */
    const char *next, *delta; /* where it goes on: at once, or the next time; NULL: it does not */
};
bool graph_read_page(struct arena *a, const char *body, size_t n, struct graph_page *ret); /* false: it is none */
int64_t graph_read_count(const char *body, size_t n); /* of the mails of a folder; 0: it does not say */

/* A 5xx that says that this one mail cannot be had; any other says only that Graph is not well now. The codes are those of Exchange Web
 * Services (ResponseCode). */
bool graph_blames_mail(struct arena *a, const struct send_reply *reply);

/* "ErrorAccessDenied: Access is denied." */
const char *graph_words(struct arena *a, const struct send_reply *reply);
