#include "collect/look.h"

#include "base/clock.h"
#include "base/log.h"
#include "channel/imap.h"
#include "collect/after.h"
#include "collect/take.h"

#include <inttypes.h>

#define WINDOW_FIRST 200 /* UIDs that are asked for at once; UIDs may have large holes … */
#define WINDOW_MOST 16384
#define WINDOW_MAILS 1000 /* … and where there are so many mails in one, the next is smaller */
#define BODY_SLACK (64 * 1024)

struct look {
    struct hand *h;
    int64_t uidnext;
    /* of a window */
    struct arena *a;
    int64_t from, to;
    struct list mails; /* struct found_mail */
};

/* ---- what is there ---- */

static void take_found(void *arg, struct arena *a, const struct imap_response *r)
{
    struct look *l = arg;
    struct imap_mail mail;
    if (strcmp(r->name, "FETCH") != 0)
        return;
    imap_fetched(r->rest, a, &mail);
    if (mail.uid < l->from || mail.uid > l->to) /* somebody else's doing, or the last one, which "*" always gives */
        return;
    if ((int64_t)l->mails.n > l->to - l->from) /* more than there can be */
        return;
    *(struct found_mail *)list_grow(l->a, &l->mails, sizeof(struct found_mail)) =
        (struct found_mail){.uid = mail.uid,
                            .size = mail.size,
                            .at = mail.at,
                            .lay_there = mail.uid < l->h->row->uid_old,
                            .mark = mark_of_found(l->h->desk, &mail)};
}

static int by_uid(const void *x, const void *y)
{
    const struct found_mail *p = x, *q = y;
    return (p->uid > q->uid) - (p->uid < q->uid);
}

static int by_mark(const void *x, const void *y)
{
    return memcmp(x, y, sizeof(struct uuid));
}

/* What comes with a UID that is new is fetched, and its content decides: two mails may have one id, one size and come in one second. */
static bool may_be_known(const struct hand *h, const struct found_mail *mail)
{
    return mail->uid < h->row->uid_old && !uuid_is_none(&mail->mark);
}

/* Those that have been taken in. */
static bool look_up_marks(struct look *l)
{
    struct found_mail *mails = l->mails.items;
    struct list marks = {0};
    for (size_t i = 0; i < l->mails.n; i++)
        if (may_be_known(l->h, &mails[i]))
            *(struct uuid *)list_grow(l->a, &marks, sizeof(struct uuid)) = mails[i].mark;
    struct list known = mailbox_known(l->h->db, l->a, l->h->account->id, marks.items, marks.n);
    if (known.n)
        qsort(known.items, known.n, sizeof(struct uuid), by_mark);
    for (size_t i = 0; i < l->mails.n && known.n; i++)
        mails[i].known = may_be_known(l->h, &mails[i]) &&
                         bsearch(&mails[i].mark, known.items, known.n, sizeof(struct uuid), by_mark) != NULL;
    return db_failure(l->h->db) == DB_FINE;
}

static enum look_end find_mails(struct look *l)
{
    struct hand *h = l->h;
    const char *gmail = imap_can(h->imap, IMAP_GMAIL) ? " X-GM-MSGID" : "";
    struct imap_command c = {
        .text = arena_printf(l->a,
                             "UID FETCH %" PRId64 ":%" PRId64
                             " (UID RFC822.SIZE INTERNALDATE%s BODY.PEEK[HEADER.FIELDS (MESSAGE-ID RECEIVED)])",
                             l->from, l->to, gmail),
        .max = IMAP_RESPONSE_MAX,
        .take = take_found,
        .arg = l};
    l->mails = (struct list){0};
    enum look_end end = hand_end(h, imap_run(h->imap, l->a, &c), NULL);
    if (end != LOOK_DONE)
        return end;
    if (l->mails.n)
        qsort(l->mails.items, l->mails.n, sizeof(struct found_mail), by_uid);
    return look_up_marks(l) ? LOOK_DONE : LOOK_LATER;
}

/* ---- one mail ---- */

struct content {
    int64_t uid;
    struct arena *a;
    const char *data; /* in the arena; NULL: it did not come */
    size_t n;
};

static void take_content(void *arg, struct arena *a, const struct imap_response *r)
{
    struct content *content = arg;
    struct imap_mail mail;
    if (strcmp(r->name, "FETCH") != 0)
        return;
    imap_fetched(r->rest, a, &mail);
    if (mail.uid != content->uid || !mail.content || content->data)
        return;
    content->data = arena_strndup(content->a, mail.content, mail.content_n);
    content->n = mail.content_n;
}

static enum box_fault fetch_content(struct look *l, struct arena *a, const char *section, size_t max,
                                    struct content *ret)
{
    struct imap_command c = {
        .text = arena_printf(a, "UID FETCH %" PRId64 " (UID BODY.PEEK[%s]<0.%zu>)", ret->uid, section, max),
        .max = max + BODY_SLACK,
        .take = take_content,
        .arg = ret};
    return imap_run(l->h->imap, a, &c);
}

static enum look_end take_none(struct look *l, struct arena *a, const struct found_mail *mail)
{
    struct found_mail refused = *mail;
    refused.words = imap_words(l->h->imap, a);
    return take_mail(l->h, a, &refused, NULL, 0, false);
}

/* It cannot be had. Some times it is tried again, and then it holds up the others no longer. */
static enum look_end leave_stuck(struct look *l, struct arena *a, const struct found_mail *mail, enum box_fault fault)
{
    struct hand *h = l->h;
    const struct mailbox *row = h->row;
    int64_t tries = row->stuck_uid == mail->uid ? row->stuck_tries : 0;
    if (fault == BOX_REFUSED && tries + 1 >= STUCK_TRIES)
        return take_none(l, a, mail);
    enum look_end end = hand_stuck(h, mail->uid);
    return end == LOOK_DONE ? hand_end(h, fault, NULL) : end;
}

/* Of a mail with which the connection has ended each time: it is not asked for again. */
static bool is_given_up(const struct hand *h, const struct found_mail *mail)
{
    return h->row->stuck_uid == mail->uid && h->row->stuck_tries >= STUCK_TRIES;
}

/* *ret_whole: all of it is here. */
static enum look_end fetch_mail(struct look *l, const struct found_mail *mail, bool *ret_whole)
{
    AUTO_ARENA struct arena *a = arena_new();
    bool large = mail->size > MAIL_BODY_MAX;
    struct content content = {.uid = mail->uid, .a = a};
    if (is_given_up(l->h, mail))
        return take_none(l, a, mail);
    enum box_fault fault = large ? fetch_content(l, a, "HEADER", HEAD_MAX, &content)
                                 : fetch_content(l, a, "", MAIL_BODY_MAX + 1, &content);
    if (fault == BOX_GIVEN_UP)
        return LOOK_OVERTAKEN;
    if (fault)
        return leave_stuck(l, a, mail, fault);
    if (!content.data) /* somebody has removed it meanwhile */
        return LOOK_DONE;
    if (content.n > MAIL_BODY_MAX) { /* its size was not the truth */
        content.n = head_length(content.data, HEAD_MAX);
        large = true;
    }
    *ret_whole = !large;
    return take_mail(l->h, a, mail, content.data, content.n, large);
}

/* INTERNALDATE knows no parts of a second. */
static bool is_too_old(const struct hand *h, const struct found_mail *mail)
{
    return mail->lay_there && mail->at && mail->at + SECOND_MS <= h->row->since_at;
}

/* What is not here as a whole stays in the mailbox as it is: there is no other copy. */
static enum look_end take_found_mail(struct look *l, const struct found_mail *mail)
{
    bool whole = mail->known;
    enum look_end end = mail->known ? LOOK_DONE : fetch_mail(l, mail, &whole);
    return end == LOOK_DONE && whole ? after_taken(l->h, l->a, mail->uid) : end;
}

/* ---- all of them ---- */

static void move_row_on(struct mailbox *row, void *arg)
{
    const int64_t *uid = arg;
    row->uid = *uid;
    row->stuck_tries = 0;
}

static enum look_end take_window(struct look *l)
{
    const struct found_mail *mails;
    enum look_end end = find_mails(l);
    mails = l->mails.items;
    for (size_t i = 0; i < l->mails.n && end == LOOK_DONE; i++)
        if (!is_too_old(l->h, &mails[i]))
            end = take_found_mail(l, &mails[i]);
    return end == LOOK_DONE ? hand_change(l->h, move_row_on, &l->to) : end;
}

static int64_t next_window(int64_t size, size_t n)
{
    if (n > WINDOW_MAILS)
        return size / 2;
    return (int64_t)n < size / 4 && size < WINDOW_MOST ? size * 2 : size;
}

static enum look_end take_windows(struct look *l)
{
    enum look_end end = LOOK_DONE;
    int64_t size = WINDOW_FIRST;
    for (int64_t from = l->h->row->uid + 1; from < l->uidnext && end == LOOK_DONE; from = l->to + 1) {
        AUTO_ARENA struct arena *a = arena_new();
        l->a = a;
        l->from = from;
        l->to = from + size - 1 < l->uidnext ? from + size - 1 : l->uidnext - 1;
        end = take_window(l);
        size = next_window(size, l->mails.n);
    }
    return end;
}

struct beginning {
    const char *folder;
    const struct folder_state *state;
};

static void begin_row(struct mailbox *row, void *arg)
{
    const struct beginning *b = arg;
    row->folder = b->folder;
    row->uidvalidity = b->state->uidvalidity;
    row->uid = 0;
    row->uid_old = b->state->uidnext;
}

/* What the table says is of another folder, or of one that was made anew: all that lies there now lay there before. */
static enum look_end begin_folder(struct hand *h, const struct folder_state *state)
{
    struct beginning b = {channel_setting(h->account, "folder"), state};
    if (h->row->uidvalidity == state->uidvalidity && strcmp(h->row->folder, b.folder) == 0)
        return LOOK_DONE;
    if (h->row->uidvalidity)
        log_warning("mailbox begins anew channel=%s folder=%s", log_quoted(h->account->name), log_quoted(b.folder));
    return hand_change(h, begin_row, &b);
}

enum look_end look_at_mailbox(struct hand *h)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct folder_state state;
    enum look_end end = hand_open_folder(h, a, &state);
    if (end == LOOK_DONE)
        end = begin_folder(h, &state);
    struct look l = {.h = h, .uidnext = state.uidnext};
    if (end == LOOK_DONE)
        end = take_windows(&l);
    return end == LOOK_DONE ? hand_looked(h) : end;
}
