#include "collect/hand.h"

#include "base/clock.h"
#include "channel/imap.h"

static const char *fault_said(const struct hand *h, enum box_fault fault, const char *folder)
{
    struct arena *a = h->a;
    const char *known = imap_said(h->imap, a), *words = imap_words(h->imap, a);
    switch (fault) {
    case BOX_UNREACHABLE:
        return known ? known : said(a, mailbox_unreachable, words);
    case BOX_NO_ENTRY:
        return said(a, mailbox_login, words);
    case BOX_REFUSED:
        return folder ? said(a, mailbox_folder, folder, words) : said(a, mailbox_refused, words);
    default:
        return known ? known : said(a, mailbox_broken, words);
    }
}

enum look_end hand_end(struct hand *h, enum box_fault fault, const char *folder)
{
    if (fault == BOX_FINE)
        return LOOK_DONE;
    if (fault == BOX_GIVEN_UP)
        return LOOK_OVERTAKEN;
    h->fault = fault;
    h->fault_said = fault_said(h, fault, folder);
    return LOOK_FAULT;
}

struct row_change {
    struct hand *h;
    mailbox_change *change;
    void *arg;
    bool lost;
};

static bool change_row(struct db *db, void *arg)
{
    struct row_change *c = arg;
    struct mailbox *row = mailbox_hold(db, c->h->a, c->h->due);
    c->lost = !row && db_failure(db) == DB_FINE;
    if (!row)
        return false;
    c->change(row, c->arg);
    mailbox_save(db, c->h->a, row);
    c->h->row = row;
    return db_failure(db) == DB_FINE;
}

enum look_end hand_change(struct hand *h, mailbox_change *change, void *arg)
{
    struct row_change c = {h, change, arg, false};
    if (db_transact(h->db, change_row, &c, NULL))
        return LOOK_DONE;
    return c.lost ? LOOK_OVERTAKEN : LOOK_LATER;
}

static void row_looked(struct mailbox *row, void *arg)
{
    (void)arg;
    row->looked_at = clock_now();
    row->problem = NULL;
    row->problem_at = 0;
    row->slowed_until = 0;
    row->tries = 0;
}

enum look_end hand_looked(struct hand *h)
{
    bool changed = h->row->problem || h->row->slowed_until || !h->row->looked_at;
    enum look_end end = hand_change(h, row_looked, NULL);
    if (end == LOOK_DONE && changed)
        hand_tell(h);
    return end;
}

static void count_stuck(struct mailbox *row, void *arg)
{
    const int64_t *mail = arg;
    row->stuck_tries = row->stuck_uid == *mail ? row->stuck_tries + 1 : 1;
    row->stuck_uid = *mail;
}

enum look_end hand_stuck(struct hand *h, int64_t mail)
{
    return hand_change(h, count_stuck, &mail);
}

static void take_folder_state(void *arg, struct arena *a, const struct imap_response *r)
{
    struct folder_state *state = arg;
    int64_t validity = imap_code_number(r, "UIDVALIDITY"), next = imap_code_number(r, "UIDNEXT");
    (void)a;
    if (validity > 0)
        state->uidvalidity = validity;
    if (next > 0 && next <= UINT32_MAX)
        state->uidnext = next;
    if (strcmp(r->name, "EXISTS") == 0)
        state->exists = r->number;
}

static void take_last_uid(void *arg, struct arena *a, const struct imap_response *r)
{
    struct folder_state *state = arg;
    struct imap_mail mail;
    if (strcmp(r->name, "FETCH") != 0)
        return;
    imap_fetched(r->rest, a, &mail);
    if (mail.uid >= state->uidnext)
        state->uidnext = mail.uid + 1;
}

enum look_end hand_open_folder(struct hand *h, struct arena *a, struct folder_state *ret)
{
    const char *folder = channel_setting(h->account, "folder");
    const char *name = imap_name_out(a, folder), *quoted = name ? imap_quoted(a, name) : NULL;
    const char *verb = imap_after_of(h->account) == IMAP_AFTER_NOTHING ? "EXAMINE" : "SELECT";
    *ret = (struct folder_state){-1, -1, -1};
    struct imap_command open = {.text = arena_printf(a, "%s %s", verb, quoted ? quoted : "\"\""),
                                .max = IMAP_RESPONSE_MAX,
                                .take = take_folder_state,
                                .arg = ret};
    enum box_fault fault = imap_run(h->imap, a, &open);
    struct imap_command last = {.text = "FETCH * (UID)", .max = IMAP_RESPONSE_MAX, .take = take_last_uid, .arg = ret};
    if (!fault && ret->uidnext < 0) { /* RFC 3501 lets a server be silent about it */
        ret->uidnext = 1;
        fault = ret->exists > 0 ? imap_run(h->imap, a, &last) : BOX_FINE;
    }
    return hand_end(h, fault, folder);
}

void hand_tell(const struct hand *h)
{
    struct changes changes = {0};
    changes_add(&changes, (struct change){.kind = CHANGE_CHANNELS});
    h->publish(h->context, &changes);
    changes_clear(&changes);
}
