#include "collect/graph.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "channel/graph.h"
#include "collect/take.h"
#include "deliver/retry.h"

#define MIME_PART "$value"

struct looking {
    struct graph *g;
    struct hand *h;
    struct arena *a; /* of a page */
};

/* ---- one mail ---- */

/* As a number of the row: no two that are stuck at a time have the same. */
static int64_t stuck_number(const char *id)
{
    return (int64_t)(hash_bytes(HASH_BEGIN, id, strlen(id)) >> 1);
}

/* Whether a mail that could not be had, so often, is asked for no more. Where Graph is not well that says nothing of the mail; but one by which
 * alone it fails must not hold up the others for ever. */
static bool is_lost(const struct mailbox *row, int64_t tries, bool is_its_fault)
{
    return is_its_fault ? tries >= STUCK_TRIES : row->problem && retry_is_over(tries, clock_now() - row->problem_at);
}

static enum look_end leave_stuck_mail(struct looking *l, struct arena *a, struct found_mail *mail, const char *id,
                                      const struct graph_answer *answer, bool is_its_fault)
{
    const struct mailbox *row = l->h->row;
    int64_t number = stuck_number(id), tries = row->stuck_uid == number ? row->stuck_tries : 0;
    mail->words = answer->words;
    if (is_lost(row, tries + 1, is_its_fault))
        return take_mail(l->h, a, mail, NULL, 0, false);
    enum look_end end = hand_stuck(l->h, number);
    if (end != LOOK_DONE)
        return end;
    return is_its_fault ? graph_fail(l->g, answer) : LOOK_FAULT;
}

static enum look_end fetch_mime(struct looking *l, struct found_mail *mail, const char *id)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct graph_answer answer;
    const char *url = arena_printf(a, "%s/messages/%s/" MIME_PART, l->g->root, url_encoded(a, id, ""));
    enum look_end end = graph_ask(l->g, a, url, MAIL_BODY_MAX, &answer);
    if (end == LOOK_FAULT && l->h->fault == BOX_UNREACHABLE && answer.status)
        return leave_stuck_mail(l, a, mail, id, &answer, false);
    if (end != LOOK_DONE)
        return end;
    if (answer.status == 404) /* somebody has removed it meanwhile */
        return LOOK_DONE;
    if (answer.status != 200)
        return leave_stuck_mail(l, a, mail, id, &answer, true);
    if (answer.too_large) { /* how large is not told */
        mail->size = MAIL_BODY_MAX + 1;
        answer.n = head_length(answer.body, HEAD_MAX);
    }
    return take_mail(l->h, a, mail, answer.body, answer.n, answer.too_large);
}

/* Of what is older than the beginning an item comes again when somebody reads it. */
static bool is_before_beginning(const struct hand *h, const struct graph_item *item)
{
    return item->at && item->at + SECOND_MS <= h->row->since_at;
}

/* ---- a page ---- */

static bool has_mark(const struct list *marks, const struct uuid *mark)
{
    const struct uuid *all = marks->items;
    for (size_t i = 0; i < marks->n; i++)
        if (uuid_equal(&all[i], mark))
            return true;
    return false;
}

static enum look_end take_new_items(struct looking *l, const struct graph_page *page)
{
    const struct graph_item *items = page->items.items;
    struct uuid *marks = arena_alloc(l->a, (page->items.n + 1) * sizeof(*marks));
    for (size_t i = 0; i < page->items.n; i++)
        marks[i] = mark_of_graph(l->h->desk, items[i].id);
    struct list known = mailbox_known(l->h->db, l->a, l->h->account->id, marks, page->items.n);
    enum look_end end = db_failure(l->h->db) == DB_FINE ? LOOK_DONE : LOOK_LATER;
    for (size_t i = 0; i < page->items.n && end == LOOK_DONE; i++) {
        struct found_mail mail = {
            .size = -1, .at = items[i].at, .lay_there = !l->h->row->uidvalidity, .mark = marks[i]};
        if (!has_mark(&known, &marks[i]) && !is_before_beginning(l->h, &items[i]))
            end = fetch_mime(l, &mail, items[i].id);
    }
    return end;
}

/* A token goes only to where the settings say that Graph is. */
static bool is_of_graph(const struct graph *g, const char *link)
{
    size_t n = (size_t)(strstr(g->root, "/v1.0/") - g->root);
    return strncmp(link, g->root, n) == 0 && link[n] == '/' && strlen(link) <= GRAPH_LINK_MAX;
}

/* A page that is followed by itself has no end. */
static bool goes_round(const struct hand *h, const struct graph_page *page)
{
    return !page->delta && h->row->delta_link && strcmp(page->next, h->row->delta_link) == 0;
}

struct step {
    char *link; /* as long as the row is in hand */
    bool last;
};

static void row_goes_on(struct mailbox *row, void *arg)
{
    const struct step *step = arg;
    row->delta_link = step->link;
    row->uidvalidity = row->uidvalidity || step->last; /* what comes from then on is new */
    row->stuck_tries = 0;
    row->tries = 0;
}

static enum look_end take_page(struct looking *l, const struct graph_answer *answer, bool *ret_last)
{
    struct graph_page page;
    bool is_page = !answer->too_large && graph_read_page(l->a, answer->body, answer->n, &page);
    const char *link = !is_page ? NULL : page.delta ? page.delta : page.next;
    if (!link || !is_of_graph(l->g, link) || goes_round(l->h, &page))
        return graph_fail(l->g, answer);
    struct step step = {arena_strdup(l->h->a, link), page.delta != NULL};
    enum look_end end = take_new_items(l, &page);
    *ret_last = step.last;
    return end == LOOK_DONE ? hand_change(l->h, row_goes_on, &step) : end;
}

/* ---- all of them ---- */

static void begin_anew(struct mailbox *row, void *arg)
{
    row->folder = arg;
    row->delta_link = NULL;
    row->uidvalidity = 0;
}

/* What the link is of; it is another one when mailbox or folder are. */
static char *folder_key(const struct graph *g)
{
    return arena_printf(g->hand->a, "%s %s", strstr(g->root, "/v1.0/"), channel_setting(g->hand->account, "folder"));
}

static enum look_end begin_place(struct looking *l)
{
    char *place = folder_key(l->g);
    if (strcmp(l->h->row->folder ? l->h->row->folder : "", place) == 0)
        return LOOK_DONE;
    return hand_change(l->h, begin_anew, place);
}

static enum look_end first_url(struct looking *l, const char **ret)
{
    const char *folder;
    enum look_end end = graph_find_folder(l->g, l->a, &folder);
    if (end == LOOK_DONE)
        *ret = arena_printf(l->a, "%s/messages/delta?$select=receivedDateTime", folder);
    return end;
}

/* Of 410 (syncStateNotFound) all is looked at again; marks tell what was taken in. */
static enum look_end ask_page(struct looking *l, struct graph_answer *ret)
{
    const char *url = l->h->row->delta_link;
    enum look_end end = url ? LOOK_DONE : first_url(l, &url);
    if (end == LOOK_DONE)
        end = graph_ask(l->g, l->a, url, GRAPH_ANSWER_MAX, ret);
    if (end != LOOK_DONE || ret->status != 410 || !l->h->row->delta_link)
        return end;
    log_warning("mailbox begins anew channel=%s", log_quoted(l->h->account->name));
    end = hand_change(l->h, begin_anew, folder_key(l->g));
    if (end == LOOK_DONE)
        end = first_url(l, &url);
    return end == LOOK_DONE ? graph_ask(l->g, l->a, url, GRAPH_ANSWER_MAX, ret) : end;
}

enum look_end graph_look(struct graph *g)
{
    struct looking l = {.g = g, .h = g->hand};
    enum look_end end = begin_place(&l);
    for (bool last = false; end == LOOK_DONE && !last;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct graph_answer answer;
        l.a = a;
        end = ask_page(&l, &answer);
        if (end == LOOK_DONE)
            end = answer.status == 200 ? take_page(&l, &answer, &last) : graph_fail(g, &answer);
    }
    return end == LOOK_DONE ? hand_looked(g->hand) : end;
}
