/* A mailbox by Microsoft Graph (channel/graph.h), in one hand: one call at a time. What is throttled (429, 503) is asked later, and is no
 * fault; an access token that is not taken is asked for anew, once. Broken off within a second when the owner does not go on. */
#pragma once

#include "channel/oauth.h"
#include "collect/hand.h"
#include "deliver/token.h"

struct graph {
    struct hand *hand;
    const struct box_owner *owner;
    struct transfer *transfer; /* of its own: that of tokens must not be broken off */
    struct oauth_client client;
    const char *root, *token;
};

/* LOOK_DONE: there is a token. */
enum look_end graph_open(struct graph *g, struct hand *h, const struct box_owner *owner);
void graph_close(struct graph *g);

/* A GET. LOOK_DONE: an answer with 200, or with what says something of the thing that was asked for (404, 410, a mail that cannot be had). A
 * server that is not well (5xx) is BOX_UNREACHABLE, however long that lasts. */
struct graph_answer {
    int status;
    const char *body; /* in the arena */
    size_t n;
    bool too_large;    /* there is more */
    const char *words; /* of a refusal */
};
enum look_end graph_ask(struct graph *g, struct arena *a, const char *url, size_t max, struct graph_answer *ret);
enum look_end graph_fail(struct graph *g,
                         const struct graph_answer *answer); /* LOOK_FAULT: it cannot go on with that */

/* Where the folder of the settings is; asks for its levels but of the inbox. */
enum look_end graph_find_folder(struct graph *g, struct arena *a, const char **ret_url);

/* As look.h and survey.h do it by IMAP. */
enum look_end graph_look(struct graph *g);
enum look_end graph_survey(struct graph *g);
