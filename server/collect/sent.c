#include "collect/sent.h"

#include "store/mailbox_sent.h"

#define FILE_TRIES 5

struct sent_folder {
    struct arena *a;
    const char *name; /* NULL: none was told of */
};

static void take_sent_folder(void *arg, struct arena *a, const struct imap_response *r)
{
    struct sent_folder *found = arg;
    struct imap_folder folder;
    if (!found->name && strcmp(r->name, "LIST") == 0 && imap_listed(r->rest, a, &folder) && folder.use &&
        strcmp(folder.use, "\\Sent") == 0)
        found->name = arena_strdup(found->a, folder.name);
}

static void set_sent_folder(struct mailbox *row, void *arg)
{
    row->sent_folder = arg;
}

/* Asked for once, and kept with the row until the settings change or it takes nothing. *ret NULL: there is none. */
static enum look_end find_sent_folder(struct hand *h, struct arena *a, const char **ret)
{
    struct sent_folder found = {.a = h->a};
    struct imap_command list = {
        .text = "LIST \"\" \"*\"", .max = IMAP_RESPONSE_MAX, .take = take_sent_folder, .arg = &found};
    *ret = h->row->sent_folder;
    if (*ret)
        return LOOK_DONE;
    enum look_end end = hand_end(h, imap_run(h->imap, a, &list), NULL);
    *ret = found.name;
    if (end != LOOK_DONE || !*ret)
        return end;
    return hand_change(h, set_sent_folder, (void *)(uintptr_t)found.name);
}

static void set_sent_problem(struct mailbox *row, void *arg)
{
    row->sent_problem = arg;
}

static enum look_end tell_sent(struct hand *h, const char *problem)
{
    if (strcmp(problem ? problem : "", h->row->sent_problem ? h->row->sent_problem : "") == 0)
        return LOOK_DONE;
    enum look_end end = hand_change(h, set_sent_problem, (void *)(uintptr_t)problem);
    if (end == LOOK_DONE)
        hand_tell(h);
    return end;
}

/* *ret_said: why it is not there; NULL: it is. */
static enum look_end append_mail(struct hand *h, struct arena *a, const struct mailbox_sent *sent,
                                 const char **ret_said)
{
    const char *folder;
    enum look_end end = find_sent_folder(h, a, &folder);
    if (end != LOOK_DONE)
        return end;
    const char *name = folder ? imap_name_out(a, folder) : NULL, *quoted = name ? imap_quoted(a, name) : NULL;
    *ret_said = quoted ? NULL : said(h->a, mailbox_no_sent);
    if (!quoted)
        return LOOK_DONE;
    struct imap_command append = {.text = arena_printf(a, "APPEND %s (\\Seen)", quoted),
                                  .max = IMAP_RESPONSE_MAX,
                                  .data = sent->raw,
                                  .n_data = sent->n};
    enum box_fault fault = imap_run(h->imap, a, &append);
    if (fault != BOX_REFUSED)
        return hand_end(h, fault, NULL);
    *ret_said = said(h->a, mailbox_sent, imap_words(h->imap, a));
    return hand_change(h, set_sent_folder, NULL);
}

enum look_end file_sent(struct hand *h)
{
    for (;;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct mailbox_sent *sent = mailbox_sent_next(h->db, a, h->account->id);
        const char *problem = NULL;
        if (!sent)
            return db_failure(h->db) == DB_FINE ? LOOK_DONE : LOOK_LATER;
        enum look_end end = append_mail(h, a, sent, &problem);
        if (end != LOOK_DONE)
            return end;
        if (problem && sent->tries + 1 < FILE_TRIES)
            mailbox_sent_tried(h->db, sent->key);
        else
            mailbox_sent_drop(h->db, sent->key);
        end = tell_sent(h, problem);
        if (end != LOOK_DONE || problem)
            return end;
    }
}
