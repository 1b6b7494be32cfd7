#include "collect/graph.h"

#include "base/text.h"
#include "channel/graph.h"
#include "collect/log_in.h"
#include "deliver/retry.h"

#include <strings.h>

#define PATH_LEVELS_MAX 10

static bool stops(void *arg)
{
    const struct box_owner *owner = arg;
    return !owner->goes_on(owner->arg);
}

static enum look_end get_graph_token(struct graph *g)
{
    struct hand *h = g->hand;
    struct token_ask ask = {h->desk, h->db, h->transfer, h->account, &g->client};
    return get_token(h, &ask, &g->token);
}

static void drop_graph_token(struct graph *g)
{
    struct token_ask ask = {.db = g->hand->db, .account = g->hand->account};
    token_drop(&ask);
}

enum look_end graph_open(struct graph *g, struct hand *h, const struct box_owner *owner)
{
    *g = (struct graph){
        .hand = h, .owner = owner, .transfer = transfer_new(&h->desk->outgoing), .root = graph_root(h->account, h->a)};
    transfer_may_stop(g->transfer, stops, (void *)(uintptr_t)owner);
    if (oauth_client_of(h->account, h->a, &g->client))
        return get_graph_token(g);
    h->fault = BOX_NO_TOKEN;
    h->fault_said = said(h->a, oauth_not_signed_in);
    return LOOK_FAULT;
}

void graph_close(struct graph *g)
{
    transfer_free(g->transfer);
}

/* ---- what an answer means ---- */

static enum look_end fail(struct graph *g, enum box_fault fault, const char *said)
{
    g->hand->fault = fault;
    g->hand->fault_said = said;
    return LOOK_FAULT;
}

static enum look_end fail_unanswered(struct graph *g, const struct send_reply *reply)
{
    struct arena *a = g->hand->a;
    if (stops((void *)(uintptr_t)g->owner))
        return LOOK_OVERTAKEN;
    const char *words = reply->transport_error ? arena_strdup(a, reply->transport_error) : "…";
    return fail(g, BOX_UNREACHABLE,
                reply->transport_said ? arena_strdup(a, reply->transport_said) : said(a, mailbox_unreachable, words));
}

/* What is said of the whole mailbox, and not of what was asked for. */
static enum look_end judge_status(struct graph *g, const struct send_reply *reply)
{
    struct arena *a = g->hand->a;
    switch (reply->status) {
    case 0:
        return fail_unanswered(g, reply);
    case 401:
    case 403:
        return fail(g, BOX_NO_ENTRY, said(a, graph_denied, graph_words(a, reply)));
    case 429:
    case 503:
    case 504:
        g->hand->slowed_ms = retry_after_within_reason(reply->retry_after_ms);
        return fail(g, BOX_SLOWED, NULL);
    default:
        break;
    }
    if (reply->status / 100 == 5 && !graph_blames_mail(a, reply))
        return fail(g, BOX_UNREACHABLE, said(a, mailbox_unreachable, graph_words(a, reply)));
    return LOOK_DONE;
}

enum look_end graph_ask(struct graph *g, struct arena *a, const char *url, size_t max, struct graph_answer *ret)
{
    struct send_reply reply = {.status = 401};
    *ret = (struct graph_answer){.status = 0};
    for (int tries = 0; tries < 2 && reply.status == 401; tries++) {
        if (tries)
            drop_graph_token(g);
        enum look_end end = tries ? get_graph_token(g) : LOOK_DONE;
        if (end != LOOK_DONE)
            return end;
        struct send_request request = {
            .how = SEND_GET, .url = url, .token = g->token, .headers = {{"Prefer", GRAPH_PREFER}}};
        transfer_read(g->transfer, a, &request, max, &reply, &ret->too_large);
    }
    ret->status = reply.status;
    ret->body = reply.body;
    ret->n = reply.body_len;
    if (reply.status != 200)
        ret->words = graph_words(a, &reply);
    return judge_status(g, &reply);
}

enum look_end graph_fail(struct graph *g, const struct graph_answer *answer)
{
    struct arena *a = g->hand->a;
    if (answer->status == 200)
        return fail(g, answer->too_large ? BOX_TOO_LARGE : BOX_GONE, said(a, mailbox_broken, "…"));
    return fail(g, BOX_REFUSED, said(a, mailbox_refused, answer->words));
}

/* ---- the folder ---- */

/* Its id, of the folder of that name below `parent`. */
static enum look_end find_level(struct graph *g, struct arena *a, const char *parent, const char *name,
                                const char **ret_id)
{
    AUTO_BUF struct buf quoted = {0};
    struct graph_answer answer;
    struct graph_page page = {.next = NULL};
    for (const char *c = name; *c; c++)
        buf_puts(&quoted, *c == '\'' ? "''" : (char[]){*c, '\0'});
    const char *filter = arena_printf(a, "displayName eq '%s'", quoted.data ? quoted.data : "");
    const char *url = arena_printf(a, "%s?$select=displayName&$filter=%s", parent, url_encoded(a, filter, ""));
    enum look_end end = graph_ask(g, a, url, GRAPH_ANSWER_MAX, &answer);
    if (end != LOOK_DONE)
        return end;
    if (answer.status != 200 || !graph_read_page(a, answer.body, answer.n, &page))
        return graph_fail(g, &answer);
    *ret_id = page.items.n ? ((const struct graph_item *)page.items.items)->id : NULL;
    if (*ret_id)
        return LOOK_DONE;
    return fail(g, BOX_REFUSED, said(g->hand->a, mailbox_folder, channel_setting(g->hand->account, "folder"), "…"));
}

enum look_end graph_find_folder(struct graph *g, struct arena *a, const char **ret_url)
{
    const char *folder = channel_setting(g->hand->account, "folder"),
               *parent = arena_printf(a, "%s/mailFolders", g->root);
    char *save = NULL, *name = strtok_r(arena_strdup(a, folder), "/", &save);
    enum look_end end = LOOK_DONE;
    *ret_url = arena_printf(a, "%s/inbox", parent);
    if (!name || strcasecmp(folder, "inbox") == 0)
        return LOOK_DONE;
    for (int level = 0; name && level < PATH_LEVELS_MAX && end == LOOK_DONE; level++) {
        const char *id = "inbox";
        if (level > 0 || strcasecmp(name, "inbox") != 0)
            end = find_level(g, a, parent, name, &id);
        if (end == LOOK_DONE)
            *ret_url = arena_printf(a, "%s/mailFolders/%s", g->root, url_encoded(a, id, ""));
        parent = arena_printf(a, "%s/childFolders", *ret_url);
        name = strtok_r(NULL, "/", &save);
    }
    return end;
}
