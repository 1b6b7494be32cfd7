#include "collect/take.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "channel/fetched.h"
#include "desk/ingest/ingest.h"
#include "desk/ingest/input.h"

#include <inttypes.h>

/* A mail that comes into the folder later and is so much older than the beginning was moved there by somebody: it is history. A clock
 * that is wrong by less makes no mail one. */
#define MOVED_IN_MS DAY_MS
#define MARKS_MAX 2

struct taking {
    struct hand *h;
    struct arena *a;
    const struct found_mail *mail;
    struct uuid marks[MARKS_MAX];
    size_t n_marks;
    bool overtaken;
};

/* ---- marks ---- */

static struct uuid mark_of(const struct desk *desk, const struct buf *text)
{
    char hex[89];
    struct uuid mark;
    crypto_hmac_text(HMAC_SHA256, ENCODE_HEX, (const char *)desk->secret_key, SECRET_KEY_SIZE, text->data, text->len,
                     hex);
    hex[2 * sizeof(mark)] = '\0';
    crypto_unhex(hex, (uint8_t *)&mark, sizeof(mark));
    return mark;
}

struct uuid mark_of_found(const struct desk *desk, const struct imap_mail *mail)
{
    AUTO_BUF struct buf text = {0};
    size_t n = mail->content_n;
    while (n && strchr(" \r\n", mail->content[n - 1]))
        n--;
    if (!mail->gmail && n == 0)
        return (struct uuid){{0}};
    if (mail->gmail)
        buf_printf(&text, "mailbox_mark:gmail:%s", mail->gmail);
    else
        buf_printf(&text, "mailbox_mark:mail:%" PRId64 ":%" PRId64 ":%.*s", mail->size, mail->at, (int)n,
                   mail->content);
    return mark_of(desk, &text);
}

struct uuid mark_of_graph(const struct desk *desk, const char *id)
{
    AUTO_BUF struct buf text = {0};
    buf_printf(&text, "mailbox_mark:graph:%s", id);
    return mark_of(desk, &text);
}

static struct uuid mark_of_content(const struct desk *desk, const char *raw, size_t n)
{
    AUTO_BUF struct buf text = {0};
    uint8_t digest[SHA256_SIZE];
    crypto_sha256(raw, n, digest);
    buf_puts(&text, "mailbox_mark:content:");
    buf_add(&text, (const char *)digest, sizeof(digest));
    return mark_of(desk, &text);
}

static void add_mail_marks(struct taking *t, const char *raw, size_t n)
{
    if (!raw && t->mail->uid) /* it may be asked for again */
        return;
    if (!uuid_is_none(&t->mail->mark))
        t->marks[t->n_marks++] = t->mail->mark;
    if (raw)
        t->marks[t->n_marks++] = mark_of_content(t->h->desk, raw, n);
}

/* ---- what is too large ---- */

size_t head_length(const char *raw, size_t n)
{
    for (const char *p = raw, *end = raw + n; (p = memchr(p, '\n', (size_t)(end - p))); p++) {
        const char *next = p + 1 < end && p[1] == '\r' ? p + 2 : p + 1;
        if (next < end && *next == '\n')
            return (size_t)(next + 1 - raw);
    }
    return n;
}

/* ---- the transaction ---- */

static bool settle_mail(struct db *db, void *arg)
{
    struct taking *t = arg;
    struct mailbox *row = mailbox_hold(db, t->a, t->h->due), *kept = t->h->row;
    t->overtaken = !row && db_failure(db) == DB_FINE;
    if (!row)
        return false;
    mailbox_mark(db, t->a, row->channel, t->marks, t->n_marks);
    if (t->mail->uid)
        row->uid = kept->uid = t->mail->uid;
    row->stuck_tries = kept->stuck_tries = 0;
    row->in_at = kept->in_at = clock_now();
    mailbox_save(db, t->a, row);
    return db_failure(db) == DB_FINE;
}

/* ---- the mail ---- */

static const struct raw_input *raw_of(struct arena *a, const struct web_request *r)
{
    AUTO_BUF struct buf headers = {0};
    struct raw_input *raw = arena_alloc(a, sizeof(*raw));
    json_open(&headers, NULL, '{');
    json_put_text(&headers, "content-type", r->content_type);
    for (size_t i = 0; i < r->n_headers; i++)
        json_put_text(&headers, r->headers[i].name, r->headers[i].value);
    *raw = (struct raw_input){.method = r->method,
                              .query = r->query,
                              .headers = json_done(a, &headers, '}'),
                              .body = r->body,
                              .body_len = r->body_len};
    return raw;
}

static bool is_history(const struct hand *h, const struct found_mail *mail)
{
    int64_t doubt = mail->lay_there ? 0 : MOVED_IN_MS;
    return mail->at && mail->at < h->row->started_at - doubt;
}

static void tell_taken(struct taking *t, const struct intake *in, struct changes *changes)
{
    const struct hand *h = t->h;
    if (in->list.problem)
        log_warning("mail not understood channel=%s uid=%" PRId64 " reason=%s", log_quoted(h->account->name),
                    t->mail->uid, log_quoted(said_english(t->a, in->list.problem)));
    if (changes->n)
        h->publish(h->context, changes);
}

static enum look_end write_taken(struct taking *t, const struct web_request *request, struct intake *in)
{
    struct hand *h = t->h;
    struct changes changes = {0};
    struct error err = {0};
    in->raw = raw_of(t->a, request);
    in->journal_id = uuid_v7(request->received_at);
    in->history = is_history(h, t->mail);
    if (!intake_store_files(h->desk, t->a, in, &err))
        return LOOK_LATER;
    bool done = ingest_kept(h->desk, h->db, t->a, in, settle_mail, t, &changes, &err);
    if (done)
        tell_taken(t, in, &changes);
    changes_clear(&changes);
    return done ? LOOK_DONE : t->overtaken ? LOOK_OVERTAKEN : LOOK_LATER;
}

/* The same bytes came before, under another UID. Of a mail that could not be had nothing is known. */
static bool was_in_before(struct taking *t)
{
    const struct uuid *content = t->n_marks ? &t->marks[t->n_marks - 1] : NULL;
    return content && mailbox_known(t->h->db, t->a, t->h->account->id, content, 1).n > 0;
}

enum look_end take_mail(struct hand *h, struct arena *a, const struct found_mail *mail, const char *raw, size_t n,
                        bool head_only)
{
    struct taking t = {.h = h, .a = a, .mail = mail};
    struct web_header headers[] = {{.name = FETCHED_ARRIVED, .value = arena_printf(a, "%" PRId64, mail->at)},
                                   {.name = FETCHED_HEAD_OF, .value = arena_printf(a, "%" PRId64, mail->size)}};
    struct web_request request = {.method = MAILBOX_METHOD,
                                  .query = "",
                                  .content_type = "message/rfc822",
                                  .headers = headers,
                                  .n_headers = head_only ? 2 : 1,
                                  .body = raw ? raw : "",
                                  .body_len = raw ? n : 0,
                                  .received_at = clock_now()};
    struct intake in = intake_by(h->account, request.received_at, cause_by(CAUSE_CHANNEL, h->account->id));
    struct error err = {0};
    add_mail_marks(&t, raw, n);
    if (was_in_before(&t))
        return db_failure(h->db) == DB_FINE && db_transact(h->db, settle_mail, &t, NULL) ? LOOK_DONE
               : t.overtaken                                                             ? LOOK_OVERTAKEN
                                                                                         : LOOK_LATER;
    if (db_failure(h->db) != DB_FINE)
        return LOOK_LATER;
    if (!raw)
        in.list.problem = said(a, mail_unfetched, mail->words ? mail->words : "…");
    else if (!input_parse(h->desk, h->account, &request, a, &in.list, &err))
        return LOOK_LATER;
    return write_taken(&t, &request, &in);
}
