#include "collect/sent.h"

#include "store/mailbox_sent.h"

#define FILE_TRIES 5

struct sent_folder {
    const char *name; /* or NULL */
};

static void take_sent_folder(void *arg, struct arena *a, const struct imap_response *r)
{
    struct sent_folder *sent = arg;
    struct imap_folder folder;
    if (strcmp(r->name, "LIST") == 0 && imap_listed(r->rest, a, &folder) && folder.use &&
        strcmp(folder.use, "\\Sent") == 0)
        sent->name = folder.name;
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

static enum imap_fault append_mail(struct hand *h, struct arena *a, const struct mailbox_sent *sent,
                                   const char **ret_said)
{
    struct sent_folder folder = {NULL};
    struct imap_command list = {
        .text = "LIST \"\" \"*\"", .max = IMAP_RESPONSE_MAX, .take = take_sent_folder, .arg = &folder};
    enum imap_fault fault = imap_run(h->imap, a, &list);
    if (fault)
        return fault;
    const char *name = folder.name ? imap_name_out(a, folder.name) : NULL;
    const char *quoted = name ? imap_quoted(a, name) : NULL;
    *ret_said = said(h->a, mailbox_no_sent);
    if (!quoted)
        return IMAP_REFUSED;
    struct imap_command append = {.text = arena_printf(a, "APPEND %s (\\Seen)", quoted),
                                  .max = IMAP_RESPONSE_MAX,
                                  .data = sent->raw,
                                  .n_data = sent->n};
    fault = imap_run(h->imap, a, &append);
    if (fault == IMAP_REFUSED)
        *ret_said = said(h->a, mailbox_sent, imap_words(h->imap, a));
    return fault;
}

enum look_end file_sent(struct hand *h)
{
    for (;;) {
        AUTO_ARENA struct arena *a = arena_new();
        struct mailbox_sent *sent = mailbox_sent_next(h->db, a, h->account->id);
        const char *problem = NULL;
        if (!sent)
            return db_failure(h->db) == DB_FINE ? LOOK_DONE : LOOK_LATER;
        enum imap_fault fault = append_mail(h, a, sent, &problem);
        if (fault && fault != IMAP_REFUSED)
            return hand_end(h, fault, NULL);
        if (fault && sent->tries + 1 < FILE_TRIES)
            mailbox_sent_tried(h->db, sent->key);
        else
            mailbox_sent_drop(h->db, sent->key);
        enum look_end end = tell_sent(h, fault ? problem : NULL);
        if (end != LOOK_DONE || fault)
            return end;
    }
}
