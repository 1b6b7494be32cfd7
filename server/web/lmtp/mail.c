#include "web/lmtp/mail.h"

#include "base/clock.h"
#include "web/state/server.h"

struct lmtp_metrics lmtp_metrics;

/* In the arena of its envelope. */
struct mail {
    struct server *server;
    struct mail_owner owner;
    struct envelope envelope;
    struct body counted; /* counts until the end */
    struct http_body body;
    size_t room;
    int64_t received_at;
    struct arrival arrival; /* at one channel */
};

static void mail_end(struct mail *m)
{
    struct envelope e = m->envelope;
    m->owner.done(m->owner.arg, m->owner.serial, &e);
    http_body_free(&m->body);
    body_drop(&m->counted);
    envelope_end(&e); /* m itself is in it */
}

static void set_outcome(struct mail *m, const struct channel_account *account, enum arrival_outcome outcome)
{
    struct recipient *all = m->envelope.recipients.items;
    for (size_t i = 0; i < m->envelope.recipients.n; i++)
        if (all[i].account == account) {
            all[i].answered = true;
            all[i].outcome = outcome;
        }
    lmtp_metrics.taken += outcome == ARRIVAL_TAKEN;
    lmtp_metrics.later += outcome != ARRIVAL_TAKEN;
}

static void hand_on(struct mail *m);

static void handed(struct arrival *r, enum arrival_outcome outcome)
{
    struct mail *m = CONTAINER_OF(r, struct mail, arrival);
    lmtp_metrics.failed += r->problem != NULL;
    arena_free(r->arena);
    set_outcome(m, r->account, outcome);
    hand_on(m);
}

/* The lines of that channel come right before the mail, in the room that was left. */
static void hand_to(struct mail *m, const struct channel_account *account)
{
    AUTO_BUF struct buf lines = {0};
    envelope_lines(&m->envelope, account, &lines);
    char *begin = m->body.data + m->room - lines.len;
    memcpy(begin, lines.data, lines.len);
    m->arrival = (struct arrival){.server = m->server,
                                  .accounts = m->envelope.accounts,
                                  .account = account,
                                  .arena = arena_new(),
                                  .done = handed,
                                  .request = {.method = "LMTP",
                                              .query = "",
                                              .content_type = "message/rfc822",
                                              .body = begin,
                                              .body_len = m->body.len - m->room + lines.len,
                                              .received_at = m->received_at}};
    arrival_begin(&m->arrival);
}

static const struct channel_account *next_account(const struct mail *m)
{
    const struct recipient *all = m->envelope.recipients.items;
    for (size_t i = 0; i < m->envelope.recipients.n; i++)
        if (!all[i].answered)
            return all[i].account;
    return NULL;
}

/* Without its bytes, which the disk did not give back, it is for later. */
static void hand_on(struct mail *m)
{
    const struct channel_account *next;
    while ((next = next_account(m)) && !m->body.data)
        set_outcome(m, next, ARRIVAL_LATER);
    if (next)
        hand_to(m, next);
    else
        mail_end(m);
}

void mail_begin(struct server *s, const struct mail_owner *owner, struct envelope *e, struct body *body, size_t room)
{
    struct mail *m = arena_alloc(e->arena, sizeof(*m));
    *m = (struct mail){.server = s, .owner = *owner, .envelope = *e, .room = room, .received_at = clock_now()};
    m->body = body_take(body);
    m->counted = *body;
    *e = (struct envelope){0};
    *body = (struct body){.spool = -1};
    hand_on(m);
}
