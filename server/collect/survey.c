#include "collect/survey.h"

#include "base/clock.h"
#include "channel/fetched.h"
#include "desk/ingest/input.h"

#include <inttypes.h>

#define NEWEST 5
#define FOLDERS_MAX 200
#define HEAD_MAX_BYTES (16 * 1024)

struct seen_mail {
    int64_t at;
    const char *head;
    size_t n;
};

struct survey {
    struct hand *h;
    struct arena *a;
    struct list mails;   /* struct seen_mail */
    struct list folders; /* struct imap_folder */
};

static void take_seen(void *arg, struct arena *a, const struct imap_response *r)
{
    struct survey *s = arg;
    struct imap_mail mail;
    if (strcmp(r->name, "FETCH") != 0 || s->mails.n > NEWEST + 1)
        return;
    imap_fetched(r->rest, a, &mail);
    *(struct seen_mail *)list_grow(s->a, &s->mails, sizeof(struct seen_mail)) = (struct seen_mail){
        mail.at, mail.content ? arena_strndup(s->a, mail.content, mail.content_n) : "", mail.content_n};
}

static void take_folder(void *arg, struct arena *a, const struct imap_response *r)
{
    struct survey *s = arg;
    struct imap_folder folder;
    if (strcmp(r->name, "LIST") != 0 || s->folders.n >= FOLDERS_MAX || !imap_listed(r->rest, a, &folder) ||
        folder.closed)
        return;
    folder.name = arena_strdup(s->a, folder.name);
    *(struct imap_folder *)list_grow(s->a, &s->folders, sizeof(folder)) = folder;
}

static enum look_end ask_for(struct survey *s, imap_take *take, const char *text)
{
    struct imap_command c = {.text = text, .max = IMAP_RESPONSE_MAX, .take = take, .arg = s};
    return hand_end(s->h, imap_run(s->h->imap, s->a, &c), NULL);
}

/* The head of a stranger's mail is read where mails are. */
static void put_mail(const struct survey *s, struct buf *out, const struct seen_mail *mail)
{
    struct web_header none = {0};
    struct web_request request = {.method = MAILBOX_METHOD,
                                  .query = "",
                                  .content_type = "message/rfc822",
                                  .headers = &none,
                                  .body = mail->head,
                                  .body_len = mail->n,
                                  .received_at = clock_now()};
    struct inbound_list list = {0};
    struct error err = {0};
    char at[TIME_TEXT_SIZE];
    time_format(mail->at, at);
    bool read = mail->n && input_parse(s->h->desk, s->h->account, &request, s->a, &list, &err) && list.n;
    json_open(out, NULL, '{');
    json_put_text(out, "at", at);
    json_put_text(out, "from", read ? list.items[0].from.value : NULL);
    json_put_text(out, "subject", read ? list.items[0].subject : NULL);
    json_close(out, '}');
}

static void put_time(struct buf *out, const char *key, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    time_format(at, text);
    json_put_text(out, key, at ? text : NULL);
}

static const char *survey_json(const struct survey *s, const struct folder_state *state)
{
    AUTO_BUF struct buf out = {0};
    const struct seen_mail *mails = s->mails.items;
    const struct imap_folder *folders = s->folders.items;
    json_open(&out, NULL, '{');
    json_put_int(&out, "count", state->exists > 0 ? state->exists : 0);
    put_time(&out, "oldest", s->mails.n ? mails[0].at : 0);
    put_time(&out, "newest", s->mails.n ? mails[s->mails.n - 1].at : 0);
    json_open(&out, "mails", '[');
    for (size_t i = s->mails.n; i > 1; i--)
        put_mail(s, &out, &mails[i - 1]);
    json_close(&out, ']');
    json_open(&out, "folders", '[');
    for (size_t i = 0; i < s->folders.n; i++) {
        json_open(&out, NULL, '{');
        json_put_text(&out, "name", folders[i].name);
        json_put_text(&out, "use", folders[i].use);
        json_close(&out, '}');
    }
    json_close(&out, ']');
    return json_done(s->a, &out, '}');
}

/* The first one, then the newest. */
static enum look_end look_at_mails(struct survey *s, int64_t exists)
{
    int64_t from = exists > NEWEST ? exists - NEWEST + 1 : 1;
    if (exists < 1)
        return LOOK_DONE;
    enum look_end end = ask_for(s, take_seen, "FETCH 1 (UID INTERNALDATE)");
    return end != LOOK_DONE
               ? end
               : ask_for(s, take_seen,
                         arena_printf(s->a,
                                      "FETCH %" PRId64 ":%" PRId64
                                      " (UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (DATE FROM SUBJECT)]<0.%d>)",
                                      from, exists, HEAD_MAX_BYTES));
}

static void row_surveyed(struct mailbox *row, void *arg)
{
    (void)arg;
    row->tried_at = clock_now();
    row->problem = NULL;
    row->problem_at = 0;
    row->slowed_until = 0;
    row->tries = 0;
}

enum look_end survey_done(struct hand *h, const char *found)
{
    mailbox_save_found(h->db, h->account->id, found);
    enum look_end end = hand_change(h, row_surveyed, NULL);
    if (end == LOOK_DONE)
        hand_tell(h);
    return end;
}

enum look_end survey_mailbox(struct hand *h)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct survey s = {.h = h, .a = a};
    struct folder_state state = {-1, -1, -1};
    enum look_end listed = ask_for(&s, take_folder, "LIST \"\" \"*\"");
    enum look_end end = listed == LOOK_DONE ? hand_open_folder(h, a, &state) : listed;
    if (end == LOOK_DONE)
        end = look_at_mails(&s, state.exists);
    if (end == LOOK_DONE)
        return survey_done(h, survey_json(&s, &state));
    if (listed == LOOK_DONE) /* without the folder: which there are helps to name the right one */
        mailbox_save_found(h->db, h->account->id, survey_json(&s, &state));
    return end;
}
