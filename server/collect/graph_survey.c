#include "base/clock.h"
#include "channel/graph.h"
#include "collect/graph.h"
#include "collect/survey.h"

#define NEWEST_MAILS "5"
#define FOLDERS_ASKED "200"

/* A page of the mailbox; a refusal is a fault. */
static enum look_end ask_list(struct graph *g, struct arena *a, const char *url, struct graph_page *ret)
{
    struct graph_answer answer;
    enum look_end end = graph_ask(g, a, url, GRAPH_ANSWER_MAX, &answer);
    if (end != LOOK_DONE)
        return end;
    return answer.status == 200 && graph_read_page(a, answer.body, answer.n, ret) ? LOOK_DONE : graph_fail(g, &answer);
}

static enum look_end ask_count(struct graph *g, struct arena *a, const char *folder, int64_t *ret)
{
    struct graph_answer answer;
    enum look_end end =
        graph_ask(g, a, arena_printf(a, "%s?$select=totalItemCount", folder), GRAPH_ANSWER_MAX, &answer);
    if (end != LOOK_DONE)
        return end;
    *ret = graph_read_count(answer.body, answer.n);
    return answer.status == 200 ? LOOK_DONE : graph_fail(g, &answer);
}

static void put_at(struct buf *out, const char *key, const struct graph_page *page)
{
    const struct graph_item *first = page->items.items;
    char text[TIME_TEXT_SIZE] = "";
    if (page->items.n && first->at)
        time_format(first->at, text);
    json_put_text(out, key, text[0] ? text : NULL);
}

static void put_mails(struct buf *out, const struct graph_page *newest)
{
    const struct graph_item *items = newest->items.items;
    json_open(out, "mails", '[');
    for (size_t i = 0; i < newest->items.n; i++) {
        char at[TIME_TEXT_SIZE];
        time_format(items[i].at, at);
        json_open(out, NULL, '{');
        json_put_text(out, "at", at);
        json_put_text(out, "from", items[i].from);
        json_put_text(out, "subject", items[i].subject);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void put_folders(struct buf *out, const struct graph_page *folders)
{
    const struct graph_item *items = folders->items.items;
    json_open(out, "folders", '[');
    for (size_t i = 0; i < folders->items.n; i++) {
        json_open(out, NULL, '{');
        json_put_text(out, "name", items[i].name);
        json_put_text(out, "use", NULL);
        json_close(out, '}');
    }
    json_close(out, ']');
}

enum look_end graph_survey(struct graph *g)
{
    static const char MAILS[] =
        "%s/messages?$select=receivedDateTime,from,subject&$orderby=receivedDateTime%%20%s&$top=%s";
    AUTO_ARENA struct arena *a = arena_new();
    AUTO_BUF struct buf out = {0};
    struct graph_page folders, newest = {.next = NULL}, oldest = {.next = NULL};
    int64_t count = 0;
    const char *folder = NULL;
    enum look_end end =
        ask_list(g, a, arena_printf(a, "%s/mailFolders?$select=displayName&$top=" FOLDERS_ASKED, g->root), &folders);
    if (end == LOOK_DONE)
        end = graph_find_folder(g, a, &folder);
    if (end == LOOK_DONE)
        end = ask_count(g, a, folder, &count);
    if (end == LOOK_DONE)
        end = ask_list(g, a, arena_printf(a, MAILS, folder, "desc", NEWEST_MAILS), &newest);
    if (end == LOOK_DONE)
        end = ask_list(g, a, arena_printf(a, MAILS, folder, "asc", "1"), &oldest);
    if (end != LOOK_DONE)
        return end;
    json_open(&out, NULL, '{');
    json_put_int(&out, "count", count);
    put_at(&out, "oldest", &oldest);
    put_at(&out, "newest", &newest);
    put_mails(&out, &newest);
    put_folders(&out, &folders);
    return survey_done(g->hand, json_done(a, &out, '}'));
}
